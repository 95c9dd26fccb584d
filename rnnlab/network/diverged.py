"""What is said of networks whose weights or values left the range of numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


class DivergedModelError(ValueError):
    """The network computes no numbers any more; the message says what to do."""


def check_weights(params: Mapping[str, np.ndarray]) -> None:
    """Raise DivergedModelError when training had already broken these weights."""
    for name, value in params.items():
        if not np.isfinite(value).all():
            raise DivergedModelError(
                f"This snapshot's weights are not finite numbers (first in '{name}'), because "
                "training diverged; choose an earlier snapshot."
            )


def check_values(values: np.ndarray) -> None:
    """Raise DivergedModelError when a reading left the range of numbers, as a ReLU RNN's can."""
    if not np.isfinite(values).all():
        raise DivergedModelError(
            "The hidden values grow beyond all numbers on this text, because nothing bounds them; "
            "use a shorter text or another snapshot."
        )
