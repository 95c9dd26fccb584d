"""Lab 2: four kinds of networks on one list of names."""

from __future__ import annotations

import streamlit as st

from pages.components.lab_dinosaurs import names, tables
from pages.components.labs import page as lab_page
from pages.components.labs import results as lab_results
from pages.components.labs import runner as lab_runner
from rnnlab.experiments.catalog import EXPERIMENTS, of_lab

lab_page.begin("dinosaurs")

st.header("1. The task", anchor=False)
st.markdown(
    "1,536 names of dinosaurs, letters only, are divided into 1,460 to learn from, 30 for "
    "validation and 46 for the test. Each symbol enters as a one-hot vector of 27: the letters and "
    "a full stop that ends a name. The network reads a name and predicts it from the second letter "
    "on, with the full stop at the end. So it never learns how names begin: writing starts from a "
    "letter that is given or drawn."
)
st.code("reads     r a p t o r\npredicts  a p t o r .", language=None)

st.header("2. Four kinds of networks", anchor=False)
st.markdown(
    "The same input and as many hidden units, put together in four ways. The first one is made of "
    "three linear layers: input and hidden state → new hidden state, input and hidden state → "
    "output, new hidden state and output → output. The others are ready-made layers with a linear "
    "layer behind them."
)
tables.sizes()

st.header("3. Predict, run, compare", anchor=False)
chosen = st.selectbox(
    "Experiment",
    [experiment.name for experiment in of_lab("dinosaurs")],
    format_func=lambda name: EXPERIMENTS[name].title,
    key="dino_experiment",
    help="As described: the settings that the source states. As coded: with the dropout that "
    "stands in its code only. The last ones are ours, on the same splits.",
)
lab_runner.runner(EXPERIMENTS[chosen], key=f"dino_{chosen}")

st.header("4. Published and ours", anchor=False)
tables.test_losses()
tables.losses()

st.header("5. Why is the published training loss so high?", anchor=False)
st.markdown(
    "A network should do better on names it has learned than on names it never saw. In the "
    "published table it is the other way round, and the published training losses are far above "
    "ours. Two things come together:\n\n"
    "- **Dropout in the wrong place.** The source's code, but not its description, sets a quarter "
    "of the *outputs* to zero while it trains. The training loss is measured with that, as if at "
    "each letter a quarter of the alphabet had been forgotten; validation and test loss are "
    "measured without it. In the table above, the column *as coded* has this dropout, and the "
    "figure below shows what it does.\n"
    "- **Few names.** 46 test names and 30 for validation are so few that their losses move from "
    "split to split by more than most of the differences in question, and the published epoch was "
    "chosen because its validation loss was lowest. Which of the two parts is easier is luck; the "
    "percentile says how lucky the published split was.\n\n"
    "Besides, a training loss is a mean over an epoch in which the network still learned, and over "
    "names instead of letters; both matter little here."
)

tables.printed_losses()

st.header("6. What the source says, checked", anchor=False)
tables.checked()

st.header("7. The names they write", anchor=False)
names.written()
st.subheader("Finish a name", anchor=False)
names.finisher()

st.header("8. All numbers", anchor=False)
lab_results.table(of_lab("dinosaurs"))

lab_page.sources("dinosaurs")
