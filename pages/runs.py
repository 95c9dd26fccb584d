"""All runs: find, compare, rename, share and delete them."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, services
from pages.components.layout import how_to_read
from pages.components.runs import compare, one, table
from rnnlab.runs.table import to_compare

frame.begin(
    "Runs",
    "Every network that was trained here, and the gallery that ships with the lab. Choose rows to "
    "compare their curves and settings, or a single one to rename, share or delete it.",
)

store = services.store()
one.problems()
if not store.runs() and not store.runs(scratch=True):
    st.caption("There are no runs yet. Train one, or load one that somebody gave you.")
    st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
    one.load()
    one.broken()
    st.stop()

wanted, scratch = table.filters()
chosen = table.choose(wanted, scratch)
how_to_read(
    "A click on the name of a column sorts by it; the boxes on the left choose runs; more columns "
    "come into view when the table is scrolled sideways. Losses are nats per character, and can be "
    "compared only between runs on the same text."
)

if len(chosen) == 1:
    one.card(chosen[0])
elif chosen:
    one.delete_several(chosen)

compared = chosen or to_compare(store)
if compared:
    st.header("Learning curves", anchor=False)
    if not chosen:
        st.caption("Nothing is chosen in the table; these are the newest runs that have a curve.")
    compare.curves(compared)
if len(chosen) > 1:
    st.header("What differs", anchor=False)
    compare.differences(chosen)
one.load()
one.broken()
