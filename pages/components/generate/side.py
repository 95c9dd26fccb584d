"""One text as it is written: its settings are chosen, here it is drawn, kept and passed on."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components.browser.player import Cell, player
from pages.components.links import open_in_hidden_units, open_with_text
from pages.components.networks import Network
from pages.components.pickers.address import put
from pages.components.pickers.snapshot import KEY as SNAPSHOT
from pages.components.pickers.snapshot import snapshot_name
from pages.components.pickers.values import ValueChoice
from pages.components.writing import writing, written
from rnnlab.inspection.writing import SamplingSettings, Written, first_difference
from rnnlab.runs.run import Run

_CLICKED = "generate_unit"  # of the heatmap, clicked last


@dataclass(frozen=True)
class Side:
    """A network that writes, and how."""

    name: str  # "left" or "right"
    run: Run
    network: Network
    sampling: SamplingSettings

    def written(self) -> Written:
        """Its text; ValueError with a sentence when it cannot be written."""
        return written(self.network.key, self.sampling)


def draw(side: Side, choice: ValueChoice, other: Side | None = None) -> None:
    """Play the text of a side and offer what can be done with it.

    Args:
        choice: which hidden values stand beside it; where the network lacks them, h on top.
        other: the side that plays along.
    """
    values = _possible(side.network, choice)
    player(
        writing(
            side.network,
            side.sampling,
            values,
            f"{other.network.key} {other.sampling}" if other else "",
            rows_of=_rows_of(side, other),
        ),
        key=f"generate_player_{side.name}",
        group="generate" if other else "",
        parting=first_difference(side.written().text, other.written().text) if other else None,
        rate=40,
        on_click=_remember,
    )
    found = side.written()
    if found.problem:
        st.warning(f"It stopped after {len(found.text):,} characters. {found.problem}")
    with st.container(horizontal=True):
        _pass_on(side, found)
        st.download_button(
            "Download the text",
            (found.prime + found.text).encode("utf-8", "replace"),
            file_name=f"{side.run.id.replace('/', '-')}-{side.network.key.snapshot}.txt",
            mime="text/plain",
            key=f"generate_download_{side.name}",
            icon=":material/download:",
            on_click="ignore",
            help="Seed text and everything the network wrote, as a text file in UTF-8.",
        )


def _rows_of(side: Side, other: Side | None) -> SamplingSettings:
    """The writing whose units are ordered; of two by one network the left one, so that equal rows
    are equal units."""
    alike = other is not None and side.name == "right" and other.network.key == side.network.key
    return other.sampling if other is not None and alike else side.sampling


def _possible(network: Network, choice: ValueChoice) -> ValueChoice:
    layers = network.model.architecture.num_layers
    has_it = choice.name in network.model.cell.VALUES and choice.layer < layers
    return choice if has_it else ValueChoice("h", layers - 1, choice.order, choice.count)


def _pass_on(side: Side, found: Written) -> None:
    if st.button(
        "Look at this text in Hidden units",
        key=f"generate_pass_{side.name}",
        icon=":material/grid_on:",
        on_click=_prepare_hidden_units,
        args=(side, found),
        help="Opens the page Hidden units with this run, this snapshot and this text; if a row of "
        "the heatmap was clicked, with that unit.",
    ):
        st.switch_page("pages/hidden_units.py", query_params={"run": side.run.id})


def _prepare_hidden_units(side: Side, found: Written) -> None:
    snapshot = side.network.key.snapshot
    open_with_text(found.prime + found.text, f"{side.run.name}, {snapshot_name(snapshot)}")
    put(SNAPSHOT, snapshot)
    open_in_hidden_units(st.session_state.get(_CLICKED), side.run.id)


def _remember(cell: Cell) -> None:
    if cell.unit is not None:
        st.session_state[_CLICKED] = cell.unit
