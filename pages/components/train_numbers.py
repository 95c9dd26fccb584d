"""The figures of a run that change every second, as large numbers in a row."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnlab.figures.learning import View
from rnnlab.figures.rungs import as_good_as
from rnnlab.figures.series import LOSS_UNITS, latest, loss_text, smoothed_latest
from rnnlab.inspection.ladder import Ladder
from rnnlab.runs.status import Status


def numbers(
    metrics: dict[str, np.ndarray], status: Status, view: View, ladder: Ladder | None
) -> None:
    """Losses, gradient norm, and speed, as measured last."""
    unit = LOSS_UNITS[view.unit]
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            "Training loss",
            loss_text(smoothed_latest(metrics["train_loss"], view.smoothing), view.unit),
            help=f"How surprised the network is by the text it learns from, smoothed, in {unit}. "
            "Lower is better.",
        )
        st.metric(
            "Validation loss",
            loss_text(latest(metrics["val_loss"]), view.unit),
            help=f"The same on the whole validation part, which it does not learn from, in {unit}. "
            f"Best so far: {loss_text(status.best_val_loss, view.unit)}.",
        )
        if ladder is not None and ladder.validation:
            st.metric(
                "As good as",
                as_good_as(latest(metrics["val_loss"]), ladder.validation),
                help="An n-gram model that counts which character followed the n − 1 before it, "
                "measured on the same validation part. Between two of them, the share of the way "
                "from one to the next. The page *What a loss means* shows them all.",
            )
        if latest(metrics["test_loss"]) is not None:
            st.metric(
                "Test loss",
                loss_text(latest(metrics["test_loss"]), view.unit),
                help=f"On the test part, looked at once at the very end, in {unit}.",
            )
        st.metric(
            "Gradient norm",
            _number(latest(metrics["grad_norm"])),
            help="Length of all gradients together, before clipping. Sudden peaks say that the "
            "network nearly jumped away; clipping cuts them.",
        )
        st.metric(
            "Characters/s",
            _count(latest(metrics["characters_per_second"])),
            help=f"How many characters it learns from in a second, on {status.device or 'CPU'}.",
        )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
