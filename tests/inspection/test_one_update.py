"""The update that the page shows is the one that the run made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnlab.experiments.by_hand import EXPERIMENTS
from rnnlab.inspection.updates import next_update, update_step
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks import make_task

ROOT = Path(__file__).parents[2]
CONFIGS = [
    e.config.replace(corpus="play", hidden_size=10)
    for e in EXPERIMENTS
    if e.name in ("by-hand-parallel-dropout", "by-hand-stack-dropout", "by-hand-one-layer")
]
every_net = pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.model}-{c.dropout}")


@every_net
def test_the_weights_after_it_are_those_of_the_run(config: object) -> None:
    task = make_task(config, CorpusLibrary(ROOT / "data").load("play"))  # type: ignore[arg-type]
    for step in (0, 7):
        update = next_update(task, update_step(task, step))
        later = update_step(task, step + 1)
        for name, param in later.params.items():
            # 32 bits: the engine sums the loss in another order.
            np.testing.assert_allclose(update.after[name], param, rtol=0, atol=2e-5, err_msg=name)
            squares = later.squares[name]
            np.testing.assert_allclose(update.squares[name], squares, rtol=1e-4, atol=1e-7)
        for own, carried in zip(update.reading.final_state, later.state or [], strict=True):
            np.testing.assert_array_equal(own["h"], carried["h"])


@every_net
def test_its_parts_fit_together(config: object) -> None:
    task = make_task(config, CorpusLibrary(ROOT / "data").load("play"))  # type: ignore[arg-type]
    before = update_step(task, 5)
    kept = {name: param.copy() for name, param in before.params.items()}
    update = next_update(task, before)
    for name, grad in update.net.backward(update.reading, update.dlogits).items():
        np.testing.assert_array_equal(update.grads[name], grad)
        np.testing.assert_array_equal(update.clipped[name], np.clip(grad, -5, 5))
        np.testing.assert_array_equal(before.params[name], kept[name])
    norms = [np.linalg.norm(grad) for grad in update.grads.values()]
    assert update.norm == pytest.approx(np.linalg.norm(norms), rel=1e-5)
    top = task.architecture.num_layers - 1  # type: ignore[attr-defined]
    summed = sum(da[top] for da in update.da)
    np.testing.assert_allclose(summed, update.grads[f"rnn.bias_l{top}"], rtol=1e-4, atol=1e-5)
