"""Step 9 of the manual: losses by epoch, and their curves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import ladders
from pages.components.browser.plot import plot
from pages.components.lab_step_by_step import steps
from pages.components.layout import escape_markdown, how_to_read
from pages.components.training import forecast
from rnnlab.figures.labs.step_by_step import epochs_chart
from rnnlab.figures.learning import Curve, View, learning_chart
from rnnlab.runs.results import epoch_losses
from rnnlab.runs.run import Run
from rnnlab.runs.table import state_sentence, state_title


def losses(run: Run | None, shows: str) -> None:
    """The table of the epochs beside their curve, and all updates below."""
    steps.begin(9, shows)
    if run is None:
        st.caption("Train a network in step 8; its losses stand here then.")
        return
    found, status = epoch_losses(run), run.status()
    if status.state != "finished":
        st.badge(state_title(status))
        st.text(state_sentence(status, None))
    if not found.training:
        st.caption("No epoch's loss was measured yet.")
        return
    left, right = st.columns([2, 5], gap="large", vertical_alignment="center")
    with left:
        _table(found.training, found.validation)
        test = "–" if found.test is None else f"{found.test:.3f}"
        st.metric("Test loss at the end", test, help="Nats per character, measured once.")
    with right:
        plot(
            epochs_chart(found.training, found.validation, found.test),
            key="manual_epochs",
            height=320,
            alt="Training and validation loss of each epoch.",
        )
    how_to_read(
        "Nats per character. The training loss is a mean over the epoch while the network changed "
        "and started every window from zero; the validation loss is measured after the epoch, "
        "with the state carried on. So validation may lie below training at first; where it lies "
        "above and the distance grows, the network learns by heart."
    )
    curve = Curve(run.name, run.metrics(), forecast.characters_per_update(run.config))
    ladder = ladders.ladder(run)
    plot(
        learning_chart(
            curve,
            View(across="epochs"),
            ladder=ladder.validation if ladder else (),
            zoom=run.id,
        ),
        key="manual_updates",
        height=360,
        alt="The loss of every update, validation losses, and the norm of the gradients.",
    )
    how_to_read(
        "The same run update by update; pale is the loss of each single batch. Below, the length "
        "of all gradients together, before they are clipped."
    )


def _table(training: tuple[float, ...], validation: tuple[float, ...]) -> None:
    columns = {
        "Epoch": list(range(1, len(training) + 1)),
        "Training": [f"{loss:.3f}" for loss in training],
    }
    if validation:
        columns["Validation"] = [f"{loss:.3f}" for loss in validation]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height=min(35 * len(training) + 40, 300),
        alt="Training and validation loss after each epoch.",
    )


def named(run: Run | None) -> str:
    """Which run a step shows, in a few words of plain text."""
    return f"the run “{run.name}”" if run is not None else "nothing yet: there is no run"


def unable(reason: str) -> None:
    """Say why a step cannot be shown of this run."""
    st.caption(f":material/hourglass_empty: {escape_markdown(reason)}")
