"""What truncating backpropagation through time cuts off a gradient, measured exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.bptt import Reading
from rnnlab.inspection.itemised import walk_back


@dataclass(frozen=True, eq=False)
class Against:
    """How a gradient g_k differs from the full one g."""

    error: np.ndarray  # (K,) ‖g_k − g‖ / ‖g‖
    cosine: np.ndarray  # (K,) of the angle between them
    steps: np.ndarray  # (K,) through how many steps a loss goes back, mean over the text


@dataclass(frozen=True, eq=False)
class Truncation:
    """Gradients of the mean loss by one layer's W_hh, each against the full one, for every k."""

    lengths: np.ndarray  # (K,) k, in steps
    reach: Against  # the loss of every step goes back through at most k steps
    windows: Against  # the text is cut into windows of k steps, as in training
    norm: float  # of the full gradient


def truncation(read: Reading, lengths: np.ndarray, layer: int = -1) -> Truncation:
    """Compare truncated gradients by W_hh with the full one over the same text.

    Prediction t and step s add ∂L_t/∂u_s ⊗ h_{s−1}, where u_s = W_hh h_{s−1}: a gradient is
    truncated by leaving out pairs (t, s), and what is left is exactly what a backward pass gives
    that takes the state before as given. "Reach" leaves out t − s ≥ k; "windows" leaves out pairs
    of which t and s lie in different windows [0, k), [k, 2k) …

    Args:
        lengths: (K,) whole numbers k ≥ 1.
    Raises:
        ValueError: the full gradient is 0 or not finite, so nothing can be compared with it.
    Source: Williams & Peng 1990, Neural Computation 2(4), 490–501.
    """
    return _Shares(read, layer).compared(lengths)


def gradient_within(read: Reading, length: int, *, windows: bool, layer: int = -1) -> np.ndarray:
    """The truncated gradient of the mean loss by W_hh, (blocks · H, H)."""
    return _Shares(read, layer).gradient(length, windows=windows)


class _Shares:
    """What every prediction says at every step, summed over predictions from the step itself on."""

    def __init__(self, read: Reading, layer: int) -> None:
        steps = len(read.dlogits)
        self._sums = [np.empty(0)] * steps  # of step s: (T − s, blocks · H), sums over t = s … s+n
        with np.errstate(over="ignore", invalid="ignore"):
            dlogits, lowest = read.dlogits / steps, layer % read.tape.num_layers
            for step in walk_back(read.model, read.tape, np.arange(steps), dlogits, lowest):
                self._sums[step.t] = step.du[layer].cumsum(axis=0)
        start = read.tape.initial_state[layer]["h"][None]
        self._before = np.concatenate([start, read.tape.layers[layer]["h"][:-1]])[:, 0]  # (T, H)

    def gradient(self, length: int, *, windows: bool) -> np.ndarray:
        """By W_hh, of the pairs that are left."""
        counts = self._counts(length, windows=windows)
        du = np.stack([sums[n - 1] for sums, n in zip(self._sums, counts, strict=True)])
        return du.T @ self._before

    def compared(self, lengths: np.ndarray) -> Truncation:
        full = self.gradient(len(self._sums), windows=False)
        norm = float(np.linalg.norm(full))
        if not 0 < norm < np.inf:
            raise ValueError(
                f"The norm of the full gradient is {norm:g}, so nothing can be compared with it; "
                "choose another text or another snapshot."
            )
        reach, windows = (self._against(full, norm, lengths, kind) for kind in (False, True))
        return Truncation(lengths, reach, windows, norm)

    def _against(
        self, full: np.ndarray, norm: float, lengths: np.ndarray, windows: bool
    ) -> Against:
        errors, cosines, steps = [], [], []
        for length in lengths.tolist():
            found = self.gradient(length, windows=windows)
            size = float(np.linalg.norm(found))
            errors.append(float(np.linalg.norm(found - full)) / norm)
            cosines.append(float(np.vdot(found, full)) / (size * norm) if size else 0.0)
            steps.append(self._counts(length, windows=windows).mean())
        return Against(np.array(errors), np.array(cosines), np.array(steps))

    def _counts(self, length: int, *, windows: bool) -> np.ndarray:
        """(T,) how many predictions, from the step itself on, still reach each step."""
        places = np.arange(len(self._sums))
        reaching = length - places % length if windows else np.full(len(places), length)
        return np.minimum(reaching, len(places) - places)
