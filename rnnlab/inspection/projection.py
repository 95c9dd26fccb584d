"""The path of the hidden state through the two directions in which it moves most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
