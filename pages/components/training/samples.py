"""What a network wrote while it learned, on a time line."""

from __future__ import annotations

import streamlit as st

from pages.components.layout import how_to_read
from rnnlab.runs.run import Run, StoredSample
from rnnlab.text.visible import visible


def samples(run: Run) -> None:
    """Draw the sample of the chosen update; the newest until somebody goes back."""
    written = {sample.step: sample for sample in run.samples()}
    if not written:
        st.caption("The first sample comes with the first validation loss.")
        return
    _draw(written[_chosen_step(run, list(written))])


def _chosen_step(run: Run, steps: list[int]) -> int:
    """A slider over the samples that stays at the newest one until it is moved."""
    key, newest = f"train_sample_{run.id}", f"train_newest_sample_{run.id}"
    chosen = st.session_state.get(key)
    if chosen not in steps or chosen == st.session_state.get(newest):
        st.session_state[key] = steps[-1]
    st.session_state[newest] = steps[-1]
    if len(steps) == 1:
        return steps[0]
    return st.select_slider(
        "After update",
        steps,
        format_func=lambda step: f"{step:,}",
        key=key,
        help="Samples are written now and then while the network learns. Drag to the left to see "
        "what it wrote earlier; at the right end the newest one appears by itself.",
    )


def _draw(sample: StoredSample) -> None:
    st.code(sample.prime + sample.text, language=None, wrap_lines=True, height=200)
    prime = visible(sample.prime)
    start = f"starts from the seed text “{prime}”" if prime else "starts from nothing"
    st.text(f"After update {sample.step:,}, temperature {sample.temperature:g}; it {start}.")
    how_to_read(
        "Every character is drawn from what the network thinks may come next. Watch line lengths "
        "and spaces come first, then short words, then names and longer phrases."
    )
