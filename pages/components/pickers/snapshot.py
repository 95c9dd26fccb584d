"""One of the stored snapshots of the weights of a run; `?snapshot=`."""

from __future__ import annotations

import streamlit as st

from pages.components.networks import snapshots
from pages.components.pickers.address import initial
from rnnlab.runs.run import Run

KEY = "snapshot"
OTHER = "other_snapshot"  # of a second network on the page
BEST = "best"
_HELP = (
    "Weights were stored again and again while the run trained. Drag to the left to see the same "
    "network earlier in its training, before it had learned much; 'best' is the one with the "
    "lowest validation loss, 'last' the one training ended with."
)


def snapshot_picker(
    run: Run, *, key: str = KEY, label: str = "After update", early: bool = False
) -> str:
    """Draw the slider and give the choice: a step as text, "last" or "best".

    Args:
        key: `KEY` and `OTHER` stand in the address.
        early: begin in the middle of the snapshots instead of at the best one.
    """
    options = snapshots(run)
    usual = options[len(options) // 2] if early else BEST
    chosen = st.select_slider(
        label,
        options,
        value=initial(key, options, usual),
        key=key,
        bind="query-params" if key in (KEY, OTHER) else None,
        persist_state="session",
        help=_HELP,
    )
    return chosen if chosen in options else usual


def snapshot_name(snapshot: str) -> str:
    """A snapshot in words, such as 'after update 1,024'."""
    return f"after update {int(snapshot):,}" if snapshot.isdecimal() else f"{snapshot} weights"
