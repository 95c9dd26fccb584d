"""Third part: a wrong function with the right derivative, which only torch can tell."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from pages.components.gradient_check import comparison
from pages.components.gradient_check.comparison import Gradients
from pages.components.gradient_check.torch import autograd
from pages.components.layout import how_to_read
from rnnlab.inspection.gradient_check.bugs import source_diff
from rnnlab.inspection.gradient_check.check import CaseSetting, make_case
from rnnlab.inspection.gradient_check.wrong_functions import with_wrong_function, wrong_function
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Params


def draw(setting: CaseSetting) -> None:
    """What was meant, what is computed, and who notices."""
    wrong = wrong_function(setting.cell)
    st.markdown(
        f"{wrong.words} The backward pass was changed with it, so it **is** the derivative of this "
        "forward pass: every tensor passes the check. Only torch, which computes what was meant, "
        "disagrees."
    )
    st.latex(rf"\text{{meant: }} {wrong.meant} \qquad \text{{computed: }} {wrong.computed}")
    hand, numeric, loss = _computed(setting)
    comparison.draw(Gradients(setting, hand, numeric, loss, autograd(setting)))
    meant = make_case(setting).loss
    st.caption(
        f"The loss alone would not have told either: it is {loss:.4f} nats per character instead "
        f"of {meant:.4f}."
    )
    st.subheader("The lines that differ", anchor=False)
    right = CELLS[setting.cell]
    for column, name in zip(st.columns(2, gap="large"), ("forward", "backward"), strict=True):
        with column:
            difference = source_diff(getattr(right, name), getattr(wrong.cell, name))
            st.code(difference, language="diff", wrap_lines=True)
    how_to_read("A line with − was meant, a line with + is computed.")


@lru_cache(maxsize=64)
def _computed(setting: CaseSetting) -> tuple[Params, Params, float]:
    case = make_case(setting)
    other = replace(case, model=with_wrong_function(case.model))
    return other.gradients(), other.differences(), other.loss
