"""First part: the right code, or a bug that is chosen openly."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from pages.components.gradient_check import comparison
from pages.components.gradient_check.comparison import Gradients
from pages.components.gradient_check.torch import autograd
from pages.components.pickers.address import initial
from rnnlab.inspection.gradient_check.bugs import BUGS, bugs_of, missing_in
from rnnlab.inspection.gradient_check.check import CaseSetting, make_case
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Params

_RIGHT = "no bug"
_BUG = "gc_bug"


def draw(setting: CaseSetting) -> None:
    """Choose a bug or none, and compare."""
    bug = _bug(setting.cell)
    comparison.draw(gradients(setting, bug))
    if bug:
        st.subheader("The line that is wrong", anchor=False)
        comparison.draw_solution(BUGS[bug], setting.cell)


def gradients(setting: CaseSetting, bug: str) -> Gradients:
    """Three gradients, the hand-written one with a bug; "" for none."""
    numeric, loss = _of_the_loss(setting)
    return Gradients(setting, hand_written(setting, bug), numeric, loss, autograd(setting))


@lru_cache(maxsize=256)
def hand_written(setting: CaseSetting, bug: str) -> Params:
    """What the backward pass says, with a bug in it or none."""
    case = make_case(setting)
    return (replace(case, model=BUGS[bug].put_into(case.model)) if bug else case).gradients()


@lru_cache(maxsize=64)
def _of_the_loss(setting: CaseSetting) -> tuple[Params, float]:
    case = make_case(setting)
    return case.differences(), case.loss


def _bug(cell: str) -> str:
    options = ["", *(each.name for each in bugs_of(cell))]
    chosen = st.selectbox(
        "Bug in the backward pass",
        options,
        index=options.index(initial(_BUG, options, "") or ""),
        format_func=lambda name: BUGS[name].title if name else _RIGHT,
        key=_BUG,
        bind="query-params",
        width=420,
        help="Puts a few wrong lines in the place of the right ones.",
    )
    chosen = chosen if chosen in options else ""
    if chosen:
        st.caption(BUGS[chosen].description)
    kind = CELLS[cell]
    reason = "" if kind.gates else ", which has no gates"
    for bug in missing_in(cell):
        st.caption(f"Not to be had in a {kind.title}{reason}: {bug.title}.")
    return chosen
