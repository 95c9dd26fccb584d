"""Scores of a classification, and what exchanging a letter does to a belief."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score
from sklearn.metrics import confusion_matrix as sklearn_matrix

from rnnlab.training.config import RunConfig
from rnnlab.training.networks import architecture_of, fresh_params, make_model
from rnnlab.training.tasks.scores import (
    accuracy,
    class_probabilities,
    class_probabilities_by_letter,
    confusion_matrix,
    exchanges,
    f1_scores,
    macro_f1,
)

LABELS = ("Arabic", "Czech", "Dutch", "Greek")
CONFIGS = {
    "one way": RunConfig(task="language", hidden_size=6),
    "both ways": RunConfig(task="language", hidden_size=6, bidirectional=True),
    "window": RunConfig(task="language", hidden_size=6, model="window", window=2),
}


@pytest.fixture
def guesses() -> tuple[list[str], list[str]]:
    """Truth and predictions, without any prediction of the last label."""
    rng = np.random.default_rng(1)
    truth = [LABELS[k] for k in rng.integers(4, size=60)]
    predicted = [LABELS[k] for k in rng.integers(3, size=60)]
    return truth, predicted


def test_scores_are_those_of_scikit_learn(guesses: tuple[list[str], list[str]]) -> None:
    truth, predicted = guesses
    counts = confusion_matrix(LABELS, truth, predicted)
    np.testing.assert_array_equal(counts, sklearn_matrix(truth, predicted, labels=LABELS))
    assert accuracy(counts) == pytest.approx(accuracy_score(truth, predicted))
    expected = f1_score(truth, predicted, labels=LABELS, average=None, zero_division=0)
    np.testing.assert_allclose(f1_scores(counts), expected)
    assert macro_f1(counts) == pytest.approx(expected.mean())


@pytest.fixture(params=CONFIGS.values(), ids=CONFIGS)
def model(request: pytest.FixtureRequest) -> object:
    sizes = architecture_of(request.param, 9, len(LABELS))
    params = fresh_params(sizes, "pytorch", np.random.default_rng(2))
    return make_model(sizes, {name: 3 * p.astype(np.float64) for name, p in params.items()})


def test_a_belief_does_not_depend_on_the_names_beside_it(model) -> None:  # noqa: ANN001
    names = [np.array(ids) for ids in ([1, 2, 3, 4], [5], [6, 7])]
    alone = np.concatenate([class_probabilities(model, [name]) for name in names])
    np.testing.assert_allclose(class_probabilities(model, names), alone, atol=1e-12)
    np.testing.assert_allclose(alone.sum(axis=1), 1)


def test_the_belief_by_letter_ends_with_that_of_the_name(model) -> None:  # noqa: ANN001
    name = np.array([1, 2, 3, 4])
    found = class_probabilities_by_letter(model, name)
    assert found.shape == (4, len(LABELS))
    np.testing.assert_allclose(found[-1], class_probabilities(model, [name])[0], atol=1e-12)
    np.testing.assert_allclose(found[1], class_probabilities(model, [name[:2]])[0], atol=1e-12)


def test_an_exchange_is_the_name_with_that_letter_there(model) -> None:  # noqa: ANN001
    name = np.array([1, 2, 3])
    found = exchanges(model, name, np.array([[4, 5, 6], [1, 2, 3]]))
    expected = class_probabilities(model, [np.array([1, 5, 3])])[0]
    np.testing.assert_allclose(found.changed[0, 1], expected, atol=1e-12)
    np.testing.assert_allclose(found.changed[1], np.tile(found.original, (3, 1)), atol=1e-12)
    assert not found.flips[1].any()  # the same letters
    strongest = found.strongest()
    if found.flips.any():
        assert strongest is not None
        best = found.changed[0].max(axis=1)[found.flips[0]].max()
        assert found.changed[strongest].max() == pytest.approx(best)
    else:
        assert strongest is None
