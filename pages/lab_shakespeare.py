"""Lab 5: learning by heart, a long book, and the forms that problems with sequences take."""

from __future__ import annotations

import streamlit as st

from pages.components.lab_shakespeare import by_heart, gradients, holmes, problem_types
from pages.components.labs import page as lab_page
from pages.components.labs import results as lab_results
from rnnlab.experiments.catalog import of_lab

lab_page.begin("shakespeare")

PARTS = {
    "By heart": by_heart.draw,
    "Sherlock Holmes": holmes.draw,
    "Forms of problems": problem_types.draw,
    "Gradients over time": gradients.draw,
}
part = st.segmented_control(
    "Part of the lab",
    list(PARTS),
    key="shakespeare_part",
    default="By heart",
    required=True,
    bind="query-params",
    help="Four parts, one after the other; all numbers stand below.",
)
st.header(part, anchor=False)
PARTS[part]()

st.header("Published and ours", anchor=False)
lab_results.table(of_lab("shakespeare"))

lab_page.sources("shakespeare")
