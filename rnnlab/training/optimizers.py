"""The rules that turn gradients into new weights, in NumPy, equal to torch's of the same name."""

from __future__ import annotations

import numpy as np

Arrays = dict[str, np.ndarray]


class Optimizer:
    """Changes named arrays in place; keeps for each of them the memory that its rule needs.

    `slots[slot][name]` is that memory: its names are torch's, so that both engines can read the
    other's state. A rule says in `_change` what happens to one array.
    """

    slot_names: tuple[str, ...] = ()

    def __init__(self, params: Arrays, weight_decay: float = 0.0) -> None:
        self.params = params
        self.weight_decay = weight_decay
        self.count = 0  # updates made
        self.slots = {
            slot: {name: np.zeros_like(p) for name, p in params.items()} for slot in self.slot_names
        }

    def step(self, grads: Arrays, learning_rate: float) -> None:
        """One update of all arrays; `grads` has the names and shapes of `params`."""
        self.count += 1
        for name, p in self.params.items():
            memory = [self.slots[slot][name] for slot in self.slot_names]
            self._change(p, grads[name], learning_rate, *memory)

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        raise NotImplementedError

    def _decayed(self, p: np.ndarray, g: np.ndarray) -> np.ndarray:
        """The gradient of the loss plus weight_decay/2 · ‖p‖²."""
        return g + self.weight_decay * p if self.weight_decay else g


class SGD(Optimizer):
    """Plain steps against the gradient."""

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        p -= rate * self._decayed(p, g)


class RMSprop(Optimizer):
    """Steps divided by a running root mean square of the gradient (Tieleman & Hinton 2012)."""

    slot_names = ("square_avg",)
    alpha, eps = 0.99, 1e-8

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        (square,) = memory
        g = self._decayed(p, g)
        square *= self.alpha
        square += (1 - self.alpha) * g * g
        p -= rate * g / (np.sqrt(square) + self.eps)


class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients (Duchi et al. 2011)."""

    slot_names = ("sum",)
    eps = 1e-10

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        (total,) = memory
        g = self._decayed(p, g)
        total += g * g
        p -= rate * g / (np.sqrt(total) + self.eps)


class AdagradRoot(Adagrad):
    """Adagrad as the first character RNNs in NumPy had it: ε stands under the root (Karpathy 2015,
    min-char-rnn)."""

    eps = 1e-8

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        (total,) = memory
        g = self._decayed(p, g)
        total += g * g
        p -= rate * g / np.sqrt(total + self.eps)


class Adam(Optimizer):
    """Running mean of the gradient over its running root mean square (Kingma & Ba 2015)."""

    slot_names = ("exp_avg", "exp_avg_sq")
    beta1, beta2, eps = 0.9, 0.999, 1e-8

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        self._adam(p, self._decayed(p, g), rate, *memory)

    def _adam(
        self, p: np.ndarray, g: np.ndarray, rate: float, mean: np.ndarray, square: np.ndarray
    ) -> None:
        mean += (1 - self.beta1) * (g - mean)
        square *= self.beta2
        square += (1 - self.beta2) * g * g
        # Both averages began at zero; dividing by these makes up for it.
        mean_weight = 1 - self.beta1**self.count
        square_weight = 1 - self.beta2**self.count
        p -= rate / mean_weight * mean / (np.sqrt(square / square_weight) + self.eps)


class AdamW(Adam):
    """Adam with weight decay beside the gradient, not in it (Loshchilov & Hutter 2019)."""

    def _change(self, p: np.ndarray, g: np.ndarray, rate: float, *memory: np.ndarray) -> None:
        p *= 1 - rate * self.weight_decay
        self._adam(p, g, rate, *memory)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
    "adagrad_root": AdagradRoot,
    "adam": Adam,
    "adamw": AdamW,
}


def grad_norm(grads: Arrays) -> float:
    """Euclidean norm of all gradients together."""
    return float(np.sqrt(sum(np.vdot(g, g) for g in grads.values())))


def clip_grads(grads: Arrays, clipping: str, limit: float, norm: float) -> None:
    """Limit gradients in place: all by their joint norm, or each element by itself.

    Args:
        clipping: "none", "norm" (scaled down so that the norm is at most `limit`) or "value".
        norm: of `grads`, from `grad_norm`.
    """
    if clipping == "value":
        for g in grads.values():
            np.clip(g, -limit, limit, out=g)
    elif clipping == "norm":
        scale = limit / (norm + 1e-6)  # torch's guard against a zero norm
        if not scale >= 1:
            for g in grads.values():
                g *= scale
