"""Lab 3: an RNN in NumPy by hand, and the faults of a published one."""

from __future__ import annotations

import streamlit as st

from pages.components.lab_by_hand import check, runs, walk
from pages.components.labs import page as lab_page
from pages.components.labs import results as lab_results
from pages.components.labs import runner as lab_runner
from rnnlab.experiments.catalog import EXPERIMENTS, of_lab

lab_page.begin("by_hand")
st.markdown(
    "One text, read from its first character on, 13 characters at a time; one-hot input, tanh, "
    "softmax, one bias a layer. No batch: every value is one column. The losses of a sequence are "
    "added up, each number of the gradient is clipped to ±5, and Adagrad takes the step. The "
    "hidden state is carried from sequence to sequence and set to zero at the end of the text."
)

st.header("1. One update, number by number", anchor=False)
walk.walk()

st.header("2. The first loss", anchor=False)
runs.first_loss()

st.header("3. Three faults, and a check that finds them", anchor=False)
st.markdown(
    "The published code for several layers runs, and its loss falls. Yet its layers do not do what "
    "they seem to, and its dropout is wrong. A **gradient check** finds such faults without "
    "understanding anything: change one weight a little, see how the loss changes, and compare "
    "with what the backward pass says. It only works if you distrust code whose loss falls."
)
check.lesson()

st.header("4. What the faults cost", anchor=False)
runs.curves()
st.subheader("Samples every 1,000 updates", anchor=False)
runs.samples()
st.subheader("A state that is never set back", anchor=False)
st.markdown(
    "With weights of 0.01 and steps of 0.1 the units soon stand near 1 or −1 all the time. It "
    "shows above: in the true stack, after 20 updates, many units of the upper layer change "
    "their sign at every character, whichever it is, and the others never: neither tells anything "
    "of the text any more. One layer "
    "learns in spite of that, but what it predicts may depend on where it started."
)
runs.two_initial_states()

st.header("5. Predict, run, compare", anchor=False)
chosen = st.selectbox(
    "Experiment",
    [experiment.name for experiment in of_lab("by_hand")],
    index=1,
    format_func=lambda name: EXPERIMENTS[name].title,
    key="by_hand_experiment",
    help="All of them with the NumPy engine, as the source trains.",
)
lab_runner.runner(EXPERIMENTS[chosen], key=f"by_hand_{chosen}")

st.header("6. Published and ours", anchor=False)
lab_results.table(of_lab("by_hand"))

lab_page.sources("by_hand")
