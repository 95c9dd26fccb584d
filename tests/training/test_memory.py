"""How much memory a run is said to take, against what it takes."""

from __future__ import annotations

import tracemalloc

import pytest

from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training import planning
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.numpy_engine import NumpyEngine
from rnnlab.training.planning import check_memory, memory_needed, warnings
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from rnnlab.training.tasks.next_character import NextCharacter

LARGE = {"batch_size": 32, "seq_length": 100}


def peak(task: NextCharacter) -> int:
    """Bytes at the peak of an update in NumPy, weights and optimizer among them."""
    config, batch = task.config, task.batcher.batch(0)
    tracemalloc.start()
    try:
        engine = NumpyEngine(config, task.architecture, first_params(task))
        engine.update(batch, config.learning_rate, config.clipping, config.grad_clip)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru"])
@pytest.mark.parametrize(
    "sizes",
    [
        {**LARGE, "hidden_size": 64},
        {**LARGE, "hidden_size": 64, "num_layers": 3},
        {**LARGE, "hidden_size": 8},
        {"batch_size": 2, "seq_length": 2, "hidden_size": 400},
    ],
)
def test_it_is_right_within_a_factor_of_two(
    small: RunConfig, prose: Corpus, cell: str, sizes: dict[str, int]
) -> None:
    task = make_task(small.replace(cell=cell, optimizer="adam", **sizes), prose)
    assert peak(task) / 2 < memory_needed(task).total < 2 * peak(task)


@pytest.mark.parametrize(
    ("sizes", "remedy"),
    [
        (LARGE, "smaller batch"),
        ({"batch_size": 1, "seq_length": 1, "hidden_size": 512}, "fewer hidden units or layers"),
    ],
)
def test_too_little_memory_is_told_with_what_to_change(
    small: RunConfig, prose: Corpus, sizes: dict[str, int], remedy: str
) -> None:
    task = make_task(small.replace(**sizes), prose)
    needed = memory_needed(task).total
    check_memory(task, needed)
    with pytest.raises(ConfigError, match=f"needs about .* GB of memory, .*{remedy}"):
        check_memory(task, 0.99 * needed)


def test_one_hot_vectors_of_very_many_characters_are_told(small: RunConfig) -> None:
    text = "".join(map(chr, range(0x4E00, 0x9E00)))
    task = make_task(small.replace(embedding_size=0), Corpus("x", "x", text, None, "", ""))
    assert "embedding" in memory_needed(task).remedy
    with_embedding = make_task(
        small.replace(embedding_size=8), Corpus("x", "x", text, None, "", "")
    )
    assert memory_needed(with_embedding).total < memory_needed(task).total / 10


def test_a_run_that_needs_most_of_the_memory_gets_a_warning(
    small: RunConfig, prose: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(small, prose)
    monkeypatch.setattr(planning, "memory_here", lambda: 1.5 * memory_needed(task).total)
    assert any("of memory, and this computer has" in sentence for sentence in warnings(task))
