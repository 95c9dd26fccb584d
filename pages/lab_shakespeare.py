"""Lab 5: learning by heart, a long book, and the forms that problems with sequences take."""

from __future__ import annotations

import streamlit as st

from pages.components import labs_page, labs_results, labs_run
from rnnlab.experiments.catalog import EXPERIMENTS, of_lab

labs_page.begin("shakespeare")

st.header("Ten thousand characters by heart", anchor=False)
labs_run.runner(EXPERIMENTS["shakespeare-by-heart"], key="by_heart")

st.header("Published and ours", anchor=False)
labs_results.table(of_lab("shakespeare"))

labs_page.sources("shakespeare")
