"""Several runs side by side: their curves in one figure, and the settings in which they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.browser.plot import plot
from pages.components.layout import escape_markdown, how_to_read
from rnnlab.figures.learning import Curve, View, across_name, overlay_chart
from rnnlab.figures.series import UNITS, foreseen
from rnnlab.runs.run import Run
from rnnlab.runs.table import differing_settings

_EVERY = 2.0  # seconds
_ACROSS = ("steps", "epochs", "seconds")


def curves(runs: list[Run]) -> None:
    """The losses or accuracies of runs in one figure, redrawn while one of them trains."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        across = _one("Across", _ACROSS, "What the curves run over.", across_name)
        right = foreseen(run.config.task for run in runs)
        unit = _one(
            "Measured in",
            UNITS,
            "Nats, bits and perplexity are three ways to write the same loss. Accuracy is the "
            f"percentage of {right}, each time by the likeliest choice alone.",
        )
        logarithmic = st.toggle(
            "Logarithmic",
            key="runs_logarithmic",
            disabled=unit == "accuracy",
            persist_state="session",
            help="Equal distances on the loss axis are equal ratios.",
        )
        training = st.toggle(
            "Training losses",
            value=True,
            key="runs_training",
            disabled=unit == "accuracy",
            help="Also the smoothed training loss of each run, as a thin line.",
        )
    view = View(across=across, unit=unit, logarithmic=logarithmic, foreseen=right)
    live = any(run.is_active for run in runs)
    st.fragment(_draw, run_every=_EVERY if live else None)(runs, view, training)
    if unit == "accuracy":
        how_to_read(
            f"One color is one run: dots are the percentage of {right} in its validation part. "
            "Higher is better."
        )
        return
    how_to_read(
        "One color is one run: dots are its validation loss, the thin line its training loss, "
        "smoothed. Lower is better; where the dots rise while the thin line falls, the run learns "
        "its text by heart; a line that leaves the figure at the top has exploded."
    )


def _draw(runs: list[Run], view: View, training: bool) -> None:
    drawn = [
        Curve(label, run.metrics(), 0.0) for label, run in zip(_labels(runs), runs, strict=True)
    ]
    if view.unit == "accuracy":
        unknown = [curve.label for curve in drawn if not curve.has_accuracy]
        if unknown:
            st.caption(escape_markdown(f"No accuracy is recorded of: {'; '.join(unknown)}."))
        if len(unknown) == len(drawn):
            return
    what = "Accuracy" if view.unit == "accuracy" else "Loss"
    plot(
        overlay_chart(drawn, view, training=training),
        key="runs_overlay",
        height=420,
        alt=f"{what} curves of {len(drawn)} runs.",
    )


def _one(label: str, options: tuple[Any, ...], help: str, name: Callable[[Any], str] = str) -> Any:
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        format_func=name,
        key=f"runs_{label}",
        help=help,
    )


def _labels(runs: list[Run]) -> list[str]:
    """Names with numbers, since two runs may have the same one."""
    return [f"{number} · {run.name}" for number, run in enumerate(runs, start=1)]


def differences(runs: list[Run]) -> None:
    """The settings in which runs differ, one column a run."""
    differing = differing_settings([run.config for run in runs])
    if not differing:
        st.caption("These runs have the same settings: they were the same run twice.")
        return
    columns = {label: place for place, label in enumerate(_labels(runs))}
    st.dataframe(
        pd.DataFrame(
            {
                "Setting": [setting.label for setting in differing],
                **{
                    name: [setting.values[place] for setting in differing]
                    for name, place in columns.items()
                },
            }
        ),
        hide_index=True,
        alt="The settings in which the chosen runs differ.",
    )
