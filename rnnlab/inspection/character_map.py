"""Where the vectors of all characters lie on one map, from moment to moment of training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.character_vectors import character_vectors
from rnnlab.inspection.projection import state_path
from rnnlab.network.models import Params


@dataclass(frozen=True, eq=False)
class CharacterMap:
    """Points of V characters at M moments, all seen in the same two directions."""

    points: np.ndarray  # (M, V, 2)
    shares: np.ndarray  # (2,) of the last moment's variance that each direction shows
    is_embedding: bool  # else: columns of the first layer's input weights


def character_map(moments: Sequence[Params]) -> CharacterMap:
    """The vectors of all characters through training, in the two main directions of the end.

    The principal components are those of the last moment; every moment is projected in the same
    way, so a vector that stays where it is stays on the map.

    Args:
        moments: parameters of the network at each moment, at least one.
    """
    vectors = [character_vectors(params) for params in moments]
    last = state_path(vectors[-1].rows)
    points = np.stack([last.project(each.rows) for each in vectors])
    return CharacterMap(points, last.shares, vectors[-1].is_embedding)
