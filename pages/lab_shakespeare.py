"""Lab 5: learning by heart, a long book, and the forms that problems with sequences take."""

from __future__ import annotations

import streamlit as st

from pages.components import forms, gradients, heart, holmes, labs_page, labs_results
from rnnlab.experiments.catalog import of_lab

labs_page.begin("shakespeare")

PARTS = {
    "By heart": heart.draw,
    "Sherlock Holmes": holmes.draw,
    "Forms of problems": forms.draw,
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
labs_results.table(of_lab("shakespeare"))

labs_page.sources("shakespeare")
