"""What a linear probe reads off all units together, on request."""

from __future__ import annotations

import inspect

import streamlit as st

from pages.components import frame
from pages.components.find_reading import Measured, Wanted, probed
from pages.components.plain import problem
from pages.components.plot import plot
from rnnlab.figures.unit_ranking import probe_bars
from rnnlab.inspection import probe as probing
from rnnlab.inspection.probe import Probe

_ASKED = "find_probe"


def draw(measured: Measured, wanted: Wanted) -> None:
    """The switch, and below it the scores."""
    st.subheader("All units together", anchor=False)
    st.session_state.setdefault(_ASKED, False)
    asked = st.toggle(
        "Fit linear probes",
        key=_ASKED,
        persist_state="session",
        help="A probe is a small linear model that predicts the feature from all units at once: "
        "the most that can be read off by weighing and adding. It takes a second or two.",
    )
    if not asked:
        st.caption(
            "One unit may hold a feature, or many may hold a bit of it each. A probe weighs all of "
            "them: the upper bound to what single units show."
        )
        return
    try:
        with st.spinner("Fitting probes …"):
            found = probed(measured, wanted)
    except ValueError as error:
        problem(error)
        return
    plot(
        probe_bars(found),
        key="find_probe_bars",
        height=300,
        alt="Scores of linear probes for the feature, and of their controls",
    )
    _read(found)


def _read(found: Probe) -> None:
    chance = "0 says no more than the mean" if found.is_number else "0.5 is guessing"
    frame.how_to_read(
        f"Each bar is a probe, fitted on {found.learned:,} characters and scored on "
        f"{found.scored:,} others; {chance}, 1 is perfect. Where the network's bars are longer "
        "than those of the characters, it remembers something that the last three do not tell."
    )
    area = "" if found.auc is None else f" The probe's AUC is {found.auc:.3f}."
    selectivity = f"{found.selectivity:+.3f}".replace("-", "−")
    st.caption(
        f"Selectivity, all units minus the control: {selectivity}.{area} The control label is a "
        "random function of the current character, so a state that knows this character can "
        "learn it: a high control is a warning that the probe is strong, not that the feature is "
        "missing."
    )
    st.caption(
        ":material/warning: A probe says that the information is **present**; only an ablation "
        "says that it is **used**: hold the unit still and see what becomes of the predictions, "
        "on the page Surgery."
    )
    with st.expander("How the probes are made", icon=":material/functions:"):
        st.markdown(
            "A logistic regression whose two classes weigh the same, scored by balanced accuracy, "
            "or for a number a ridge regression, scored by R². Both are regularised. The text is "
            f"cut into {probing.BLOCKS} contiguous blocks, {len(probing.TESTED)} of which are kept "
            "for scoring: characters side by side resemble each other too much to be dealt out "
            "one by one. Alain & Bengio 2016, arXiv:1610.01644; Hewitt & Liang 2019, "
            "arXiv:1909.03368."
        )
        st.code(inspect.getsource(probing.probe), language="python")
