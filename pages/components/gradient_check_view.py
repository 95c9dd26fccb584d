"""The acts of the theatre: side by side, find the bug, a wrong function."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    gradient_check_case,
    gradient_check_settings,
    gradient_check_side_by_side,
    gradient_check_wrong,
    source_code,
)
from pages.components.plain import problem
from rnnlab.inspection.differences import tensor_differences
from rnnlab.inspection.gradient_check import TensorCheck
from rnnlab.inspection.small_case import make_case

_ACTS = {
    "Side by side": gradient_check_side_by_side.draw,
    "Find the bug": gradient_check_case.draw,
    "A wrong function": gradient_check_wrong.draw,
}


def draw() -> None:
    """Choose an act and a setting, and play it."""
    first = next(iter(_ACTS))
    act = st.segmented_control(
        "Act",
        list(_ACTS),
        default=first,
        required=True,
        key="gc_act",
        bind="query-params",
        help="Side by side: the right code, or a bug that you choose. Find the bug: one is drawn "
        "for you. A wrong function: what this check cannot see.",
    )
    try:
        setting = gradient_check_settings.choose()
    except ValueError as error:
        problem(error)
        return
    gradient_check_settings.say(setting, make_case(setting))
    _ACTS.get(act, _ACTS[first])(setting)
    with st.expander("Definition, and where it can mislead", icon=":material/functions:"):
        _definition()


def _definition() -> None:
    st.latex(
        r"n = \frac{f(\theta + \varepsilon) - f(\theta - \varepsilon)}{2\varepsilon}, \quad "
        r"\varepsilon = 10^{-5} \text{ in 64 bits}; \qquad "
        r"\text{error of a tensor} = \frac{\lVert a - n \rVert}{\lVert a \rVert + \lVert n \rVert}"
    )
    st.markdown(
        "f is the mean loss, θ one weight after the other, a the gradient under test. A tensor "
        "passes below 1e-6, or where all of the difference may be rounding: a loss near 2 is known "
        "to 16 digits, so a difference over 2e-5 is known to about 1e-11.\n"
        "- **Element by element it misleads**: where a gradient is nearly 0, rounding is all there "
        "is, and even torch fails. Look at elements, judge by tensors.\n"
        "- **It cannot see a wrong function**: it asks whether the backward pass belongs to the "
        "forward pass, not whether the forward pass is the one you meant (third act).\n"
        "- **A ramp has a corner**: if a ReLU's input lies within ε of 0, the two sides have "
        "different slopes, and a right gradient fails. Another seed mends it.\n"
        "- Dropout must drop the same units each time; 32 bits are too few digits."
    )
    source_code.columns(tensor_differences, TensorCheck)
