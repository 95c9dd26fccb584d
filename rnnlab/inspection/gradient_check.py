"""Whether a backward pass gives the derivative of the loss: compared with the loss itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.network.models import Params

EPSILON = 1e-5
PASSES_BELOW = 1e-6


@dataclass(frozen=True, eq=False)
class TensorCheck:
    """The gradient of one parameter from the backward pass, and from the loss on both sides."""

    name: str
    analytic: np.ndarray  # what the backward pass says
    numeric: np.ndarray  # (loss(θ + ε) − loss(θ − ε)) / 2ε, element by element
    noise: float  # norm of the error that rounding alone may make in `numeric`

    @property
    def error(self) -> float:
        """‖a − n‖ / (‖a‖ + ‖n‖): 0 where both agree, 1 where one of them is 0."""
        size = self._size
        return self._distance / size if size > 0 else 0.0

    @property
    def passes(self) -> bool:
        """Whether backward pass and loss agree, as far as rounding lets one see."""
        return self._distance <= PASSES_BELOW * self._size + self.noise

    @property
    def _distance(self) -> float:
        return float(np.linalg.norm(self.analytic - self.numeric))

    @property
    def _size(self) -> float:
        return float(np.linalg.norm(self.analytic) + np.linalg.norm(self.numeric))


def check_gradients(
    params: Params, grads: Params, loss: Callable[[], float]
) -> dict[str, TensorCheck]:
    """Compare gradients with finite differences of the loss, for every parameter by name.

    Args:
        params: float64; changed by ±ε one element at a time, and left as they were.
        grads: under the same names.
        loss: computes the loss anew from `params`; whatever is random in it must repeat.
    """
    noise = rounding_noise(loss())
    return {
        name: TensorCheck(
            name, grads[name], _differences(param, loss), noise * float(np.sqrt(param.size))
        )
        for name, param in params.items()
    }


def rounding_noise(loss: float) -> float:
    """About how far rounding alone moves one finite difference of a loss in 64 bits."""
    return float(np.finfo(np.float64).eps) * abs(loss) / EPSILON


def _differences(param: np.ndarray, loss: Callable[[], float]) -> np.ndarray:
    numeric = np.empty_like(param)
    for place in np.ndindex(param.shape):
        kept = param[place]
        param[place] = kept + EPSILON
        higher = loss()
        param[place] = kept - EPSILON
        lower = loss()
        param[place] = kept
        numeric[place] = (higher - lower) / (2 * EPSILON)
    return numeric
