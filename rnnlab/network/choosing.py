"""From logits to a character: temperature, top-k, top-p, and the draw."""

from __future__ import annotations

import math

import numpy as np

from rnnlab.network.diverged import DivergedModelError


def weigh(logits: np.ndarray, temperature: float) -> np.ndarray:
    """How likely each character is, as weights whose largest is 1: e^(logits / temperature).

    Below 1 the temperature sharpens the differences, above 1 it levels them.

    Args:
        logits: (V,).
    Returns:
        (V,) float64.
    Raises:
        DivergedModelError: a logit is NaN or infinite.
    """
    logits = logits.astype(np.float64)
    highest = logits.max()
    if not math.isfinite(highest):
        raise DivergedModelError(
            "The values inside this network grew beyond all numbers while it read, so it predicts "
            "nothing; choose an earlier snapshot, or train again with a lower learning rate."
        )
    logits -= highest  # so that exp cannot overflow
    logits /= temperature
    return np.exp(logits, out=logits)


def likeliest(weights: np.ndarray, count: int | None) -> np.ndarray:
    """The ids of the likeliest characters, best first: (…, V) → (…, min(count, V)).

    Of equals, those earlier in the vocabulary come first.

    Args:
        count: None gives all.
    """
    return np.argsort(-weights, axis=-1, kind="stable")[..., :count]


def keep_likeliest(weights: np.ndarray, top_k: int, top_p: float) -> np.ndarray:
    """The weights with all but the likeliest characters set to zero.

    Args:
        weights: (V,).
        top_k: how many to keep at most; 0 keeps all. Of equals, those earlier in the vocabulary
            stay.
        top_p: of these, keep the fewest whose share of the weight is at least top_p; never less
            than one.
    Source:
        top-k: Fan et al. 2018, arXiv:1805.04833; top-p: Holtzman et al. 2020, arXiv:1904.09751.
    """
    order = likeliest(weights, top_k or None)
    if top_p < 1:
        cumulative = weights[order].cumsum()
        order = order[: 1 + cumulative.searchsorted(top_p * cumulative[-1])]
    kept = np.zeros_like(weights)
    kept[order] = weights[order]
    return kept


def draw(cumulative: np.ndarray, u: float) -> int:
    """The character at the share u, 0 ≤ u < 1, of all the weight, in the order of the vocabulary.

    With the same u, two networks that predict almost the same choose almost always the same.

    Args:
        cumulative: (V,) sums of the weights so far, float64. What has no weight is never chosen.
    """
    return int(cumulative.searchsorted(u * cumulative[-1], "right"))
