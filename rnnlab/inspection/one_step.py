"""One unit at one step of a text: its equations' numbers, and where each of its sums comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import split
from rnnlab.network.models import CharRNN
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
class Step:
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


def one_step(model: CharRNN, tape: Tape, layer: int, unit: int, t: int) -> Step:
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
    return Step(
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
    names = model.cell.gates or ("h",)
    through = {"n": values["r"]} if "r" in values else {}
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
        for k, name in enumerate(names)
    )


_KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _rows(model: CharRNN, kind: str, layer: int, unit: int) -> np.ndarray:
    """One row a gate of a matrix, (blocks, ·), or one number a gate of a bias, (blocks,)."""
    param = model.params[f"rnn.{kind}_l{layer}"]
    blocks = split(param.T, model.cell.blocks)  # the rows of the gates stand behind each other
    return np.array([block[..., unit] for block in blocks], np.float64)


def _is_id(x: np.ndarray) -> bool:
    return x.ndim == 0  # a character that stands for its one-hot vector


def of_each_character(model: CharRNN, step: Step, name: str) -> np.ndarray:
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
