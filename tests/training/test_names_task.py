"""Names, read one at a time and predicted from their second letter on."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from rnnlab.network.sampling import MAX_NAME_LETTERS, finish_name
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.engines.torch_engine.modules import make_module
from rnnlab.training.loop import Controls, train
from rnnlab.training.networks import make_model
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from rnnlab.training.tasks.names import AT_THE_END, name_batch
from rnnlab.training.tasks.scores import Trigrams, letter_shares, name_losses

ITEMS = ("anna", "bob", "a", "carlotta", "dan", "eve", "fay", "gus", "hal", "ida")
CORPUS = Corpus("few", "Few", joined(ITEMS), ITEMS, "made up", "CC0")
CONFIG = RunConfig(
    task="names",
    corpus="few",
    train_share=0.6,
    validation_share=0.2,
    batching="items",
    cell="gru",
    hidden_size=6,
    batch_size=1,
    budget=2,
    budget_unit="epochs",
    evaluation="each-epoch",
    threads=1,
)


def test_the_first_letter_is_never_predicted_and_the_end_always() -> None:
    vocabulary = make_task(CONFIG, CORPUS).vocabulary
    batch = name_batch(["anna", "a"], vocabulary)
    assert vocabulary.decode(batch.inputs[0]) == "anna"
    assert vocabulary.decode(batch.targets[0]) == "nna."
    assert vocabulary.decode(batch.inputs[1]) == "a..."
    assert batch.mask is not None
    assert batch.mask.tolist() == [[True] * 4, [True, False, False, False]]
    assert vocabulary.decode(batch.targets[1][batch.mask[1]]) == "."


def test_a_batch_of_one_name_is_that_name_and_an_epoch_each_name_once() -> None:
    task = make_task(CONFIG, CORPUS)
    assert task.batcher.updates_per_epoch == 6
    batches = [task.batcher.batch(step) for step in range(6)]
    read = [task.vocabulary.decode(batch.inputs[0]) for batch in batches]
    assert sorted(read) == sorted(task.split.training.items or ())
    assert all(batch.mask is None and not batch.carry for batch in batches)
    assert task.batcher.characters_per_update == sum(map(len, read)) / 6


def test_split_of_the_published_list_is_the_published_one(library: CorpusLibrary) -> None:
    config = CONFIG.replace(corpus="dinos", train_share=0.9506, validation_share=0.0196)
    tasks = [make_task(config.replace(seed=seed), library.load("dinos")) for seed in (1, 2)]
    for task in tasks:
        parts = (task.split.training, task.split.test, task.split.validation)
        assert [len(part.items or ()) for part in parts] == [1460, 46, 30]
        assert "".join(task.vocabulary.symbols) == ".abcdefghijklmnopqrstuvwxyz"
    assert tasks[0].split.test.items != tasks[1].split.test.items


@pytest.mark.parametrize("model", ["rnn", "scratch", "scratch-tanh"])
def test_losses_by_letter_and_by_name_are_torchs(model: str) -> None:
    task = make_task(CONFIG.replace(model=model), CORPUS)
    params = first_params(task)
    network = make_model(task.architecture, params)
    losses = []
    for name in task.split.training.items or ():
        batch = name_batch([name], task.vocabulary)
        logits = torch.from_numpy(network.forward(batch.inputs).logits[0])
        losses.append(F.cross_entropy(logits, torch.from_numpy(batch.targets[0]), reduction="none"))
    found = name_losses(network, task.evaluation_batches(task.split.training))
    assert found.per_letter == pytest.approx(float(torch.cat(losses).mean()), rel=1e-6)
    assert found.per_name == pytest.approx(float(torch.stack([x.mean() for x in losses]).mean()))
    engine = make_engine(task.config, task.architecture, params)
    evaluated = engine.evaluate(task.evaluation_batches(task.split.training))
    assert evaluated.loss == pytest.approx(found.per_letter, rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_names_are_learned_by_heart(batch_size: int) -> None:
    config = CONFIG.replace(
        train_share=1.0,
        validation_share=0.0,
        batch_size=batch_size,
        hidden_size=24,
        learning_rate=0.02,
        budget=60,
    )
    task = make_task(config, CORPUS)
    engine = make_engine(config, task.architecture, first_params(task))
    last = list(train(task, engine, config, Controls(), Stopwatch()))[-1]
    assert last.epoch_loss is not None
    assert last.epoch_loss < 0.3
    assert last.val_loss is None
    assert last.sample is not None
    written = (last.sample.prime + last.sample.text).split("\n")
    assert len(written) == 8
    assert set(written) <= set(ITEMS)
    # at least half: each of 200 draws is nearly always one of the ten names it knows
    assert task.results(engine.params())["share_new"] < 50


def test_results_measure_what_the_lab_shows() -> None:
    task = make_task(CONFIG, CORPUS)
    results = task.results(first_params(task))
    again = task.results(first_params(task))
    assert results == again
    for part in ("train", "val", "test"):
        for kind in ("letter", "name"):
            assert math.isfinite(results[f"{part}_loss_per_{kind}"])
    assert 0 <= results["share_new"] <= 100
    assert 100 / AT_THE_END <= results["share_distinct"] <= 100
    assert all(len(name) >= 1 for name in results["names"])


def test_shares_count_what_is_new_and_what_is_distinct() -> None:
    found = letter_shares(["bob", "tim", "tim", "ann"], known=["bob"])
    assert found == {"share_new": 75.0, "share_distinct": 75.0}


def test_a_name_is_finished_by_its_end_and_never_without_one() -> None:
    """A network whose every logit but one is very low writes that symbol."""
    task = make_task(CONFIG, CORPUS)
    params = {name: 0 * p for name, p in first_params(task).items()}
    end = int(task.vocabulary.encode(".")[0])
    bias = params["decoder.bias"]
    network, rng = make_model(task.architecture, params), np.random.default_rng(1)
    start = task.vocabulary.encode("a")
    bias[end] = 50
    assert finish_name(network, start, end, rng) == []
    bias[end] = -50
    assert len(finish_name(network, start, end, rng)) == MAX_NAME_LETTERS
    bias[:] = np.nan
    with pytest.raises(DivergedModelError):
        finish_name(network, start, end, rng)


def test_letters_are_drawn_as_often_as_they_are_likely() -> None:
    task = make_task(CONFIG, CORPUS)
    params = {name: 0 * p for name, p in first_params(task).items()}
    end, likely = (int(k) for k in task.vocabulary.encode(".b"))
    params["decoder.bias"][:] = -50
    params["decoder.bias"][[end, likely]] = 0, math.log(3)
    network, rng = make_model(task.architecture, params), np.random.default_rng(1)
    lengths = [len(finish_name(network, [likely], end, rng)) for _ in range(2000)]
    # geometric with p = 1/4: mean 3, standard error 0.08; five of them: a false alarm in a million
    assert np.mean(lengths) == pytest.approx(3, abs=0.4)


def test_trigrams_are_a_probability_and_know_their_names() -> None:
    judge = Trigrams(ITEMS)
    letters = sorted(set("".join(ITEMS) + "."))
    for context in ("an", "zz", " a", "  "):
        assert sum(judge.probability(context, letter) for letter in letters) == pytest.approx(1)
    # after "an" stood n, once, and the end, of "dan" : two letters of two kinds
    shorter = judge.probability("n", "n")
    assert judge.probability("an", "n") == pytest.approx((1 + 2 * shorter) / 4)
    assert judge.loss(ITEMS) < judge.loss(["xaqzq", "zzz"])


@pytest.mark.parametrize("model", ["rnn", "scratch"])
def test_dropout_on_the_outputs_zeroes_outputs_of_training_only(model: str) -> None:
    config = CONFIG.replace(model=model, dropout=0.25, dropout_place="logits")
    task = make_task(config, CORPUS)
    module = make_module(task.architecture, config)
    module.load_state_dict({n: torch.from_numpy(p) for n, p in first_params(task).items()})
    ids = torch.from_numpy(np.random.default_rng(1).integers(19, size=(50, 40)))
    torch.manual_seed(1)
    with torch.no_grad():
        dropped, whole = module(ids, None)[0], module.eval()(ids, None)[0]
    kept = dropped != 0
    # 38,000 outputs: the standard error is 0.0022
    assert float(kept.float().mean()) == pytest.approx(0.75, abs=0.012)
    torch.testing.assert_close(dropped[kept], whole[kept] / 0.75)
    assert (whole != 0).all()


def test_what_does_not_fit_is_refused_with_a_sentence() -> None:
    text = Corpus("prose", "Prose", "to be or not", None, "made up", "CC0")
    with pytest.raises(CorpusError, match="needs a list with one name a line"):
        make_task(CONFIG, text)
    dotted = ("st. ives", *ITEMS)
    with pytest.raises(CorpusError, match=r"hold the sign '\.'"):
        make_task(CONFIG, Corpus("dots", "Dots", joined(dotted), dotted, "made up", "CC0"))
    with pytest.raises(CorpusError, match="6 names, but a batch needs 7"):
        make_task(CONFIG.replace(batch_size=7), CORPUS)
    with pytest.raises(ConfigError, match="dropout on hidden values only"):
        CONFIG.replace(engine="numpy", dropout=0.1, dropout_place="logits")
