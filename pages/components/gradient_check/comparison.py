"""Three gradients of one loss (table, errors, element by element), and the solution of a bug.

The solution shows the lines that differ, and why the errors look as they do.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.browser.plot import Click, plot
from pages.components.gradient_check import torch as gradient_check_torch
from pages.components.gradient_check.torch import Answer
from pages.components.layout import escape_markdown, how_to_read, two_columns
from pages.components.pickers.address import initial, one_of, put
from rnnlab.figures.gradient_check import (
    ROW,
    TOP,
    agreement,
    element_heatmap,
    element_names,
    error_dots,
    heatmap_height,
)
from rnnlab.inspection.gradient_check.bugs import Bug, source_diff
from rnnlab.inspection.gradient_check.check import (
    PASSES_BELOW,
    CaseSetting,
    TensorCheck,
    compared,
    element_errors,
)
from rnnlab.network.char_rnn import Params
from rnnlab.text.vocabulary import Vocabulary

HAND, TORCH, LOSS = "Hand-written", "Autograd", "Finite differences"
_CHECK, _ORACLE, _BETWEEN = "Hand ↔ differences", "Hand ↔ autograd", "Autograd ↔ differences"
_ENDS = {_CHECK: (HAND, LOSS), _ORACLE: (HAND, TORCH), _BETWEEN: (TORCH, LOSS)}
_TENSOR, _PAIR = "gc_tensor", "gc_pair"
_LOOK_EVERY = 0.5  # seconds, while torch is asked
_LISTED = 6  # elements


@dataclass(frozen=True, eq=False)
class Gradients:
    """The same gradient in three ways."""

    setting: CaseSetting
    hand: Params
    numeric: Params
    loss: float
    torch: Answer

    def pairs(self) -> dict[str, dict[str, TensorCheck]]:
        """What can be compared, by name; the gradient check itself comes first."""
        found = {_CHECK: compared(self.hand, self.numeric, self.loss)}
        if self.torch.grads is not None:
            found[_ORACLE] = compared(self.hand, self.torch.grads)
            found[_BETWEEN] = compared(self.torch.grads, self.numeric, self.loss)
        return found


def draw(found: Gradients) -> None:
    """All of it."""
    pairs = found.pairs()
    _summary(pairs[_CHECK])
    _torch_note(found)
    _table(found, pairs)
    tensors = list(found.hand)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        tensor, pair = _tensor(tensors), _pair(list(pairs))
    check = pairs[pair][tensor]
    errors, listed = two_columns()
    with errors:
        plot(
            error_dots(pairs, tensor),
            key="gc_errors",
            height=TOP + 44 + ROW * len(tensors),
            alt="Relative error of each tensor, for each two of the three gradients",
            on_click=_choose,
        )
        how_to_read(
            "Left of the dashed line, 1e-6, gradients agree; click a mark to look into its tensor."
        )
    with listed:
        _listed(found, check)
    _elements(found, check, *_ENDS[pair])


def _torch_note(found: Gradients) -> None:
    """Why there is no column of torch, and when there will be one."""
    if found.torch.grads is not None:
        return
    if found.torch.waits:
        st.fragment(_wait, run_every=_LOOK_EVERY)(found.setting)
    else:
        st.caption(
            f":material/warning: {escape_markdown(found.torch.why)} The rest works without it."
        )


def _wait(setting: CaseSetting) -> None:
    answer = gradient_check_torch.autograd(setting)
    st.caption(f":material/hourglass_empty: {escape_markdown(answer.why)}")
    if not answer.waits:
        st.rerun()
    time.sleep(0.01)  # lets the last messages leave


def _summary(checks: dict[str, TensorCheck]) -> None:
    """How many tensors pass the gradient check."""
    failing = sum(not one.passes for one in checks.values())
    if failing:
        st.markdown(f":red[**{failing} of {len(checks)} tensors fail the gradient check.**]")
    else:
        st.markdown(f":green[**All {len(checks)} tensors pass the gradient check.**]")


def _table(found: Gradients, pairs: dict[str, dict[str, TensorCheck]]) -> None:
    lines = []
    for name in found.hand:
        checks = {pair: checks[name] for pair, checks in pairs.items()}
        line = {
            "Tensor": f"`{name}`",
            "Shape": " × ".join(f"{size}" for size in found.hand[name].shape),
            "Verdict": _verdict(checks),
            **{pair: _error(checks[pair]) if pair in checks else "" for pair in _ENDS},
        }
        lines.append(line)
    st.table(pd.DataFrame(lines).set_index("Tensor"))
    how_to_read(
        "How far each two of the three gradients differ, from 0 to 1. Below 1e-6 they are the same "
        "but for rounding."
    )
    with st.expander("The norm of each gradient", icon=":material/straighten:"):
        _norms(found)


def _norms(found: Gradients) -> None:
    lines = [
        {
            "Tensor": f"`{name}`",
            HAND: _norm(found.hand, name),
            TORCH: _norm(found.torch.grads, name),
            LOSS: _norm(found.numeric, name),
        }
        for name in found.hand
    ]
    st.table(pd.DataFrame(lines).set_index("Tensor"))
    how_to_read("In three ways, in nats per unit of weight.")


def _norm(grads: Params | None, name: str) -> str:
    return "" if grads is None else f"{np.linalg.norm(grads[name]):.8f}"


def _error(check: TensorCheck) -> str:
    color = "green" if check.passes else "red"
    return f":{color}[{check.error:.1e}]"


def _verdict(checks: dict[str, TensorCheck]) -> str:
    """Of the gradient check; and of torch, where it disagrees with a check that passes."""
    if not checks[_CHECK].passes:
        return ":red[**✗\N{NO-BREAK SPACE}fails**]"
    if _ORACLE in checks and not checks[_ORACLE].passes:
        return ":orange[**✓\N{NO-BREAK SPACE}passes, ≠\N{NO-BREAK SPACE}torch**]"
    return ":green[✓\N{NO-BREAK SPACE}passes]"


def _tensor(tensors: list[str]) -> str:
    first = initial(_TENSOR, tensors, tensors[0])
    chosen = st.selectbox(
        "Tensor to look into",
        tensors,
        index=0 if first is None else tensors.index(first),
        key=_TENSOR,
        bind="query-params",
        width=260,
        help="Or click a mark of the figure below.",
    )
    return chosen if chosen in tensors else tensors[0]


def _pair(pairs: list[str]) -> str:
    return one_of(
        "Compare, element by element",
        pairs,
        key=_PAIR,
        help="Which two of the three gradients the figures of single elements show.",
    )


def _choose(click: Click) -> None:
    put(_TENSOR, click.y)


def _listed(found: Gradients, check: TensorCheck) -> None:
    """The elements that differ most, as numbers."""
    order = np.argsort(-np.abs(check.analytic - check.numeric), axis=None, kind="stable")
    rows, columns = element_names(check, found.setting.cell, _symbols(found))
    names = [f"{row}, {column}" for row in rows for column in columns]
    lines = [
        {
            "Element": names[k],
            HAND: _number(found.hand, check.name, k),
            TORCH: _number(found.torch.grads, check.name, k),
            LOSS: _number(found.numeric, check.name, k),
        }
        for k in order[:_LISTED].tolist()
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch", alt="Elements as numbers.")
    how_to_read(f"The {len(lines)} elements of `{check.name}` that differ most.")


def _number(grads: Params | None, name: str, k: int) -> str:
    return "" if grads is None else f"{grads[name].flat[k]:.9f}".replace("-", "−")


def _symbols(found: Gradients) -> tuple[str, ...]:
    return tuple(Vocabulary.from_text(found.setting.text).symbols)


def _elements(found: Gradients, check: TensorCheck, first: str, second: str) -> None:
    cell = found.setting.cell
    where, how = two_columns()
    with where:
        plot(
            element_heatmap(check, cell, _symbols(found)),
            key="gc_elements",
            height=heatmap_height(check, cell),
            alt=f"Relative error of every element of {check.name}",
        )
        above = int((element_errors(check) > PASSES_BELOW).sum())
        how_to_read(
            f"Each cell is one weight of `{check.name}`, stronger in color the more the two "
            f"gradients differ. {above} of {check.analytic.size} lie above 1e-6; a few do by "
            "rounding alone, where the gradient is nearly 0. Judge by whole tensors; look for rows "
            "and columns here."
        )
    with how:
        plot(
            agreement(check, first, second),
            key="gc_agreement",
            height=320,
            alt=f"{first} gradient against {second}, a point for each element of {check.name}",
        )
        how_to_read(
            "Each point is one weight; right ones lie on the dashed line. Another straight line "
            "means a wrong factor, a cloud means that something is missing or mixed up."
        )


_HIDING = {
    "seq_length": "With one step it cannot be seen.",
    "batch_size": "With one sequence it cannot be seen.",
    "": "Neither one step nor one sequence hides it.",
}
_WORDS = {
    "rnn.*": "all tensors of the recurrent layers",
    "rnn.bias_ih_l*": "`bias_ih` of each layer",
    "rnn.weight_hh_l*": "`weight_hh` of each layer",
}


def draw_solution(bug: Bug, cell: str) -> None:
    """Right and wrong source together, and the reason."""
    source, words = st.columns([3, 2], gap="large")
    with source:
        st.code(source_diff(*bug.functions(cell)), language="diff", wrap_lines=True)
        how_to_read("A line with − is right and gone, a line with + is wrong and new.")
    with words:
        st.markdown(f"**{bug.title}.** {bug.description}")
        tensors = ", ".join(_WORDS.get(pattern, f"`{pattern}`") for pattern in bug.fails)
        gates = ""
        if cell in bug.gates:
            listed = " and ".join(f"**{gate}**" for gate in bug.gates[cell])
            gates = f" With one step and one layer, only rows of {listed} are wrong."
        st.markdown(f"Wrong: {tensors}. {_HIDING[bug.hidden_by]}{gates}")
        st.markdown(bug.why)
