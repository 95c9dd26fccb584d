"""Whether two measures of dependence order the characters alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

_FEWEST = 5  # pairs of numbers that a rank correlation is made of


@dataclass(frozen=True)
class Agreement:
    """Rank correlations of two (T, T) matrices, below and on the diagonal; NaN for too few."""

    overall: float  # over all pairs
    rows: np.ndarray  # (T,) within each prediction
    same_lag: float  # median over the lags, between pairs equally far apart


def agreement(a: np.ndarray, b: np.ndarray) -> Agreement:
    """Compare two dependences.

    Both fall with the distance, which alone makes `overall` and `rows` high; `same_lag` is free of
    that.
    """
    below = np.tril_indices(len(a))
    rows = np.array([rank_correlation(a[t, : t + 1], b[t, : t + 1]) for t in range(len(a))])
    lags = [rank_correlation(np.diagonal(a, -lag), np.diagonal(b, -lag)) for lag in range(len(a))]
    return Agreement(rank_correlation(a[below], b[below]), rows, _median(np.array(lags)))


def typical(rows: np.ndarray) -> float:
    """The median over the predictions; NaN where none has a correlation."""
    return _median(rows)


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's: the correlation of the ranks, equal numbers sharing theirs; NaN if undefined.

    Source: Spearman 1904, The proof and measurement of association between two things.
    """
    if len(a) < _FEWEST:
        return float("nan")
    x, y = (_ranks(values) for values in (a, b))
    spread = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / spread) if spread else float("nan")


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks less their mean."""
    return rankdata(values) - (len(values) + 1) / 2


def _median(values: np.ndarray) -> float:
    defined = values[~np.isnan(values)]
    return float(np.median(defined)) if len(defined) else float("nan")


@dataclass(frozen=True)
class Disagreement:
    """A pair of characters that one measure ranks far above the other."""

    t: int  # the prediction
    s: int  # the character read
    ranks: tuple[float, float]  # by either measure: 0 the weakest, 1 the strongest


def disagreements(a: np.ndarray, b: np.ndarray, count: int) -> list[Disagreement]:
    """The pairs that b ranks highest above a, then those that a ranks highest above b."""
    rows, columns = np.tril_indices(len(a))
    ranks = [_ranks(each[rows, columns]) / max(len(rows) - 1, 1) + 0.5 for each in (a, b)]
    order = np.argsort(ranks[0] - ranks[1], kind="stable")
    count = min(count, len(order) // 2)
    chosen = [*order[:count], *order[::-1][:count]]
    return [
        Disagreement(int(rows[i]), int(columns[i]), (float(ranks[0][i]), float(ranks[1][i])))
        for i in chosen
    ]
