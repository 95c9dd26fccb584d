"""Gradient check theatre: three ways to the same gradient, and bugs to be found."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, layout
from pages.components.gradient_check import case, settings, side_by_side, wrong
from pages.components.layout import problems
from rnnlab.inspection.gradient_check.check import TensorCheck, make_case, tensor_differences

_PARTS = {
    "Side by side": side_by_side.draw,
    "Find the bug": case.draw,
    "A wrong function": wrong.draw,
}


def draw() -> None:
    """Choose a part of the page and a setting, and draw it."""
    first = next(iter(_PARTS))
    part = st.segmented_control(
        "Act",
        list(_PARTS),
        default=first,
        required=True,
        key="gc_act",
        bind="query-params",
        help="Side by side: the right code, or a bug that you choose. Find the bug: one is drawn "
        "for you. A wrong function: what this check cannot see.",
    )
    with problems():
        setting = settings.choose()
        settings.say(setting, make_case(setting))
        _PARTS.get(part, _PARTS[first])(setting)
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
    layout.columns(tensor_differences, TensorCheck)


frame.begin(
    "Gradient check theatre",
    "A backward pass written by hand can be wrong and still learn a little. Here its gradients "
    "stand beside those of torch and those that the loss itself gives, and **you find the bug**.",
)
draw()
