"""Published numbers beside those of the runs that ship and those of the user's own runs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import services
from pages.components.layout import how_to_read
from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.experiments.reproduction import Comparison, comparisons, ours_text, published_text

_WAITING = "–"
_WIDTHS = {  # pixels; a mean with its spread must be seen whole
    "Experiment": 200,
    "Measure": 310,
    "Published": 85,
    "Ours": 140,
    "Runs": 50,
    "Below": 65,
    "Yours": 140,
}
_HELP = {
    "Published": "As the source states it.",
    "Ours": "Mean ± standard deviation over the runs that ship, one for each seed.",
    "Below": "How many of our runs lie below the published value: near 0 or 100 % it is not one of "
    "them.",
    "Yours": "The same over the finished runs of your own with these settings.",
}


def table(experiments: Sequence[Experiment]) -> None:
    """Draw the table; a cell is empty without the runs that it would be read from."""
    found = comparisons(experiments, services.store())
    st.dataframe(
        pd.DataFrame([_line(one) for one in found]),
        hide_index=True,
        width="stretch",
        column_config={
            name: st.column_config.TextColumn(width=width, help=_HELP.get(name))
            for name, width in _WIDTHS.items()
        },
    )
    how_to_read(
        "Every number of ours is read from runs; where there is none, the cell is empty. The "
        "spread says how much a number changes when only the random seed does."
    )
    _provenance(found)


def _line(one: Comparison) -> dict[str, str]:
    percentile = one.shipped.percentile
    return {
        "Experiment": one.experiment.title,
        "Measure": _named(one.measure),
        "Published": published_text(one.measure) or _WAITING,
        "Ours": ours_text(one.shipped),
        "Runs": str(len(one.shipped.values) or ""),
        "Below": "" if percentile is None else f"{percentile:.0f} %",
        "Yours": ours_text(one.own),
    }


def _named(measure: Measure) -> str:
    says_unit = not measure.unit or measure.unit == measure.title.lower()
    return measure.title if says_unit else f"{measure.title} ({measure.unit})"


def _provenance(found: list[Comparison]) -> None:
    """Which run each number comes from, and the command that makes them."""
    with st.expander("Which runs these are, and how to make them", icon=":material/fact_check:"):
        for experiment in dict.fromkeys(one.experiment for one in found):
            runs = [r for one in found if one.experiment == experiment for r in one.shipped.values]
            st.markdown(f"**{experiment.title}**")
            st.code(experiment.command, language="bash")
            with st.container(horizontal=True):
                for run_id in dict.fromkeys(runs):
                    st.page_link(
                        "pages/train.py",
                        label=run_id.rpartition("/")[2],
                        icon=":material/show_chart:",
                        query_params={"run": run_id},
                    )
            if not runs:
                st.caption("No run of it ships yet.")
