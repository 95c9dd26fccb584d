"""What somebody did in a case: whom they accused, which hints they took, what they tried."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from pages.components import frame
from rnnlab.inspection.small_case import Setting

_MOST = 12  # experiments in the notebook


@dataclass
class Record:
    """Of one case; lives as long as the browser's session."""

    accused: list[str] = field(default_factory=list)
    hints: int = 0
    gave_up: bool = False
    tried: dict[Setting, tuple[str, ...]] = field(default_factory=dict)  # wrong tensors

    def note(self, setting: Setting, wrong: tuple[str, ...]) -> None:
        """Write down an experiment and what it showed; the latest one stands last."""
        self.tried.pop(setting, None)
        self.tried[setting] = wrong
        while len(self.tried) > _MOST:
            del self.tried[next(iter(self.tried))]


def record(cell: str, number: int) -> Record:
    """The record of a case."""
    return st.session_state.setdefault(f"gc_record_{cell}_{number}", Record())


def notebook(known: Record) -> None:
    """The experiments so far, and which tensors were wrong in each."""
    lines = [
        {
            "T": setting.seq_length,
            "B": setting.batch_size,
            "L": setting.num_layers,
            "Wrong": ", ".join(wrong).replace("rnn.", "") or "nothing",
            "Text": setting.text,
            "Seed": setting.seed,
        }
        for setting, wrong in reversed(known.tried.items())
    ]
    narrow = st.column_config.NumberColumn(width=40)
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        width="stretch",
        alt="What you tried.",
        column_config={
            "T": narrow,
            "B": narrow,
            "L": narrow,
            "Wrong": {"width": 300},
            "Text": {"width": 90},
            "Seed": {"width": 50},
        },
    )
    frame.how_to_read(
        "Your notebook, latest first: which tensors were wrong with T steps, B sequences and L "
        "layers."
    )
