"""Second act: a bug is drawn, and is to be found by what it does to the gradients."""

from __future__ import annotations

import random

import streamlit as st

from pages.components import gradient_check_comparison, gradient_check_solution
from pages.components.beside import beside
from pages.components.bound import initial, put
from pages.components.gradient_check_record import Record, notebook, record
from pages.components.gradient_check_side_by_side import gradients
from rnnlab.inspection.faults.catalog import FAULTS, drawn, faults_of
from rnnlab.inspection.faults.fault import Fault
from rnnlab.inspection.faults.suspicion import Checks, objection
from rnnlab.inspection.small_case import Setting, compared

_CASE, _NUMBERS = "gc_case", range(1, 10_000)


def draw(setting: Setting) -> None:
    """The case, its evidence, and the accusation."""
    number = _number()
    fault, known = drawn(setting.cell, number), record(setting.cell, number)
    st.markdown(
        "One bug hides in the hand-written backward pass. Look which tensors are wrong, change the "
        "sizes above and see what changes, then accuse. Accused so far: "
        f"**{len(known.accused)}**; hints: **{known.hints}**."
    )
    seen = _checks(setting, fault)
    known.note(setting, tuple(name for name, one in seen.items() if not one.passes))
    gradient_check_comparison.draw(gradients(setting, fault.name))
    notebook(known)
    suspects, help_ = beside()
    with suspects:
        _accuse(setting, fault, known, number)
    with help_:
        _hints(fault, known)
    if fault.name in known.accused or known.gave_up:
        st.subheader("Solution", anchor=False)
        gradient_check_solution.draw(fault, setting.cell)


def _number() -> int:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        number = st.number_input(
            "Case",
            _NUMBERS[0],
            _NUMBERS[-1],
            initial(_CASE, _NUMBERS, _NUMBERS[0]),
            key=_CASE,
            bind="query-params",
            width=160,
            help="Each number draws a bug; the same number and cell draw the same one, so that a "
            "class can look for it together.",
        )
        st.button(
            "New case",
            icon=":material/casino:",
            on_click=_new,
            key="gc_new",
            help="Draws another number, and with it a bug.",
        )
    return int(number) if number in _NUMBERS else _NUMBERS[0]


def _new() -> None:
    put(_CASE, random.choice(_NUMBERS))


def _checks(setting: Setting, fault: Fault) -> Checks:
    found = gradients(setting, fault.name)
    return compared(found.hand, found.numeric, found.loss)


def _accuse(setting: Setting, fault: Fault, known: Record, number: int) -> None:
    suspects = faults_of(setting.cell)
    suspect = st.radio(
        "Who did it?",
        [each.name for each in suspects],
        index=None,
        format_func=lambda name: FAULTS[name].title,
        captions=[each.act for each in suspects],
        key=f"gc_suspect_{setting.cell}_{number}",
        help="All bugs that this cell can have; one of them was planted.",
    )
    st.button(
        "Accuse",
        type="primary",
        icon=":material/gavel:",
        disabled=suspect is None,
        on_click=_note,
        args=(known, suspect),
        key="gc_accuse",
        help="Says whether it was this one, and if not, what speaks against it.",
    )
    if known.accused:
        _judge(setting, fault, known)


def _note(known: Record, suspect: str) -> None:
    if suspect in known.accused:  # once more: the answer is about the last one
        known.accused.remove(suspect)
    known.accused.append(suspect)


def _judge(setting: Setting, fault: Fault, known: Record) -> None:
    last = FAULTS[known.accused[-1]]
    if last is fault:
        tries = len(known.accused)
        st.success(
            f"**Found, at the {_ordinal(tries)} try.** {last.title}: the solution stands below.",
            icon=":material/check_circle:",
        )
        return
    reason = objection(_checks(setting, last), _checks(setting, fault))
    st.error(f"**Not this one:** {last.title}. {reason}", icon=":material/cancel:")


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _hints(fault: Fault, known: Record) -> None:
    for number, hint in enumerate(fault.hints[: known.hints], start=1):
        st.markdown(f"**Hint {number}.** {hint}")
    with st.container(horizontal=True):
        st.button(
            "Hint",
            icon=":material/lightbulb:",
            disabled=known.hints >= len(fault.hints),
            on_click=_one_more_hint,
            args=(known,),
            key="gc_hint",
            help=f"Three of them: what to look at, what to try, what it means. Taken: "
            f"{known.hints} of {len(fault.hints)}.",
        )
        st.button(
            "Show the solution",
            icon=":material/visibility:",
            on_click=_give_up,
            args=(known,),
            key="gc_give_up",
            help="Ends the case: the wrong line, and why its errors look as they do.",
        )


def _one_more_hint(known: Record) -> None:
    known.hints += 1


def _give_up(known: Record) -> None:
    known.gave_up = True
