"""The equations of one step with their numbers, drawn, written, and as the source that ran."""

from __future__ import annotations

import inspect
import textwrap

import streamlit as st

from pages.components.browser.plot import plot
from pages.components.layout import escape_markdown, how_to_read, show_error, two_columns
from pages.components.one_step.choice import StepChoice
from rnnlab.figures.cell_diagram import cell_flow
from rnnlab.figures.one_step import aligned, equations
from rnnlab.text.visible import visible


def equations_and_source(choice: StepChoice) -> None:
    """The symbolic equations, the same with numbers, and the lines of Python beside them."""
    left, right = two_columns()
    with left:
        st.latex(aligned(equations(choice.step)))
        how_to_read(_words(choice))
    with right:
        forward = choice.reading.model.cell.forward
        st.code(textwrap.dedent(inspect.getsource(forward)), language="python", wrap_lines=True)
        how_to_read(
            "The lines that computed these numbers, for all units at once: this is the source that "
            "ran, not a copy of it."
        )


def drawing(choice: StepChoice) -> None:
    """The cell as a flow of numbers, for projecting."""
    step, reading = choice.step, choice.reading
    sign = "" if reading.layer else visible(reading.part.text[choice.t])
    has_gates = len(step.gates) > 1
    source = "the layer below" if reading.layer else "the character"
    try:
        figure = cell_flow(step, sign)
    except ValueError as error:
        show_error(error)
        return
    plot(
        figure,
        key="one_step_flow",
        height=430 if has_gates else 270,
        alt=f"Drawing of the {reading.model.cell.title} with the numbers of this step.",
    )
    how_to_read(
        "One unit, from left to right: red numbers are positive, blue ones negative, and an arrow "
        f"is as thick as what it carries. The lower lines bring what {source} (*a*) and all units "
        "of the step before (*u*) say; point at a box for its meaning."
    )


def _words(choice: StepChoice) -> str:
    sign = escape_markdown(visible(choice.reading.part.text[choice.t]))
    reads = "the character" if choice.reading.layer == 0 else "what the layer below says"
    remark = choice.reading.model.cell.remark
    return (
        f"Unit {choice.unit} of layer {choice.reading.layer + 1}, reading **{sign}**. *a* is what "
        f"the input says ($W_{{ih}}x + b_{{ih}}$, with *x* {reads}), *u* what the memory says "
        f"($W_{{hh}}h_{{t-1}} + b_{{hh}}$).{' ' if remark else ''}{remark}"
    )
