"""In which order to show the units of a layer."""

from __future__ import annotations

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
