"""A network through its training, played in the browser: all snapshots are sent at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import exact, packed, relay
from rnnlab.figures import colors
from rnnlab.figures.players import SnapshotSeries
from rnnlab.figures.units import KIND_COLORS, kind
from rnnlab.text.visible import visible

_component = st.components.v2.component(
    "rnnlab.time_player",
    html=bridge.read_files("time_machine/player.html"),
    css=bridge.read_files("browser/shared.css", "browser/playing.css", "time_machine/player.css"),
    js=bridge.read_files("browser/shared.js", "time_machine/player.js"),
)


@dataclass(frozen=True)
class View:
    """Where the player stands still."""

    snapshot: int  # updates
    place: int  # in the text, from 0


@dataclass(frozen=True)
class Opening:
    """Where the player stands at first."""

    snapshot: int | None  # updates; None: the first one
    place: int  # in the text, from 0


@dataclass(frozen=True)
class Jump:
    """A request to go somewhere; another number is another request."""

    number: int
    snapshot: int  # updates


def time_player(
    film: SnapshotSeries,
    *,
    key: str,
    opening: Opening,
    jump: Jump | None,
    map_title: str,
    on_rest: Callable[[View], None],
) -> None:
    """Show one snapshot, and play from it: text, what may follow, sample, map, scores, loss.

    Args:
        key: unique on the page, and the same from run to run.
        opening: where it stands at first; later it stays where it was.
        jump: where to go now, if it has not gone there already.
        map_title: what the map shows.
        on_rest: called when it stands still somewhere else, before the script runs again.
    """
    names = list(KIND_COLORS)
    _component(
        key=key,
        data={
            "steps": list(film.steps),
            "snapshot": opening.snapshot,
            "place": opening.place,
            "jump": None if jump is None else {"number": jump.number, "snapshot": jump.snapshot},
            "losses": exact(film.losses),
            "lossName": film.loss_name,
            "lossColor": colors.PALETTE.index(colors.VALIDATION),
            "text": film.text,
            "signs": visible(film.text),
            "start": film.start,
            "valueName": film.value_name,
            "values": packed(film.values, film.scale),
            "chances": exact(film.chances),
            "candidates": {
                "width": film.shares.shape[-1],
                "signs": visible("".join(film.candidates)),
            },
            "shares": exact(film.shares),
            "prime": film.prime,
            "samples": list(film.samples),
            "symbols": visible(film.symbols),
            "kinds": [
                {"name": name, "color": colors.PALETTE.index(KIND_COLORS[name])} for name in names
            ],
            "kindOf": [names.index(kind(character)) for character in film.symbols],
            "points": exact(film.points),
            "mapShares": [float(share) for share in film.map_shares],
            "mapTitle": map_title,
            "features": list(film.features),
            "scores": exact(film.scores),
            "best": exact(film.best),
            "bestUnits": film.best_units.ravel().tolist(),
        },
        on_view_change=relay(
            key, "view", lambda view: on_rest(View(int(view["snapshot"]), int(view["place"])))
        ),
    )
