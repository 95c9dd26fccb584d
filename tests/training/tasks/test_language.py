"""Names to languages, and languages to names."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rnnlab.network.losses import cross_entropy, softmax
from rnnlab.text.corpora.corpus import Corpus, joined
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.loop import Controls, train
from rnnlab.training.networks import make_model
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from rnnlab.training.tasks.language import LanguageTask, class_weights, readable
from rnnlab.training.tasks.surname import Surname, language_sign, write_surname


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """300 names of 2 languages that differ in their vowels, four times as many of the first; every
    tenth stands in both."""
    rng = np.random.default_rng(1)

    def names(vowels: str, number: int) -> set[str]:
        syllables = ["".join(p) for p in itertools.product("ktsmnr", vowels)]
        return {
            "".join(syllables[k] for k in rng.integers(len(syllables), size=4)).capitalize()
            for _ in range(number)
        }

    pairs = [(n, "Front") for n in sorted(names("ei", 240))]
    pairs += [(n, "Back") for n in sorted(names("ou", 60))]
    pairs += [(n, "Back") for n, _ in pairs[:240:10]] + pairs[:5]
    items = tuple(name for name, _ in pairs)
    labels = tuple(label for _, label in pairs)
    return Corpus("two", "Two languages", joined(items), items, "made up", "CC0", labels=labels)


CONFIG = RunConfig(
    task="language",
    corpus="two",
    train_share=0.6,
    validation_share=0.1,
    drop_duplicates=True,
    batching="items",
    hidden_size=12,
    batch_size=16,
    learning_rate=0.02,
    budget=15,
    budget_unit="epochs",
    threads=1,
)


def trained(config: RunConfig, corpus: Corpus) -> tuple[object, dict[str, np.ndarray]]:
    task = make_task(config, corpus)
    engine = make_engine(config, task.architecture, first_params(task))
    for _ in train(task, engine, config, Controls(), Stopwatch()):
        pass
    return task, engine.params()


def test_only_the_last_real_letter_has_a_target(corpus: Corpus) -> None:
    task = LanguageTask(CONFIG, corpus)
    batch = task.batcher.batch(3)
    lengths = (batch.inputs != 0).sum(axis=1)
    assert batch.counted == len(batch.inputs) == 16
    np.testing.assert_array_equal(np.nonzero(batch.mask), (np.arange(16), lengths - 1))
    pairs = set(zip(task.split.training.items, task.split.training.labels, strict=True))
    for row, length in enumerate(lengths):
        name = task.vocabulary.decode(batch.inputs[row, :length])
        assert (name, task.labels[batch.targets[row, 0]]) in pairs


@pytest.mark.parametrize(
    "changes",
    [
        {"cell": "gru"},
        {"bidirectional": True, "embedding_size": 4},
        {"model": "window", "window": 4},
        {"members": 2, "cell": "gru", "bidirectional": True},
    ],
    ids=["one way", "both ways", "window", "votes"],
)
def test_what_was_learned_is_measured_in_numpy_as_torch_measures_it(
    corpus: Corpus, changes: dict[str, object]
) -> None:
    config = CONFIG.replace(**changes)
    task = make_task(config, corpus)
    engine = make_engine(config, task.architecture, first_params(task))
    last = list(train(task, engine, config, Controls(), Stopwatch()))[-1]
    results = task.results(engine.params())
    assert results["accuracy"] == pytest.approx(100 * last.test_accuracy)
    assert results["accuracy"] > results["always_accuracy"] + 5
    confusion = np.array(results["confusion"])
    assert confusion.sum() == len(task.split.test.items)
    assert results["always_accuracy"] == pytest.approx(100 * confusion[1].sum() / confusion.sum())
    assert results["commonest"] == "Front"
    assert results["bayes_accuracy"] > 80


def test_the_classic_network_learns_language_first_and_without_accents(corpus: Corpus) -> None:
    config = CONFIG.replace(
        model="scratch-linear", batching="balanced", batch_size=1, learning_rate=0.05,
        optimizer="sgd", clipping="none", budget=2,
    )  # fmt: skip
    task, params = trained(config, corpus)
    assert len(task.vocabulary) == 57
    assert task.batcher.updates_per_epoch == 1000
    drawn = [task.batcher.batch(step).targets[0, 0] for step in range(400)]
    # Binomial(400, 1/2) lies within 200 ± 50 but for less than one in a million.
    assert 150 < sum(drawn) < 250
    assert task.results(params)["accuracy"] > 70
    assert readable("Żak-Müller", task.vocabulary) == "ZakMuller"
    assert readable("–", task.vocabulary) == " "


def test_a_sample_says_whether_its_guess_is_right(corpus: Corpus) -> None:
    task, params = trained(CONFIG, corpus)
    held_out = dict(zip(task.split.validation.items, task.split.validation.labels, strict=True))
    seen = set()
    for step in range(12):
        sample = task.write_sample(params, step)
        guess = task.labels[task.class_probabilities(params, [sample.prime])[0].argmax()]
        assert sample.prime in held_out
        assert guess in sample.text
        seen.add("✓" in sample.text)
        assert ("✓" in sample.text) != ("✗" in sample.text)
    assert True in seen


def test_rare_classes_count_more_and_the_mean_weight_stays_one() -> None:
    labels = np.array([0] * 8 + [1] * 2)
    np.testing.assert_allclose(class_weights(labels, 2, 1.0), [0.625, 2.5])
    assert class_weights(labels, 2, 0.5)[labels].mean() == pytest.approx(1)
    np.testing.assert_array_equal(class_weights(labels, 2, 0.0), [1, 1])


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_weighted_losses_have_the_gradient_of_torch(corpus: Corpus, engine: str) -> None:
    import torch

    config = CONFIG.replace(class_weights=1.0, engine=engine, optimizer="sgd", clipping="none")
    task = LanguageTask(config, corpus)
    batch = task.batcher.batch(0)
    assert batch.weights is not None
    params = {n: p.astype(np.float64) for n, p in first_params(task).items()}
    logits = make_model(task.architecture, params).forward(batch.inputs).logits
    loss, dlogits = cross_entropy(logits, batch.targets, batch.mask, batch.weights)
    leaf = torch.tensor(logits, requires_grad=True)
    losses = torch.nn.functional.cross_entropy(
        leaf[torch.tensor(batch.mask)], torch.tensor(batch.targets[batch.mask]), reduction="none"
    )
    expected = (losses * torch.tensor(batch.weights[batch.mask])).mean()
    expected.backward()
    assert loss == pytest.approx(expected.item())
    np.testing.assert_allclose(dlogits, leaf.grad.numpy(), atol=1e-12)
    update = make_engine(config, task.architecture, params, "float64").update(batch, 0.1, "none", 1)
    assert update.loss == pytest.approx(loss)


def test_both_engines_learn_the_same_from_weighted_names(corpus: Corpus) -> None:
    learned = []
    for engine in ("numpy", "torch"):
        config = CONFIG.replace(class_weights=0.5, engine=engine)
        task = LanguageTask(config, corpus)
        params = {n: p.astype(np.float64) for n, p in first_params(task).items()}
        made = make_engine(config, task.architecture, params, "float64")
        for step in range(5):
            made.update(task.batcher.batch(step), 0.01, "norm", 1.0)
        learned.append(made.params())
    for name, value in learned[0].items():
        np.testing.assert_allclose(learned[1][name], value, atol=1e-6, err_msg=name)


def test_names_are_read_one_by_one_only(corpus: Corpus) -> None:
    with pytest.raises(ConfigError, match="single items"):
        make_task(CONFIG.replace(batching="streams"), corpus)


def test_a_writer_is_told_the_language_first_and_predicts_every_letter(corpus: Corpus) -> None:
    task = Surname(CONFIG.replace(task="surname"), corpus)
    batch = task.batcher.batch(0)
    pairs = set(zip(task.split.training.items, task.split.training.labels, strict=True))
    for inputs, targets, mask in zip(batch.inputs, batch.targets, batch.mask, strict=True):
        read, said = (task.vocabulary.decode(ids[mask]) for ids in (inputs, targets))
        assert read[1:] == said[:-1]
        assert said.endswith("\n")
        language = task.languages[ord(read[0]) - ord(language_sign(0))]
        assert (said[:-1], language) in pairs


def test_one_network_writes_names_of_both_languages(corpus: Corpus) -> None:
    task, params = trained(CONFIG.replace(task="surname", budget=25), corpus)
    results = task.results(params)
    assert results["recognised"] > 80
    assert set(results["written"]) == {"Back", "Front"}
    assert 0 <= results["new"] <= 100
    sample = task.write_sample(params, 1)
    assert sample.text.startswith("Back: ")
    model = make_model(task.architecture, params)
    name = write_surname(model, task.vocabulary, 0, "Mo", np.random.default_rng(1))
    assert name.startswith("Mo")
    assert "\n" not in name


def test_a_belief_is_the_softmax_at_the_last_letter(corpus: Corpus) -> None:
    task = LanguageTask(CONFIG, corpus)
    params = first_params(task)
    found = task.class_probabilities(params, ["Keti", "Mo"])
    ids: Vocabulary = task.vocabulary
    logits = make_model(task.architecture, params).forward(ids.encode("Mo")[None]).logits
    np.testing.assert_allclose(found[1], softmax(logits[0, -1]), atol=1e-6)
