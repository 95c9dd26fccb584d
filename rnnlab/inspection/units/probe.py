"""Whether a feature of a text can be read off all units together: linear probes with controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

MAX_CHARACTERS = 20_000  # characters
BLOCKS = 10  # contiguous ones, of which
TESTED = (2, 5, 8)  # are kept from the probes and scored
CONTROLS = 3  # random labels, of which the mean counts
MIN_PER_CLASS = 5  # of each class among the characters that are learned, and that are scored
_STRENGTH = 1.0  # inverse of the regularisation of the classifier, and that of the regression
_STILL = 1e-6

Inputs: TypeAlias = np.ndarray | sparse.csr_array  # (N, K)


@dataclass(frozen=True)
class Probe:
    """Scores of linear probes on blocks of text that they did not learn from.

    Each score is the balanced accuracy, for which guessing gives 0.5, or for a feature that is a
    number R², for which always saying the mean gives 0.
    """

    all_units: float
    best_unit: float  # the same kind of probe, given one unit
    character: float  # given the current character instead of the network
    three_characters: float  # given the last three characters
    control: float  # all units, on labels that are a random function of the current character
    auc: float | None  # of all units; None for a number
    is_number: bool
    learned: int  # characters
    scored: int  # characters

    @property
    def selectivity(self) -> float:
        """Real minus control (Hewitt & Liang 2019)."""
        return self.all_units - self.control


def probe(
    rows: np.ndarray, label: np.ndarray, ids: np.ndarray, best: int, *, seed: int = 0
) -> Probe:
    """Fit linear probes for a feature on seven tenths of the characters and score the others.

    A logistic regression whose classes weigh the same, or a ridge regression for a number, both
    regularised, on standardised units (Alain & Bengio 2016, arXiv:1610.01644). Learned and scored
    are contiguous blocks, because neighbouring characters resemble each other. The control label
    gives each character a random class, as often as the feature holds (Hewitt & Liang 2019,
    arXiv:1909.03368): a probe that learns it as well is able to learn anything.

    Args:
        rows: (U, N) what the units hold; label: (N,) bool or numbers; ids: (N,) the characters.
        best: the row to try alone.
    Raises:
        ValueError: one of the two parts has too few characters of one class.
    """
    is_number = label.dtype != bool
    test = np.isin(np.arange(len(label)) * BLOCKS // len(label), TESTED)
    if not is_number:
        _check(label, test)
    score = partial(_score, label=label, test=test)
    units = _standardized(rows.T, ~test)  # (N, U)
    rng = np.random.default_rng(seed)
    controls = [_control(label, ids, rng) for _ in range(CONTROLS)]
    with threadpool_limits(limits=1):
        found, area = score(units)
        return Probe(
            all_units=found,
            best_unit=score(units[:, [best]])[0],
            character=score(_one_hot(ids, 1))[0],
            three_characters=score(_one_hot(ids, 3))[0],
            control=float(np.mean([_score(units, each, test)[0] for each in controls])),
            auc=area,
            is_number=is_number,
            learned=int((~test).sum()),
            scored=int(test.sum()),
        )


def _score(inputs: Inputs, label: np.ndarray, test: np.ndarray) -> tuple[float, float | None]:
    """Balanced accuracy and AUC, or R² and None."""
    learned, scored = np.flatnonzero(~test), np.flatnonzero(test)
    model, metric, rank = _models(label.dtype != bool)
    model.fit(inputs[learned], label[learned])
    found = float(metric(label[scored], model.predict(inputs[scored])))
    if rank is None:
        return found, None
    return found, float(rank(label[scored], model.decision_function(inputs[scored])))


def _models(is_number: bool) -> tuple[Any, Callable[..., float], Callable[..., float] | None]:
    # Imported here: it takes a second, which a page that shows no probe should not pay.
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.metrics import balanced_accuracy_score, r2_score, roc_auc_score

    if is_number:
        return Ridge(alpha=1 / _STRENGTH), r2_score, None
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", tol=1e-3, max_iter=300)
    return model, balanced_accuracy_score, roc_auc_score


def _control(label: np.ndarray, ids: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random function of the character, with the feature's share of true ones or its spread.

    Characters are drawn one by one and made true while more places are wanted; the first always
    is and the last never is, so that both classes occur.
    """
    counts = np.bincount(ids)
    symbols = rng.permutation(np.flatnonzero(counts))
    if label.dtype != bool:
        table = np.zeros(len(counts), np.float32)
        table[symbols] = rng.choice(label, len(symbols))
        return table[ids]
    reached = np.cumsum(counts[symbols]) - counts[symbols]
    table = np.zeros(len(counts), bool)
    table[symbols] = reached < label.sum()
    table[symbols[-1]] = False
    return table[ids]


def _one_hot(ids: np.ndarray, last: int) -> sparse.csr_array:
    """(N, last · V) the current character and those before it, one-hot."""
    size = int(ids.max()) + 1
    places = np.arange(len(ids))
    columns = [ids[np.maximum(places - back, 0)] + back * size for back in range(last)]
    shape = (len(ids), last * size)
    ones = np.ones(last * len(ids), np.float32)
    return sparse.csr_array((ones, (np.tile(places, last), np.concatenate(columns))), shape)


def _standardized(units: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """(N, U) with the mean and the spread of the learned characters taken out."""
    mean, spread = units[learned].mean(axis=0), units[learned].std(axis=0)
    return (units - mean) / np.where(spread > _STILL, spread, 1)


def _check(label: np.ndarray, test: np.ndarray) -> None:
    fewest = min(min(part.sum(), (~part).sum()) for part in (label[test], label[~test]))
    if fewest < MIN_PER_CLASS:
        raise ValueError(
            f"The {len(label):,} characters have too few places of one kind for a probe: each of "
            f"its two parts needs {MIN_PER_CLASS} where the feature is true and {MIN_PER_CLASS} "
            "where it is not; choose a longer text or another feature."
        )
