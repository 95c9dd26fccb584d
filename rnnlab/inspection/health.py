"""Whether a network, or what it did, can be looked at."""

from __future__ import annotations

import numpy as np

from rnnlab.network.models import CharRNN


class NotFiniteError(ValueError):
    """Weights or values that are infinite or no numbers; the message says what to do."""


def check_weights(model: CharRNN) -> None:
    """Raise NotFiniteError when training had already broken these weights."""
    for name, value in model.params.items():
        if not np.isfinite(value).all():
            raise NotFiniteError(
                f"These weights are broken: '{name}' holds values that are infinite or no numbers, "
                "because training diverged; choose an earlier snapshot."
            )


def check_values(values: np.ndarray) -> None:
    """Raise NotFiniteError when a reading left the range of numbers, as a ReLU RNN's can."""
    if not np.isfinite(values).all():
        raise NotFiniteError(
            "The hidden values grow beyond all numbers on this text, because nothing bounds them; "
            "use a shorter text or another snapshot."
        )
