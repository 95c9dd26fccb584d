"""One step of a unit: what each gate adds up, its equations in LaTeX, and the units' time scales.

Equations come with symbols, and with the numbers of the step in them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, label, lay_out
from rnnlab.inspection.one_step import PARTS, CellStep
from rnnlab.network.cells import CELLS, Cell
from rnnlab.text.visible import visible

# Of the input, the memory and the biases, in every figure about sums.
PART_COLORS = dict(zip(PARTS, (colors.SERIES[2], colors.SERIES[1], colors.NEUTRAL), strict=True))
_WORDS = {"input": "input, W_ih x", "memory": "memory, W_hh h", "bias": "biases"}
_FAINT = 0.45
_MAX_SIGNS = 100  # characters that still stand side by side under a figure
_BARS_MARGIN = {"l": 86, "r": 16, "t": 8, "b": 44}


def gate_parts(step: CellStep, chosen: str) -> go.Figure:
    """One row a gate: what input, memory and biases add, and their sum as a diamond.

    Args:
        chosen: the gate whose row is drawn strongly.
    """
    names = [gate.name for gate in step.gates]
    rows = [f"{name} = {step.now[name]:.3f}".replace("-", "−") for name in names]
    figure = go.Figure()
    for part in PARTS:
        figure.add_bar(
            y=rows,
            x=[gate.parts[part] for gate in step.gates],
            orientation="h",
            name=_WORDS[part],
            marker={
                "color": PART_COLORS[part],
                "opacity": [1.0 if name == chosen else _FAINT for name in names],
            },
            hovertemplate=f"{_WORDS[part]}: %{{x:.3f}}<extra></extra>",
        )
    figure.add_scatter(
        y=rows,
        x=[gate.total for gate in step.gates],
        name="sum = pre-activation",
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 12,
            "color": colors.TEXT,
            "line": {"color": colors.BACKGROUND, "width": 1.5},
        },
        hovertemplate="sum: %{x:.3f}, so %{y}<extra></extra>",
    )
    figure.update_layout(
        margin={**_BARS_MARGIN, "t": 30},
        barmode="relative",
        bargap=0.35,
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis={
            "title": {"text": "added before the squashing function"},
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis={"autorange": "reversed", "ticks": "", "showgrid": False},
    )
    return figure


def unit_terms(
    weights: np.ndarray, values: np.ndarray, terms: np.ndarray, part: str, k: int
) -> go.Figure:
    """The k units that add most to a sum, by size, and all others together.

    Args:
        weights, values, terms: (H,) w, h, and what w · h adds.
        part: "memory" or "input", for the color.
    """
    order = np.argsort(-np.abs(terms), kind="stable")[:k]
    rest = float(terms.sum() - terms[order].sum())
    others = len(terms) - len(order)
    rows = [f"unit {unit}" for unit in order]
    notes = [f"{weights[unit]:.3f} · {values[unit]:.3f} = {terms[unit]:.3f}" for unit in order]
    sums = [float(terms[unit]) for unit in order]
    if others:
        rows, sums = [*rows, f"{others} others"], [*sums, rest]
        notes = [*notes, f"together {rest:.3f}"]
    figure = go.Figure(
        go.Bar(
            y=rows,
            x=sums,
            orientation="h",
            marker={
                "color": PART_COLORS[part],
                "opacity": [1.0] * len(order) + [_FAINT] * (len(rows) - len(order)),
            },
            text=notes,
            textposition="none",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        margin=_BARS_MARGIN,
        xaxis={
            "title": {"text": "weight · value of the unit"},
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis={"autorange": "reversed", "ticks": "", "showgrid": False, "type": "category"},
    )
    return figure


def character_terms(symbols: Sequence[str], terms: np.ndarray, read: int) -> go.Figure:
    """What every character would add to a sum, from the lowest to the highest.

    Args:
        symbols: the V characters; terms: (V,).
        read: the id of the character that was read, drawn strongly.
    """
    order = np.argsort(terms, kind="stable")
    signs = [label(visible(symbols[index])) for index in order]
    across = axis("character", showgrid=False, ticks="", tickangle=0)
    if len(signs) <= _MAX_SIGNS:
        across |= {
            "tickvals": np.arange(len(signs)),
            "ticktext": signs,
            "tickfont": {"size": 11, "family": "monospace"},
        }
    figure = go.Figure(
        go.Bar(
            x=np.arange(len(signs)),
            y=terms[order].astype(np.float32),
            marker={
                "color": PART_COLORS["input"],
                "opacity": [1.0 if index == read else _FAINT for index in order],
                "line": {
                    "color": colors.TEXT,
                    "width": [1.5 if index == read else 0 for index in order],
                },
            },
            text=signs,
            textposition="none",
            hovertemplate="%{text} adds %{y:.3f}<extra></extra>",
        )
    )
    return lay_out(figure, x=across, y=axis("W_ih x", zeroline=True, zerolinewidth=2), right=8)


_DECIMALS = 3
_MAX_PLAIN = 1e6  # numbers from here on are written with a power of ten

_SLOT = re.compile(r"(\+ |\\cdot )?<(\w+)>")
_PRODUCT = re.compile(r"<(\w+)> \\cdot <(\w+)>")


@dataclass(frozen=True)
class Equation:
    """One line: `left = symbols = numbers = result`, in LaTeX."""

    left: str
    symbols: str
    numbers: str
    result: str


def equations(step: CellStep) -> tuple[Equation, ...]:
    """The equations of a cell in the order in which they are computed.

    Numbers have three decimals; a gate has more where it multiplies a large number, so that
    the line still adds up.
    """
    values, decimals = _values(step), _decimals(step)

    def written(name: str) -> str:
        return number(values[name], decimals.get(name, _DECIMALS))

    return tuple(
        Equation(
            left=_symbol(name),
            symbols=_SLOT.sub(lambda slot: f"{slot[1] or ''}{_symbol(slot[2])}", formula),
            numbers=_SLOT.sub(lambda slot: _joined(slot[1] or "", written(slot[2])), formula),
            result=written(name),
        )
        for name, formula in CELLS[step.cell].equations
    )


def ledger_formula(cell: type[Cell]) -> str:
    """What a cell carries after T steps as the sum of what each step wrote, and the time-scale of
    its units, in LaTeX."""
    written = re.sub(r"([a-z])", r"\1_s", cell.written).replace(" · ", r"\, ").replace("−", "-")
    state, gate = cell.carried, cell.carry_gate
    return (
        rf"{state}_T = \Big(\prod_{{u \le T}} {gate}_u\Big)\, {state}_0 + \sum_{{s \le T}} "
        rf"\Big(\prod_{{u=s+1}}^{{T}} {gate}_u\Big)\, {written}, \qquad "
        rf"\tau = \frac{{-1}}{{\tfrac1T \sum_t \ln {gate}_t}}"
    )


def sum_formula(cell: type[Cell]) -> str:
    """What stands before the squashing function of each gate, in LaTeX."""
    plain = r"\text{sum} = W_{ih}\, x_t + W_{hh}\, h_{t-1} + (b_{ih} + b_{hh})"
    scaled = [
        rf", \quad \text{{for }} {gate}\!:\; W_{{ih}}\, x_t + {by}_t \cdot W_{{hh}}\, h_{{t-1}} + "
        rf"(b_{{ih}} + {by}_t \cdot b_{{hh}})"
        for gate, by in cell.through.items()
    ]
    return plain + "".join(scaled)


def aligned(lines: tuple[Equation, ...]) -> str:
    """All equations below each other, each with its numbers in a line of their own."""
    rows = (rf"{e.left} &= {e.symbols} \\ &= {e.numbers} = \mathbf{{{e.result}}}" for e in lines)
    return r"\begin{aligned}" + r" \\[8pt] ".join(rows) + r"\end{aligned}"


def number(value: float, decimals: int = _DECIMALS) -> str:
    """A number in LaTeX, rounded; huge ones with a power of ten."""
    if abs(value) >= _MAX_PLAIN:
        mantissa, power = f"{value:.{decimals}e}".split("e")
        return rf"{mantissa} \times 10^{{{int(power)}}}"
    written = f"{value:.{decimals}f}"
    return written.lstrip("-") if float(written) == 0 else written


def _values(step: CellStep) -> dict[str, float]:
    """The number of every slot."""
    said = {f"a_{gate.name}": gate.a for gate in step.gates}
    said |= {f"u_{gate.name}": gate.u for gate in step.gates}
    old = {f"old_{name}": value for name, value in step.before.items()}
    return step.now | said | old


def _decimals(step: CellStep) -> dict[str, int]:
    """How many decimals the gates have that multiply numbers without bounds."""
    values = _values(step)
    return {
        gate: _DECIMALS + min(math.ceil(math.log10(max(abs(values[partner]), 1.0))), 6)
        for _, formula in CELLS[step.cell].equations
        for gate, partner in _PRODUCT.findall(formula)
    }


def _symbol(name: str) -> str:
    """`f_t`, `c_{t-1}`, `a_f`."""
    if name.startswith("old_"):
        return rf"{name.removeprefix('old_')}_{{t-1}}"
    return name if "_" in name else f"{name}_t"


def _joined(sign: str, written: str) -> str:
    """A number after the sign before it, as people write it."""
    if not written.startswith("-") or not sign:
        return sign + written
    return f"- {written[1:]}" if sign == "+ " else f"{sign}({written})"


_AXIS_START, _AXIS_END = 1e-2, 1e6  # of the axis


def order_of(scales: np.ndarray) -> np.ndarray:
    """(H,) which unit stands at each place of the figure."""
    return np.argsort(-scales, kind="stable")


def time_scales_chart(scales: np.ndarray, chosen: int, length: int) -> go.Figure:
    """One point a unit; the chosen one is marked.

    Args:
        scales: (H,) in characters.
        length: of the text they were measured on, drawn as a line.
    """
    order = order_of(scales)
    heights = np.clip(scales[order], _AXIS_START, _AXIS_END)
    place = int(np.flatnonzero(order == chosen)[0])
    figure = go.Figure(
        go.Scatter(
            x=np.arange(1, len(order) + 1),
            y=heights,
            mode="markers",
            marker={"color": colors.NEUTRAL, "size": 7},
            text=[f"unit {unit}: {in_words(scales[unit])}" for unit in order],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[place + 1],
        y=heights[[place]],
        mode="markers+text",
        marker={"color": colors.SERIES[0], "size": 13},
        text=[f"unit {chosen}"],
        textposition="top right",
        hovertemplate=f"unit {chosen}: {in_words(scales[chosen])}<extra></extra>",
    )
    figure.add_scatter(
        x=[1, len(order)],
        y=[length, length],
        mode="lines+text",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"},
        text=["", "length of this text"],
        textposition="top left",
        hoverinfo="skip",
    )
    return lay_out(
        figure,
        x=axis("units of the layer, longest memory first", showgrid=False),
        y=axis("time-scale τ, characters", type="log", dtick=1),
        left=64,
        showlegend=False,
    )


def in_words(scale: float) -> str:
    """A time-scale as '34 characters'; beyond a million and below a hundredth in words."""
    if math.isinf(scale) or scale >= _AXIS_END:
        return "lets nothing go"
    if scale < _AXIS_START:
        return "erased at once"
    return f"{scale:.2g} characters" if scale < 10 else f"{scale:,.0f} characters"
