"""In which order to show the units of a layer, and its path in two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

ORDERS = ("index", "variance", "similarity")


def order_units(trace: np.ndarray, by: str = "index") -> np.ndarray:
    """Which unit to show at each place, (H,).

    Args:
        trace: (T, H) one value of a layer over a text.
        by: "index": as they are numbered; "variance": the liveliest first; "similarity": units
            that rise and fall together side by side (leaves of an average-linkage tree over
            1 − correlation).
    Raises:
        ValueError: there is no such order.
    """
    if by == "index":
        return np.arange(trace.shape[1])
    if by == "variance":
        variance = trace.var(axis=0, dtype=np.float64)
        return np.argsort(-variance, kind="stable")
    if by == "similarity":
        return _leaves(trace)
    raise ValueError(f"Units cannot be ordered by '{by}', only by {', '.join(ORDERS)}.")


def _leaves(trace: np.ndarray) -> np.ndarray:
    size = trace.shape[1]
    if size < 3:
        return np.arange(size)
    distance = np.clip(1 - _correlations(trace), 0, 2)  # rounding may leave the range
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="average", optimal_ordering=True)
    return leaves_list(tree).astype(np.int64)


def _correlations(trace: np.ndarray) -> np.ndarray:
    """(H, H); 0 with a unit that never moves, which resembles none."""
    centred = trace - trace.mean(axis=0, dtype=np.float64)
    norms = np.linalg.norm(centred, axis=0)
    alive = norms > 1e-6 * np.sqrt(len(trace))  # less is rounding
    directions = np.divide(centred, norms, out=np.zeros_like(centred), where=alive)
    return directions.T @ directions


@dataclass(frozen=True, eq=False)
class Projection:
    """A path seen in its principal components."""

    path: np.ndarray  # (T, components)
    shares: np.ndarray  # (components,) of the whole variance, each 0 to 1
    directions: np.ndarray  # (components, H) of length 1
    mean: np.ndarray  # (H,) what the path turns around

    def project(self, trace: np.ndarray) -> np.ndarray:
        """Another path, (T, H), in the same directions: (T, components)."""
        return (trace - self.mean) @ self.directions.T


def state_path(trace: np.ndarray, components: int = 2) -> Projection:
    """Principal component analysis of a state over a text, by singular value decomposition.

    A direction may point either way; here its largest entry is positive, so that the same text
    gives the same picture. Directions beyond the size of the trace are zero and have share 0.

    Args:
        trace: (T, H) one value of a layer.
    """
    mean = trace.mean(axis=0, dtype=np.float64)
    centred = trace - mean
    _, stretch, rows = np.linalg.svd(centred, full_matrices=False)
    found = min(components, len(rows))
    largest = np.abs(rows[:found]).argmax(axis=1)
    signs = np.sign(rows[np.arange(found), largest])
    directions = np.zeros((components, trace.shape[1]))
    directions[:found] = rows[:found] * signs[:, None]
    shares = np.zeros(components)
    shares[:found] = stretch[:found] ** 2 / max((stretch**2).sum(), np.finfo(np.float64).tiny)
    return Projection(centred @ directions.T, shares, directions, mean)
