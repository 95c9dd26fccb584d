"""The classic version as it learns: loss of each thousand names, and guesses."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import frame
from pages.components.classes_network import finished
from pages.components.plain import plain
from pages.components.plot import plot
from rnnlab.experiments.experiment import Experiment
from rnnlab.figures.classes import thousands_chart

GUESS_EVERY = 5_000  # names


def draw(experiment: Experiment) -> None:
    """Draw the curve and the guesses of the first run of the classic version that there is."""
    runs = [run for run in finished("language") if experiment.is_made_by(run.config)]
    if not runs:
        return
    run = runs[0]
    st.markdown(f"The curve and the guesses of *{plain(run.name)}*:")
    metrics = run.metrics()
    plot(
        thousands_chart(metrics["step"], metrics["epoch_loss"], metrics["val_loss"]),
        key="classes_classic_curve",
        height=320,
        alt="Loss of the classic network as it learns",
    )
    frame.how_to_read(
        "Each point of the first curve is the mean over a thousand names, drawn language first; "
        "the validation loss is of names as frequent as they are, so the two do not measure the "
        "same."
    )
    samples = [sample for sample in run.samples() if sample.step % GUESS_EVERY == 0]
    table = [
        {"Names learned from": f"{sample.step:,}", "Name and guess": sample.prime + sample.text}
        for sample in samples
    ]
    if not table:
        st.caption(
            "Its guesses name people of the list, which does not ship with the lab; run it here to "
            "see them."
        )
        return
    st.dataframe(pd.DataFrame(table), hide_index=True, width="stretch", height=280)
    frame.how_to_read(
        f"A guess every {GUESS_EVERY:,} names, of a name that it did not learn: ✓ is right, after "
        "✗ stands what is right."
    )
