"""The table of all runs: filter it, sort it, and choose some of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from pages.components import services
from rnnlab.figures.series import loss_text
from rnnlab.runs.run import Run
from rnnlab.runs.table import Filter, Row, filtered, table

_CHOSEN = "runs_chosen"  # ids
_DRAWN = "runs_drawn"  # ids in the order of the rows on the screen
_EVERY = 2.0  # seconds between two looks at runs that train
_ADDRESS = "run"

_TEXT, _NUMBER = st.column_config.TextColumn, st.column_config.NumberColumn
_LOSS = "nats per character; smaller is better"
_LOSSES = ("val_loss", "train_loss", "test_loss")
_MAX_NUMBER = 1e15  # a larger whole number is drawn as an error
# What somebody compares comes first: a narrow window shows no more.
_COLUMNS = {
    "name": _TEXT("Name", pinned=True, width=210, help="Renamed below the table."),
    "state": _TEXT("State", help="What the run does now, or how it ended."),
    "val_loss": _NUMBER("Validation loss", help=f"The best, over the whole part, in {_LOSS}."),
    "cell": _TEXT("Cell", help="What one of its units computes."),
    "corpus": _TEXT("Corpus", width=160, help="The text it learns from."),
    "hidden_size": _NUMBER("Hidden", help="Hidden units in each layer."),
    "num_layers": _NUMBER("Layers", help="Recurrent layers on top of each other."),
    "parameters": _NUMBER("Parameters", format="localized", help="Numbers that training adjusts."),
    "train_loss": _NUMBER("Training loss", help=f"The latest, in {_LOSS}."),
    "test_loss": _NUMBER("Test loss", help=f"Measured once, at the end, in {_LOSS}."),
    "origin": _TEXT(
        "Origin", help="Your own, from the gallery that ships with the lab, or throw-away."
    ),
    "steps": _NUMBER("Updates", format="localized", help="Updates of all weights so far."),
    "epochs": _NUMBER("Epochs", format="%.2f", help="Times through the training text."),
    "seconds": _NUMBER("Time (s)", format="%.0f", help="Seconds of training, without pauses."),
    "characters_per_second": _NUMBER(
        "Speed (characters/s)", format="localized", help="Characters learned from in a second."
    ),
    "created": st.column_config.DatetimeColumn(
        "Made", format="D MMM YYYY, HH:mm", help="When the run was described."
    ),
    "embedding": _TEXT("Embedding", help="Length of the learned vector of a character."),
    "batching": _TEXT("Batching", help="How its text was cut."),
    "seq_length": _NUMBER("Sequence", help="Characters through which gradients flow back."),
    "batch_size": _NUMBER("Batch", help="Sequences in one update."),
    "optimizer": _TEXT("Optimizer", help="The rule that turned gradients into weights."),
    "learning_rate": _NUMBER(
        "Learning rate", format="%g", help="Size of the updates at the start."
    ),
    "seed": _NUMBER("Seed", format="%d", help="Of all random numbers."),
    "run_id": _TEXT("Id", help="The name of its folder, and what stands in addresses."),
}


def filters() -> tuple[Filter, bool]:
    """What of the table somebody wants to see, and whether scratch runs belong to it."""
    rows = table(services.store(), scratch=True)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="runs_text",
            persist_state="session",
            placeholder="any words",
            icon=":material/search:",
            help="All words must occur in the name, the id, or the settings.",
        )
        cells = _choice("Cell", "cells", {row.cell for row in rows})
        corpora = _choice("Corpus", "corpora", {row.corpus for row in rows})
        states = _choice("State", "states", {row.state for row in rows})
        scratch = st.toggle(
            "Throw-away runs",
            key="runs_scratch",
            persist_state="session",
            help="Also the short runs that start when a slider moves with “retrain on change” on. "
            "Only the last twenty are kept.",
        )
    return Filter(text, cells, corpora, states), scratch


def _choice(label: str, name: str, options: set[str]) -> tuple[str, ...]:
    key = f"runs_{name}"
    kept = st.session_state.get(key, [])
    chosen = st.multiselect(
        label,
        sorted(options | set(kept)),
        key=key,
        persist_state="session",
        placeholder="all",
        help=f"Show only these; none chosen shows all. ({label} of the run.)",
    )
    return tuple(chosen)


def choose(wanted: Filter, scratch: bool) -> list[Run]:
    """Draw the table and give the runs that were chosen (`?run=` in the address)."""
    if _CHOSEN not in st.session_state:
        st.session_state[_CHOSEN] = st.query_params.get_all(_ADDRESS)
    live = any(row.is_active for row in table(services.store(), scratch=scratch))
    st.fragment(_draw, run_every=_EVERY if live else None)(wanted, scratch, live)
    store = services.store()
    known = {run.id: run for run in (*store.runs(), *store.runs(scratch=True))}
    chosen = [known[run_id] for run_id in st.session_state[_CHOSEN] if run_id in known]
    st.query_params[_ADDRESS] = [run.id for run in chosen]
    return chosen


def forget(run_id: str) -> None:
    """Take a run out of the choice, because it was deleted."""
    st.session_state[_CHOSEN] = [kept for kept in st.session_state[_CHOSEN] if kept != run_id]


def choose_only(run_id: str) -> None:
    """Choose one run."""
    st.session_state[_CHOSEN] = [run_id]


def _draw(wanted: Filter, scratch: bool, live: bool) -> None:
    rows = filtered(table(services.store(), scratch=scratch), wanted)
    if not rows:
        st.caption("No run fits these filters.")
        return
    ids = [row.run_id for row in rows]
    chosen = [place for place, run_id in enumerate(ids) if run_id in st.session_state[_CHOSEN]]
    # The rows on the screen are known by their places only, so another list is another table.
    key = f"runs_table_{hash(tuple(ids))}"
    st.session_state[_DRAWN] = (key, ids)
    st.dataframe(
        _frame(rows),
        key=key,
        hide_index=True,
        column_config=_COLUMNS,
        column_order=list(_COLUMNS),
        on_select=_select,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": chosen}},
        height=min(38 + 35 * len(rows), 460),
        placeholder="",
        alt="All runs with their settings and losses.",
    )
    if live and not any(row.is_active for row in rows):
        st.rerun()
    if st.session_state.pop("runs_choice_changed", False):
        st.rerun()


def _select() -> None:
    key, ids = st.session_state[_DRAWN]
    places = st.session_state[key]["selection"]["rows"]
    hidden = [run_id for run_id in st.session_state[_CHOSEN] if run_id not in ids]
    st.session_state[_CHOSEN] = hidden + [ids[place] for place in places if place < len(ids)]
    st.session_state["runs_choice_changed"] = True


def _frame(rows: list[Row]) -> Styler:
    """The rows for `st.dataframe`, which sorts by the numbers and shows the texts of losses."""
    frame = pd.DataFrame([asdict(row) for row in rows])
    created = pd.to_datetime(frame["created"].where(frame["created"] > 0), unit="s", utc=True)
    frame["created"] = created.dt.tz_convert(datetime.now().astimezone().tzinfo)
    losses = list(_LOSSES)
    frame[losses] = frame[losses].astype(float).clip(upper=_MAX_NUMBER)
    return frame.style.format(_loss_text, subset=losses, na_rep="")


def _loss_text(loss: float) -> str:
    return "diverged" if loss >= _MAX_NUMBER else loss_text(loss, "nats")
