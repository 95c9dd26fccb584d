"""The first update by hand: what the engine does, with its numbers."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.updates import FirstUpdate, first_update, is_quick
from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig

SIZES = Architecture("rnn_tanh", 7, 3, 5, 2)
CONFIG = RunConfig(cell="rnn_tanh", optimizer="adam", learning_rate=0.01, clipping="norm")


def update(**changes: object) -> FirstUpdate:
    rng = np.random.default_rng(1)
    ids = rng.integers(7, size=(4, 9))
    params = initial_params(SIZES, "pytorch", rng)
    batch = Batch(ids[:, :-1], ids[:, 1:], carry=False)
    return first_update(CONFIG.replace(**changes), SIZES, params, batch)


def test_an_update_lowers_the_loss_on_its_own_batch() -> None:
    found = update()
    assert found.loss_before == pytest.approx(np.log(7), abs=0.3)
    assert found.loss_after < found.loss_before


def test_adams_first_step_moves_no_weight_further_than_the_learning_rate() -> None:
    found = update()
    assert {each.name: each.shape for each in found.changed} == SIZES.shapes()
    for each in found.changed:
        assert 0 < each.largest <= 0.01 * (1 + 1e-4)


def test_clipping_leaves_the_share_that_fits_under_the_limit() -> None:
    free = update(grad_clip=1e6)
    assert free.kept == 1
    bound = update(grad_clip=free.norm / 4)
    assert bound.norm == pytest.approx(free.norm)
    assert bound.kept == pytest.approx(0.25)
    assert update(clipping="none", grad_clip=free.norm / 4).kept == 1


def test_what_takes_long_is_not_quick() -> None:
    assert is_quick(CONFIG)
    assert not is_quick(CONFIG.replace(batch_size=4096, hidden_size=2048))
