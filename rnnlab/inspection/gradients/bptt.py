"""Backpropagation through time: whose loss reaches which step, and what truncation cuts off.

Sources: Cashman et al. 2019, RNNbow, arXiv:1907.12545; Pascanu et al. 2013, arXiv:1211.5063.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.gradients.backward import (
    GradientFlow,
    backward_per_prediction,
    check_double,
    half_life,
)
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.layers import at_step
from rnnlab.network.losses import cross_entropy
from rnnlab.network.reading import window
from rnnlab.network.tape import Tape, check_values

MIN_PREDICTIONS = 5  # predictions that a mean over them rests on, where the text has so many


@dataclass(frozen=True, eq=False)
class GradientReading:
    """A text that was read, ready to be gone back through."""

    model: CharRNN  # in float64
    tape: Tape  # batch size 1, T steps
    loss: float  # nats per character, the mean of L_t over the T steps
    dlogits: np.ndarray  # (T, V) the derivative of each L_t by its own logits


def reading(model: CharRNN, ids: np.ndarray, skip: int = 0) -> GradientReading:
    """Read a text of `skip` + T + 1 characters, of which the last T are predicted.

    Args:
        model: in float64: in float32, the squares of a vanishing gradient are 0 too soon.
        skip: characters read first, so that the memory is not empty; gradients end behind them.
    Raises:
        ValueError: nothing is there to be predicted, or the network is not in float64.
        DivergedModelError: its values left the range of numbers.
    """
    check_double(model)
    if len(ids) - skip < 2:
        raise ValueError(
            "A gradient needs a character to read and one to predict, but this text has "
            f"{max(len(ids) - skip, 0)}; choose a longer one."
        )
    with np.errstate(over="ignore", invalid="ignore"):  # said in words below
        tape = window(model, ids, skip, len(ids) - 1)
    check_values(tape.logits)
    loss, dlogits = cross_entropy(tape.logits, ids[None, skip + 1 :])
    each = dlogits[0] * dlogits.shape[1]  # (T, V); of the mean → of each
    return GradientReading(model, tape, loss, each)


@dataclass(frozen=True, eq=False)
class Itemised:
    """Norms in nats per unit of the state, row t: the loss L_t; column s: the step. 0 for s > t;
    infinite where a gradient exploded."""

    by_h: np.ndarray  # (T, T) ‖∂L_t/∂h_s‖ over all paths
    by_c: np.ndarray | None  # (T, T) ‖∂L_t/∂c_s‖ over all paths, of an LSTM
    carried: np.ndarray | None  # (T, T) what the gate alone hands back, ‖(Π f) ⊙ ∂L_t/∂c_t‖ of an
    # LSTM, ‖(Π z) ⊙ ∂L_t/∂h_t‖ of a GRU, over the gates of the steps s + 1 … t

    def of(self, state: str) -> np.ndarray:
        """The matrix of a state; that of h where there is no other."""
        return self.by_c if state == "c" and self.by_c is not None else self.by_h


def itemised(read: GradientReading, layer: int = -1) -> Itemised:
    """Whose loss reaches which step, in one layer.

    Source: Cashman et al. 2019, RNNbow, arXiv:1907.12545; Pascanu et al. 2013, arXiv:1211.5063.
    """
    model, tape = read.model, read.tape
    steps, values = len(read.dlogits), tape.layers[layer]
    lowest = layer % tape.num_layers
    by_h, by_c, carried = np.zeros((3, steps, steps))
    cell, kept = model.cell, np.zeros(0)
    if cell.carried is not None:
        kept = cell.keep(values)  # (T, 1, H)
    dc = along = np.zeros((0, model.architecture.hidden_size))
    with np.errstate(over="ignore", invalid="ignore"):  # it may explode: that is a result
        for step in backward_per_prediction(model, tape, np.arange(steps), read.dlogits, lowest):
            t, dh = step.t, step.dh[layer]  # (T − t, H), rows t … T − 1
            by_h[t:, t] = _norms(dh)
            if cell.carried is None:
                continue
            on = kept[t + 1] if t + 1 < steps else np.ones((1, dh.shape[1]))  # (1, H)
            if cell.has_memory():
                shown = cell.shown_slope(at_step(values, t))  # (1, H)
                dc = _with_own(np.zeros_like(dh[:1]), dc * on) + dh * shown
                by_c[t:, t] = _norms(dc)
            along = _with_own((dc if cell.has_memory() else dh)[:1], along * on)
            carried[t:, t] = _norms(along)
    return Itemised(
        by_h,
        by_c if cell.has_memory() else None,
        carried if cell.carried is not None else None,
    )


def _with_own(own: np.ndarray, later: np.ndarray) -> np.ndarray:
    """The rows of later predictions, with that of the step itself before them."""
    return np.concatenate([own, later])


def _norms(rows: np.ndarray) -> np.ndarray:
    """(R,) Euclidean norms of (R, H); infinite where they are beyond all numbers."""
    return np.nan_to_num(np.linalg.norm(rows, axis=1), nan=np.inf, posinf=np.inf)


def _geometric_mean(ratios: np.ndarray) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):  # one that is 0 makes it 0
        return float(np.exp(np.mean(np.log(ratios))))


MEANS: dict[str, Callable[[np.ndarray], float]] = {
    "geometric mean": _geometric_mean,
    "median": lambda ratios: float(np.median(ratios)),
}


def decay(norms: np.ndarray, mean: str = "geometric mean") -> GradientFlow:
    """The norms of `itemised` by lag, each relative to that of its own prediction at lag 0.

    Args:
        norms: (T, T).
        mean: over the predictions that reach back so far, one of MEANS.
    Returns:
        A `GradientFlow` over the lags on which at least 5 predictions rest (all of a shorter text).
        A prediction whose own gradient is 0 or infinite tells nothing and is left out.
    """
    own = np.diagonal(norms)  # (T,)
    lags = max(len(own) - MIN_PREDICTIONS + 1, min(len(own), 1))
    found = np.zeros(lags)
    for lag in range(lags):
        start = own[lag:]
        told = (start > 0) & np.isfinite(start)
        if told.any():
            found[lag] = MEANS[mean](np.diagonal(norms, -lag)[told] / start[told])
    found[np.isnan(found)] = 0.0  # some vanished where others exploded
    return GradientFlow(found, half_life(found) if found[0] else 0.0)


def bound(read: GradientReading) -> float | None:
    """By how much one step back can at most multiply a gradient by the top layer's h: ‖W_hh‖₂
    times the largest slope of the activation at any step of the text; None for gated cells.

    Source: Pascanu et al. 2013, arXiv:1211.5063.
    """
    cell, values = read.model.cell, read.tape.layers[-1]
    if cell.gates:
        return None
    slopes, _, _ = cell.backward(values, {}, {"h": np.ones_like(values["h"])})  # (T, 1, H)
    slope = float(slopes.max())
    weight = read.model.params[f"rnn.weight_hh_l{read.tape.num_layers - 1}"]
    return slope * float(np.linalg.norm(weight, ord=2))


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


def truncation(read: GradientReading, lengths: np.ndarray, layer: int = -1) -> Truncation:
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


class _Shares:
    """What every prediction says at every step, summed over predictions from the step itself on."""

    def __init__(self, read: GradientReading, layer: int) -> None:
        steps = len(read.dlogits)
        self._sums = [np.empty(0)] * steps  # of step s: (T − s, blocks · H), sums over t = s … s+n
        with np.errstate(over="ignore", invalid="ignore"):
            dlogits, lowest = read.dlogits / steps, layer % read.tape.num_layers
            for step in backward_per_prediction(
                read.model, read.tape, np.arange(steps), dlogits, lowest
            ):
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
