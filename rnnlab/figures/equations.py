"""The equations of a cell as LaTeX: with symbols, and with the numbers of one step in them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rnnlab.inspection.one_step import Step

_DECIMALS = 3
_MOST = 1e6  # numbers from here on are written with a power of ten

# `<name>` stands for a symbol or for its number.
_FORMULAS: dict[str, tuple[tuple[str, str], ...]] = {
    "rnn_tanh": (("h", r"\tanh(<a_h> + <u_h>)"),),
    "rnn_relu": (("h", r"\max(0, <a_h> + <u_h>)"),),
    "lstm": (
        ("i", r"\sigma(<a_i> + <u_i>)"),
        ("f", r"\sigma(<a_f> + <u_f>)"),
        ("g", r"\tanh(<a_g> + <u_g>)"),
        ("o", r"\sigma(<a_o> + <u_o>)"),
        ("c", r"<f> \cdot <old_c> + <i> \cdot <g>"),
        ("h", r"<o> \cdot \tanh(<c>)"),
    ),
    "gru": (
        ("r", r"\sigma(<a_r> + <u_r>)"),
        ("z", r"\sigma(<a_z> + <u_z>)"),
        ("n", r"\tanh(<a_n> + <r> \cdot <u_n>)"),
        ("h", r"(1 - <z>) \cdot <n> + <z> \cdot <old_h>"),
    ),
}
_SLOT = re.compile(r"(\+ |\\cdot )?<(\w+)>")


@dataclass(frozen=True)
class Equation:
    """One line: `left = symbols = numbers = result`, in LaTeX."""

    left: str
    symbols: str
    numbers: str
    result: str


def equations(step: Step) -> tuple[Equation, ...]:
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
        for name, formula in _FORMULAS[step.cell]
    )


def aligned(lines: tuple[Equation, ...]) -> str:
    """All equations below each other, each with its numbers in a line of their own."""
    rows = (rf"{e.left} &= {e.symbols} \\ &= {e.numbers} = \mathbf{{{e.result}}}" for e in lines)
    return r"\begin{aligned}" + r" \\[8pt] ".join(rows) + r"\end{aligned}"


def number(value: float, decimals: int = _DECIMALS) -> str:
    """A number in LaTeX, rounded; huge ones with a power of ten."""
    if abs(value) >= _MOST:
        mantissa, power = f"{value:.{decimals}e}".split("e")
        return rf"{mantissa} \times 10^{{{int(power)}}}"
    written = f"{value:.{decimals}f}"
    return written.lstrip("-") if float(written) == 0 else written


def _values(step: Step) -> dict[str, float]:
    """The number of every slot."""
    said = {f"a_{gate.name}": gate.a for gate in step.gates}
    said |= {f"u_{gate.name}": gate.u for gate in step.gates}
    old = {f"old_{name}": value for name, value in step.before.items()}
    return step.now | said | old


def _decimals(step: Step) -> dict[str, int]:
    """How many decimals the gates have that multiply numbers without bounds."""
    partners = {"f": step.before.get("c", 0.0), "r": step.now.get("m", 0.0)}
    return {
        name: _DECIMALS + min(math.ceil(math.log10(max(abs(partner), 1.0))), 6)
        for name, partner in partners.items()
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
