"""A drawn bug that is to be found by its effect on the gradients, with a record of the search.

The record holds which candidates were named, which hints were taken and which experiments made.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from pages.components.gradient_check import comparison
from pages.components.gradient_check.side_by_side import gradients
from pages.components.layout import how_to_read, two_columns
from pages.components.pickers.address import initial, put
from rnnlab.inspection.gradient_check.bugs import BUGS, Bug, Checks, bugs_of, drawn, objection
from rnnlab.inspection.gradient_check.check import CaseSetting, compared

_MAX_EXPERIMENTS = 12  # experiments in the notebook


@dataclass
class Record:
    """Of one case; lives as long as the browser's session."""

    named: list[str] = field(default_factory=list)  # candidates, the latest last
    hints: int = 0
    gave_up: bool = False
    tried: dict[CaseSetting, tuple[str, ...]] = field(default_factory=dict)  # wrong tensors

    def note(self, setting: CaseSetting, wrong: tuple[str, ...]) -> None:
        """Write down an experiment and what it showed; the latest one stands last."""
        self.tried.pop(setting, None)
        self.tried[setting] = wrong
        while len(self.tried) > _MAX_EXPERIMENTS:
            del self.tried[next(iter(self.tried))]


def record(cell: str, number: int) -> Record:
    """The record of a case."""
    return st.session_state.setdefault(f"gc_record_{cell}_{number}", Record())


def notebook(known: Record) -> None:
    """The experiments so far, and which tensors were wrong in each."""
    lines = [
        {
            "T": setting.seq_length,
            "B": setting.batch_size,
            "L": setting.num_layers,
            "Wrong": ", ".join(wrong).replace("rnn.", "") or "nothing",
            "Text": setting.text,
            "Seed": setting.seed,
        }
        for setting, wrong in reversed(known.tried.items())
    ]
    narrow = st.column_config.NumberColumn(width=40)
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        width="stretch",
        alt="What you tried.",
        column_config={
            "T": narrow,
            "B": narrow,
            "L": narrow,
            "Wrong": {"width": 300},
            "Text": {"width": 90},
            "Seed": {"width": 50},
        },
    )
    how_to_read(
        "Your notebook, latest first: which tensors were wrong with T steps, B sequences and L "
        "layers."
    )


_CASE, _NUMBERS = "gc_case", range(1, 10_000)


def draw(setting: CaseSetting) -> None:
    """The case, its evidence, and the answer."""
    number = _number()
    bug, known = drawn(setting.cell, number), record(setting.cell, number)
    st.markdown(
        "One bug hides in the hand-written backward pass. Look which tensors are wrong, change the "
        "sizes above and see what changes, then accuse. Accused so far: "
        f"**{len(known.named)}**; hints: **{known.hints}**."
    )
    seen = _checks(setting, bug)
    known.note(setting, tuple(name for name, one in seen.items() if not one.passes))
    comparison.draw(gradients(setting, bug.name))
    notebook(known)
    candidates, help_ = two_columns()
    with candidates:
        _answer(setting, bug, known, number)
    with help_:
        _hints(bug, known)
    if bug.name in known.named or known.gave_up:
        st.subheader("Solution", anchor=False)
        comparison.draw_solution(bug, setting.cell)


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


def _checks(setting: CaseSetting, bug: Bug) -> Checks:
    found = gradients(setting, bug.name)
    return compared(found.hand, found.numeric, found.loss)


def _answer(setting: CaseSetting, bug: Bug, known: Record, number: int) -> None:
    candidates = bugs_of(setting.cell)
    candidate = st.radio(
        "Who did it?",
        [each.name for each in candidates],
        index=None,
        format_func=lambda name: BUGS[name].title,
        captions=[each.description for each in candidates],
        key=f"gc_candidate_{setting.cell}_{number}",
        help="All bugs that this cell can have; one of them was planted.",
    )
    st.button(
        "Accuse",
        type="primary",
        icon=":material/gavel:",
        disabled=candidate is None,
        on_click=_note,
        args=(known, candidate),
        key="gc_answer",
        help="Says whether it was this one, and if not, what speaks against it.",
    )
    if known.named:
        _judge(setting, bug, known)


def _note(known: Record, candidate: str) -> None:
    if candidate in known.named:  # once more: the answer is about the last one
        known.named.remove(candidate)
    known.named.append(candidate)


def _judge(setting: CaseSetting, bug: Bug, known: Record) -> None:
    last = BUGS[known.named[-1]]
    if last is bug:
        st.success(
            f"**Found, at the {_ordinal(len(known.named))} try.** {last.title}: the solution "
            "stands below.",
            icon=":material/check_circle:",
        )
        return
    reason = objection(_checks(setting, last), _checks(setting, bug))
    st.error(f"**Not this one:** {last.title}. {reason}", icon=":material/cancel:")


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _hints(bug: Bug, known: Record) -> None:
    for number, hint in enumerate(bug.hints[: known.hints], start=1):
        st.markdown(f"**Hint {number}.** {hint}")
    with st.container(horizontal=True):
        st.button(
            "Hint",
            icon=":material/lightbulb:",
            disabled=known.hints >= len(bug.hints),
            on_click=_one_more_hint,
            args=(known,),
            key="gc_hint",
            help=f"Three of them: what to look at, what to try, what it means. Taken: "
            f"{known.hints} of {len(bug.hints)}.",
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
