"""What a loss means: how good counting characters would be on the same text."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from pages.components.loss import ladder, writing
from pages.components.pickers.run import trained_run

frame.begin(
    "What a loss means",
    "A loss is a number without a face. Here it stands beside models that only **count**: which "
    "character followed the last one, the last two, the last three?",
)

run = trained_run()
if run is not None:
    ladder.draw(run)
    st.header("The ladder can write, too", anchor=False)
    writing.draw(run)
    st.header("How it is counted", anchor=False)
    ladder.formula()
