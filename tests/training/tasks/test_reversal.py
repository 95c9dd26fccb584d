"""Writing backwards: what a row holds, who is held out, and what teacher forcing changes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.formal_languages import generated_corpus
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.engines.torch_engine.modules import EncoderDecoderModule, make_module
from rnnlab.training.evaluation import evaluate
from rnnlab.training.networks import make_model
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from rnnlab.training.tasks.reversal import Reversal, on_its_own, reversal_batch, split_by_hash


@pytest.fixture(scope="module")
def strings() -> Corpus:
    """Random strings of four to eight letters."""
    return generated_corpus("random-strings")


@pytest.fixture
def config(small: RunConfig) -> RunConfig:
    """A small GRU that learns to write backwards."""
    return small.replace(
        task="reversal", corpus="random-strings", cell="gru", embedding_size=0, hidden_size=16
    )


def read(task: Reversal, ids: np.ndarray) -> str:
    """The symbols of ids."""
    return task.vocabulary.decode(ids)


def test_a_row_is_source_separator_and_answer(config: RunConfig, strings: Corpus) -> None:
    task = make_task(config, strings)
    batch = reversal_batch(task.vocabulary.encode("abcd")[None], task.vocabulary)
    assert read(task, batch.inputs[0]) == "abcd→dcba"
    assert read(task, batch.targets[0][batch.mask[0]]) == "dcba\n"
    assert batch.mask[0].tolist() == [False] * 4 + [True] * 5


def test_an_epoch_shows_every_item_once_and_a_batch_has_one_length(
    config: RunConfig, strings: Corpus
) -> None:
    task = make_task(config.replace(batch_size=64), strings)
    for epoch in range(2):
        steps = range(task.batcher.updates_per_epoch)
        batches = [task.batcher.batch(epoch * len(steps) + step) for step in steps]
        seen = [read(task, row).partition("→")[0] for batch in batches for row in batch.inputs]
        assert sorted(seen) == sorted(task.split.training.items)
    counted = np.mean([batch.counted for batch in batches])
    assert task.batcher.characters_per_update == pytest.approx(counted)


def test_no_held_out_string_is_learned_from(strings: Corpus) -> None:
    split = split_by_hash(strings, 0.8, 0.1)
    sides = [set(part.items) for part in (split.training, split.validation, split.test)]
    assert sum(map(len, sides)) == len(set().union(*sides))
    assert set().union(*sides) == set(strings.items)
    # 26,000 draws, standard deviation 0.25 % of them: five of these is a chance of 6e-7.
    assert len(sides[0]) / len(set(strings.items)) == pytest.approx(0.8, abs=0.0125)


def test_the_side_of_a_string_depends_on_nothing_else(strings: Corpus) -> None:
    items = strings.items[::3]
    part = Corpus("part", "Part", "".join(f"{i}\n" for i in items), items, "made up", "CC0")
    whole = set(split_by_hash(strings, 0.8, 0.1).test.items)
    assert set(split_by_hash(part, 0.8, 0.1).test.items) == whole & set(items)


def test_prose_and_the_numpy_engine_are_refused(
    config: RunConfig, strings: Corpus, prose: Corpus
) -> None:
    with pytest.raises(CorpusError, match="only items of a list"):
        make_task(config, prose)
    task = make_task(config, strings)
    with pytest.raises(ConfigError, match="torch engine"):
        make_engine(config.replace(engine="numpy"), task.architecture, first_params(task))


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru"])
def test_both_forward_passes_give_the_same_loss(
    config: RunConfig, strings: Corpus, cell: str
) -> None:
    config = config.replace(cell=cell, num_layers=2)
    task = make_task(config, strings)
    params = first_params(task)
    engine = make_engine(config, task.architecture, params)
    batches = list(task.evaluation_batches(task.split.test))[:3]
    by_numpy = evaluate(make_model(task.architecture, params), batches)
    by_torch = engine.evaluate(batches)
    assert by_torch.loss == pytest.approx(by_numpy.loss, abs=1e-5)
    assert by_torch.characters == by_numpy.characters


def module_of(config: RunConfig, task: Reversal) -> EncoderDecoderModule:
    """A fresh module in float64."""
    module = make_module(task.architecture, config)
    named = {n: torch.tensor(p) for n, p in first_params(task).items()}
    module.load_state_dict(named)
    return module.double()


def test_without_teacher_forcing_it_reads_what_it_writes(
    config: RunConfig, strings: Corpus
) -> None:
    task = make_task(config, strings)
    batch = task.batcher.batch(0)
    ids = torch.tensor(batch.inputs.T)
    free = module_of(config.replace(teacher_forcing=0.0), task)
    logits, _ = free(ids, None)
    length = batch.inputs.shape[1] // 2
    written, seen = make_model(task.architecture, first_params(task)).write(
        batch.inputs[:, :length], length + 1
    )
    np.testing.assert_array_equal(logits[length:].argmax(-1).numpy().T, written)
    np.testing.assert_allclose(logits[length:].detach().swapaxes(0, 1), seen, atol=1e-5)


def test_teacher_forcing_step_by_step_is_the_whole_pass(config: RunConfig, strings: Corpus) -> None:
    task = make_task(config, strings)
    ids = torch.tensor(task.batcher.batch(0).inputs.T)
    whole = module_of(config, task)
    almost = module_of(config.replace(teacher_forcing=1 - 1e-12), task)  # the loop, always forced
    np.testing.assert_allclose(
        almost(ids, None)[0].detach(), whole(ids, None)[0].detach(), atol=1e-12
    )
    almost.eval()
    free = module_of(config.replace(teacher_forcing=0.0), task).eval()
    np.testing.assert_array_equal(almost(ids, None)[0].detach(), free(ids, None)[0].detach())


def test_draws_of_teacher_forcing_are_repeated_by_a_resumed_run(
    config: RunConfig, strings: Corpus
) -> None:
    config = config.replace(teacher_forcing=0.5)
    task = make_task(config, strings)

    def learned(engine: object, steps: range) -> list[float]:
        return [engine.update(task.batcher.batch(s), 0.01, "none", 1.0).loss for s in steps]

    one, two = (make_engine(config, task.architecture, first_params(task)) for _ in range(2))
    losses = learned(one, range(6))
    assert learned(two, range(3)) == losses[:3]
    three = make_engine(config, task.architecture, first_params(task))
    three.load_state(two.state())
    assert learned(three, range(3, 6)) == losses[3:]


def test_results_count_what_is_right_to_the_last_symbol(config: RunConfig, strings: Corpus) -> None:
    task = make_task(config, strings)
    known = task.vocabulary

    class Mirror:
        """Writes the first string right, and of the second all but its end."""

        def write(self, sources: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
            ends = np.full((len(sources), 1), known.encode("\n")[0])
            ids = np.concatenate([sources[:, ::-1], ends], axis=1)
            ids[1, -1] = known.encode("a")[0]
            return ids, np.log(np.where(np.eye(len(known))[ids] > 0, 0.9, 0.1 / 11))

    block = known.encode("abcdefgh").reshape(2, 4)
    right, nats = on_its_own(Mirror(), block, known)
    assert right == 1
    assert nats == pytest.approx(-9 * np.log(0.9) - np.log(0.1 / 11))


def test_the_results_of_a_fresh_network_are_those_of_guessing(
    config: RunConfig, strings: Corpus
) -> None:
    task = make_task(config, strings)
    results = task.results(first_params(task))
    assert results["exact_share"] == 0
    assert results["leaked"] == 0
    assert results["test_items"] == len(task.split.test.items)
    for name in ("forced_loss", "free_loss"):
        assert results[name] == pytest.approx(np.log(12), abs=0.15)
