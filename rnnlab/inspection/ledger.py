"""Which earlier character wrote what is in a memory cell now: an exact account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import Values
from rnnlab.network.tape import Tape


@dataclass(frozen=True)
class _Account:
    """How a cell adds to a state: state = keep · state + write, at every step."""

    state: str
    keep: Callable[[Values], np.ndarray]
    write: Callable[[Values], np.ndarray]


# A simple recurrent network has none: it squashes its whole state at every step.
_ACCOUNTS = {
    "lstm": _Account("c", lambda v: v["f"], lambda v: v["i"] * v["g"]),
    "gru": _Account("h", lambda v: v["z"], lambda v: (1 - v["z"]) * v["n"]),
}


@dataclass(frozen=True, eq=False)
class Ledger:
    """The state of one unit after step T as the sum of what each step wrote and what was kept.

    LSTM: c_T = (Π f) c_0 + Σ_s (Π_{u>s} f_u) i_s g_s. GRU, with z as PyTorch writes it:
    h_T = (Π z) h_0 + Σ_s (Π_{u>s} z_u) (1 − z_s) n_s.
    """

    name: str  # of the state: "c" or "h"
    state: float  # the network's own number
    before: float  # the state before the text
    kept_before: float  # the share of it that is still there, from 0 to 1
    written: np.ndarray  # (T,) what each step wrote when it was read
    kept: np.ndarray  # (T,) the share of it that is still there

    @property
    def start(self) -> float:
        """What the state before the text adds to the state now."""
        return self.before * self.kept_before

    @property
    def entries(self) -> np.ndarray:
        """(T,) what each step adds to the state now."""
        return self.written * self.kept

    @property
    def total(self) -> float:
        """All of it; equals `state` but for rounding."""
        return float(self.start + self.entries.sum())

    def largest(self, k: int) -> np.ndarray:
        """The steps of the k largest entries by size, the largest first."""
        return np.argsort(-np.abs(self.entries), kind="stable")[:k]


def account(cell: str) -> str | None:
    """The state that a kind of cell keeps a ledger of; None for one that keeps none."""
    return _ACCOUNTS[cell].state if cell in _ACCOUNTS else None


def ledger(cell: str, tape: Tape, layer: int, unit: int, t: int) -> Ledger:
    """Who wrote the state of a unit after step t, computed in float64.

    Args:
        cell: "lstm" or "gru".
        tape: of batch size 1, without clamps.
        layer, unit, t: counted from 0.
    Raises:
        ValueError: cells of this kind have no such ledger.
    Source: the equations of Gers et al. 2000 and of Cho et al. 2014, arXiv:1406.1078, written out.
    """
    kind = _account(cell)
    values = _of_unit(tape, layer, unit, t)  # (T,) each
    keep = kind.keep(values)
    kept = np.append(np.cumprod(keep[:0:-1])[::-1], 1.0)  # (T,) of all that come after each
    return Ledger(
        name=kind.state,
        state=float(values[kind.state][-1]),
        before=float(tape.initial_state[layer][kind.state][0, unit]),
        kept_before=float(kept[0] * keep[0]),
        written=kind.write(values),
        kept=kept,
    )


def _of_unit(tape: Tape, layer: int, unit: int, t: int) -> Values:
    values = tape.layers[layer]
    return {name: value[: t + 1, 0, unit].astype(np.float64) for name, value in values.items()}


def kept_shares(cell: str, tape: Tape, layer: int) -> np.ndarray:
    """(T, H) the share of its state that each unit keeps at each step: f, in a GRU z."""
    return _account(cell).keep(tape.layers[layer])[:, 0].astype(np.float64)


def time_scales(cell: str, tape: Tape, layer: int) -> np.ndarray:
    """(H,) in how many characters each unit loses all but 1/e of what it holds: −1 / mean(ln f).

    The mean is over the text of the tape; in a GRU z takes the place of f. 0 for a unit whose gate
    is ever fully closed, infinite for one that never lets go.

    Raises:
        ValueError: cells of this kind have no gate that keeps.
    Source: Mahto et al. 2021, arXiv:2009.12727, who take the time-scale of a unit from its bias.
    """
    with np.errstate(divide="ignore"):
        return -1.0 / np.minimum(np.log(kept_shares(cell, tape, layer)).mean(axis=0), -0.0)


def _account(cell: str) -> _Account:
    if cell not in _ACCOUNTS:
        raise ValueError(
            f"A network of the kind {cell} squashes its whole state at every step, so no sum tells "
            f"who wrote it; there is a ledger for {' and '.join(_ACCOUNTS)}."
        )
    return _ACCOUNTS[cell]
