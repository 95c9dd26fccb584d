"""A training batch as a grid of characters, inputs above targets."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from pages.components.browser import bridge
from rnnlab.text.batching import BatchView

_component = st.components.v2.component(
    "rnnlab.batch_grid",
    html=bridge.read_files("browser/batch_grid.html"),
    css=bridge.read_files("browser/batch_grid.css"),
    js=bridge.read_files("browser/batch_grid.js"),
)


def batch_grid(view: BatchView, what: str, *, key: str) -> None:
    """Draw the rows of a batch.

    Args:
        what: a row of it is called, such as "stream".
    """
    _component(
        key=key,
        data={
            "rows": [asdict(row) for row in view.rows],
            "what": what,
            "alt": f"Batch {view.place} of epoch {view.epoch}: inputs above targets.",
        },
    )
