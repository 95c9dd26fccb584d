"""The lesson's gradient check finds the bugs, and nothing but the bugs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.inspection.gradient_check.check import check_gradients
from rnnlab.inspection.gradient_check.minimal import CANDIDATES, check, first_losses, tensor_names
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.vocabulary import Vocabulary

TEXT = "to be, or not to be"
IDLE = {"rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_l0"}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("title", CANDIDATES)
def test_only_wrong_tensors_fail(title: str, seed: int) -> None:
    candidate = CANDIDATES[title]
    found = check(candidate, TEXT, seed)
    assert list(found) == tensor_names(candidate)
    failed = {name for name, one in found.items() if not one.passes}
    for name, one in found.items():
        assert (one.error < 1e-6) is (name not in failed)  # here, rounding plays no part
    if candidate.is_stack:
        assert not failed
    elif not candidate.dropout:
        assert failed == IDLE
    else:
        assert failed == set(found) - {"decoder.bias"}


def test_a_wrong_factor_is_found_and_parameters_stay_as_they_were() -> None:
    params = {"w": np.array([1.0, -2.0]), "v": np.array([3.0])}
    grads = {"w": 2 * params["w"], "v": 1.01 * 2 * params["v"]}
    found = check_gradients(
        params, grads, lambda: float(sum((p**2).sum() for p in params.values()))
    )
    assert found["w"].passes
    assert not found["v"].passes
    assert found["v"].error == pytest.approx(0.01 / 2.01, rel=1e-4)
    assert params["w"].tolist() == [1.0, -2.0]


def test_a_gradient_of_zero_that_is_zero_passes() -> None:
    found = check_gradients({"w": np.ones(3)}, {"w": np.zeros(3)}, lambda: 1.0)
    assert found["w"].error == 0.0
    assert found["w"].passes


def test_the_published_first_loss_lies_among_ours(library: CorpusLibrary) -> None:
    """33.3885 for 8 characters of 65; ours spread around 8 · ln 65."""
    text = library.load("tiny-shakespeare").text
    ids = Vocabulary.from_text(text).encode(text[:9])
    losses = first_losses(65, ids, 200)
    assert losses.mean() == pytest.approx(8 * math.log(65), abs=0.001)
    assert losses.min() < 33.3885 + 0.004
    assert abs(33.3885 - losses.mean()) < 4 * losses.std()
