"""What a character RNN is, and where to begin."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, services
from pages.components.start import demo, figure
from rnnlab.runs.selection import default_run

frame.begin(
    "RNN Lab",
    "A character RNN is a network that reads a text one **character** at a time. After each one it "
    "updates its **hidden state**, a few hundred numbers that are all it remembers, and from them "
    "it says how likely each character is to come **next**. Trained to be surprised as little as "
    "possible by real text, it picks up letters, words, names and layout, and can then write.",
)

run = default_run(services.store())
figure.draw(run)

left, right = st.columns([2, 3], gap="large")
with left:
    st.header("See one learn", anchor=False)
    demo.demo()
with right:
    st.header("What one wrote", anchor=False)
    demo.sample(run)

st.header("In the lab right now", anchor=False)
demo.right_now()

st.header("Where to go", anchor=False)
demo.tour()
