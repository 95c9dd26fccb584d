"""One unit at one step: its equations' numbers, who wrote its memory, and where to look first.

Memory attribution takes a gated state apart exactly into what each earlier step wrote and the
share that was kept since: LSTM c_T = (Π f) c_0 + Σ_s (Π_{u>s} f_u) i_s g_s; GRU, with z as
PyTorch writes it, h_T = (Π z) h_0 + Σ_s (Π_{u>s} z_u) (1 − z_s) n_s (Gers et al. 2000; Cho et
al. 2014, arXiv:1406.1078).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import CELLS, Cell, Values, split
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.tape import Tape

PARTS = ("input", "memory", "bias")


@dataclass(frozen=True, eq=False)
class GateSum:
    """What is added up before the squashing function of one gate of one unit.

    `a` and `u` are what a cell's equations are told: by the input, W_ih x + b_ih, and by the
    memory, W_hh h + b_hh.
    """

    name: str  # of the gate; "h" in a cell that has none
    input: float  # W_ih x
    memory: float  # W_hh h
    bias_ih: float
    bias_hh: float
    through: float  # 1; in the candidate of a GRU the reset gate, which u is multiplied by
    input_weights: np.ndarray  # (D,) the row of W_ih; (V,) where characters enter as one-hot
    memory_weights: np.ndarray  # (H,) the row of W_hh

    @property
    def a(self) -> float:
        return self.input + self.bias_ih

    @property
    def u(self) -> float:
        return self.memory + self.bias_hh

    @property
    def parts(self) -> dict[str, float]:
        """What the input, the memory and the biases add, as far as it gets through."""
        bias = self.bias_ih + self.through * self.bias_hh
        return dict(zip(PARTS, (self.input, self.through * self.memory, bias), strict=True))

    @property
    def total(self) -> float:
        """The pre-activation: what the squashing function is given."""
        return self.a + self.through * self.u


@dataclass(frozen=True, eq=False)
class CellStep:
    """One unit of one layer while it reads one character."""

    cell: str  # a key of CELLS
    layer: int  # from 0
    unit: int
    t: int  # from the beginning of the tape
    now: dict[str, float]  # every value of the unit, as on the tape
    before: dict[str, float]  # its state before the step
    gates: tuple[GateSum, ...]
    x: np.ndarray  # (D,) what the layer was given; the id of the character where it is one-hot
    h: np.ndarray  # (H,) what all units of the layer said one step before

    def gate(self, name: str) -> GateSum:
        """One of the sums by its name, the first for an unknown one."""
        return next((gate for gate in self.gates if gate.name == name), self.gates[0])

    def memory_terms(self, name: str) -> np.ndarray:
        """(H,) what each unit of the previous step adds to a sum; they make its memory part."""
        gate = self.gate(name)
        return gate.through * gate.memory_weights * self.h

    def input_terms(self, name: str) -> np.ndarray | None:
        """(D,) what each number of the input adds; None where one character enters as a whole."""
        return None if self.x.ndim == 0 else self.gate(name).input_weights * self.x


def one_step(model: CharRNN, tape: Tape, layer: int, unit: int, t: int) -> CellStep:
    """Take apart what one unit computes at one step.

    Sums are made in float64 from the tape and the parameters, so of a float32 network they differ
    from what it computed by the rounding of float32.

    Args:
        tape: from `model.forward`, of batch size 1, without clamps and dropout.
        layer, unit, t: counted from 0.
    Raises:
        ValueError: there is no such layer, unit or step.
    """
    _check(model, tape, layer, unit, t)
    values = {name: float(value[t, 0, unit]) for name, value in tape.layers[layer].items()}
    state = {
        name: tape.layers[layer][name][t - 1, 0] if t else tape.initial_state[layer][name][0]
        for name in model.cell.states
    }
    x, h = tape.inputs[layer][t, 0], state["h"].astype(np.float64)
    return CellStep(
        cell=model.cell.name,
        layer=layer,
        unit=unit,
        t=t,
        now=values,
        before={name: float(value[unit]) for name, value in state.items()},
        gates=_gates(model, layer, unit, x, h, values),
        x=x if _is_id(x) else x.astype(np.float64),
        h=h,
    )


def _check(model: CharRNN, tape: Tape, layer: int, unit: int, t: int) -> None:
    sizes, steps = model.architecture, len(tape.layers[0]["h"])
    if not (0 <= layer < sizes.num_layers and 0 <= unit < sizes.hidden_size):
        raise ValueError(
            f"There is no unit {unit} in layer {layer}; this network has {sizes.num_layers} "
            f"layer(s) of {sizes.hidden_size} units, counted from 0."
        )
    if not 0 <= t < steps:
        raise ValueError(f"There is no step {t}; the text has {steps}, counted from 0.")


def _gates(
    model: CharRNN, layer: int, unit: int, x: np.ndarray, h: np.ndarray, values: dict[str, float]
) -> tuple[GateSum, ...]:
    ih, hh, bias_ih, bias_hh = (_rows(model, kind, layer, unit) for kind in _KINDS)
    entering = ih[:, x] if _is_id(x) else ih @ x.astype(np.float64)  # (blocks,)
    through = {gate: values[name] for gate, name in model.cell.through.items()}
    return tuple(
        GateSum(
            name=name,
            input=float(entering[k]),
            memory=float(hh[k] @ h),
            bias_ih=float(bias_ih[k]),
            bias_hh=float(bias_hh[k]),
            through=through.get(name, 1.0),
            input_weights=ih[k],
            memory_weights=hh[k],
        )
        for k, name in enumerate(model.cell.blocks_of())
    )


_KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _rows(model: CharRNN, kind: str, layer: int, unit: int) -> np.ndarray:
    """One row a gate of a matrix, (blocks, ·), or one number a gate of a bias, (blocks,)."""
    param = model.params[f"rnn.{kind}_l{layer}"]
    blocks = split(param.T, model.cell.blocks)  # the rows of the gates stand behind each other
    return np.array([block[..., unit] for block in blocks], np.float64)


def _is_id(x: np.ndarray) -> bool:
    return x.ndim == 0  # a character that stands for its one-hot vector


def of_each_character(model: CharRNN, step: CellStep, name: str) -> np.ndarray:
    """(V,) what every character would add to a sum of layer 1, if it were read at this step.

    Raises:
        ValueError: the step is of a higher layer, which reads no characters.
    """
    if step.layer:
        raise ValueError(f"Layer {step.layer + 1} reads the layer below it, not characters.")
    weights = step.gate(name).input_weights
    if not model.architecture.embedding_size:
        return weights
    return model.params["embedding.weight"].astype(np.float64) @ weights


@dataclass(frozen=True, eq=False)
class MemoryAttribution:
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


def memory_attribution(cell: str, tape: Tape, layer: int, unit: int, t: int) -> MemoryAttribution:
    """Who wrote the state of a unit after step t, computed in float64.

    Args:
        cell: a key of CELLS.
        tape: of batch size 1, without clamps.
        layer, unit, t: counted from 0.
    Raises:
        ValueError: cells of this kind carry no state, so nothing can be attributed.
    Source: the equations of Gers et al. 2000 and of Cho et al. 2014, arXiv:1406.1078, written out.
    """
    kind = _carrying(cell)
    state = kind.carried or ""
    values = _of_unit(tape, layer, unit, t)  # (T,) each
    keep = kind.keep(values)
    kept = np.append(np.cumprod(keep[:0:-1])[::-1], 1.0)  # (T,) of all that come after each
    return MemoryAttribution(
        name=state,
        state=float(values[state][-1]),
        before=float(tape.initial_state[layer][state][0, unit]),
        kept_before=float(kept[0] * keep[0]),
        written=kind.write(values),
        kept=kept,
    )


def _of_unit(tape: Tape, layer: int, unit: int, t: int) -> Values:
    values = tape.layers[layer]
    return {name: value[: t + 1, 0, unit].astype(np.float64) for name, value in values.items()}


def kept_shares(cell: str, tape: Tape, layer: int) -> np.ndarray:
    """(T, H) the share of its state that each unit keeps at each step: f, in a GRU z."""
    return _carrying(cell).keep(tape.layers[layer])[:, 0].astype(np.float64)


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


def _carrying(cell: str) -> type[Cell]:
    """The cell of this name, which carries a state."""
    if CELLS[cell].carried is None:
        known = [kind.title for kind in CELLS.values() if kind.carried is not None]
        raise ValueError(
            f"A {CELLS[cell].title} squashes its whole state at every step, so no sum tells who "
            f"wrote it; there is a ledger for {' and '.join(known)}."
        )
    return CELLS[cell]


_TINY = 1e-12  # for a unit that is always 0


def salient_unit(model: CharRNN, tape: Tape, layer: int) -> int:
    """The unit that remembers long and is yet rewritten at a blow.

    Largest is (its time-scale, at most the length of the text) × (its largest change in one step,
    relative to its largest value). In a cell without gates: the unit that moves most.
    """
    state = _state(model, tape, layer)  # (T, H)
    if model.cell.carried is None:
        return int(state.std(axis=0).argmax())
    scales = np.minimum(time_scales(model.cell.name, tape, layer), len(state))
    jumps = np.abs(np.diff(state, axis=0)).max(axis=0, initial=0.0)
    largest = np.abs(state).max(axis=0)
    return int((scales * jumps / np.maximum(largest, _TINY)).argmax())


def salient_step(model: CharRNN, tape: Tape, layer: int, unit: int) -> int:
    """Where a unit changes much and yet keeps much, in the later half of a text: there it has a
    past. Largest is |change| × share that is kept; in a cell without gates |change|."""
    state = _state(model, tape, layer)[:, unit]
    first = max(len(state) // 2, 1)
    changes = np.abs(np.diff(state))[first - 1 :]  # of the steps from `first` on
    if model.cell.carried is not None:
        changes = changes * kept_shares(model.cell.name, tape, layer)[first:, unit]
    return first + int(changes.argmax()) if changes.size else 0


def _state(model: CharRNN, tape: Tape, layer: int) -> np.ndarray:
    """(T, H) what the cell keeps: c where there is one, else h."""
    return tape.trace(model.cell.states[-1], layer)[0].astype(np.float64)
