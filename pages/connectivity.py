"""What a prediction depends on: which earlier characters it would change with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import frame
from pages.components.browser.plot import Click, plot
from pages.components.connectivity import check, reading
from pages.components.connectivity.choices import Choices, choices, held, hold
from pages.components.connectivity.text import Panel, connectivity_text
from pages.components.layout import escape_markdown, how_to_read, problems, show_error
from pages.components.networks import Network, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.run import pick_others, trained_run
from rnnlab.figures.connectivity import dependence_maps, lag_chart
from rnnlab.inspection.gradients.connectivity import mean_by_lag, shares, within
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.vocabulary import Vocabulary

_LENGTHS = (60, 120, 200)
_MAX_BESIDE = 2
_PARTS = {"Half of it": 0.5, "Nine tenths": 0.9, "99 of 100": 0.99}


@dataclass(frozen=True)
class _Shown:
    """A network that takes part."""

    network: Network
    dependence: np.ndarray  # (T, T) in the numbers that were chosen


def draw(run: Run) -> None:
    """The choices, and everything under them."""
    with problems():
        own = network(run, "best")
        runs = pick_others(
            run,
            page="connectivity",
            most=_MAX_BESIDE,
            placeholder="add up to two networks that read the same text",
            help="Other networks that read the same characters; at first, those of the gallery "
            "that learned from the same text.",
        )
        columns = st.columns([2, 1], gap="large")
        part = text_picker.choose(
            run,
            own.vocabulary,
            columns,
            key="connectivity",
            first=text_picker.UNSEEN,
            lengths=_LENGTHS,
            usual=_LENGTHS[1],
        )
        if part is None:
            return
        chosen = choices()
        shown = _shown(runs, part, chosen)
        if not shown:
            return
        _text(shown, part, chosen)
        _maps(shown, part, chosen)
        _lags(shown, chosen)
        st.header("Is it true? Occlusion as the check", anchor=False)
        check.draw({name: each.network for name, each in shown.items()}, part)
        check.definition()


def _shown(runs: dict[str, Run], part: Excerpt, chosen: Choices) -> dict[str, _Shown]:
    """The networks that can read the text; of the others, it is said why not."""
    found = {}
    for name, run in runs.items():
        try:
            known = network(run, "best")
            unknown = known.vocabulary.unknown(part.with_before)
            if unknown:
                _left_out(name, unknown, known.vocabulary)
                continue
            found[name] = _Shown(known, _dependence(known, part, chosen))
        except (ValueError, OSError) as error:
            show_error(f"{name}: {error}" if len(runs) > 1 else error)
    return found


def _left_out(name: str, unknown: tuple[str, ...], vocabulary: Vocabulary) -> None:
    signs = " ".join(repr(character)[1:-1] for character in unknown[:5])
    st.info(
        escape_markdown(
            f"{name} is left out: it has no input for {len(unknown)} of the characters in or just "
            f"before this text ({signs}{' …' if len(unknown) > 5 else ''}); it knows "
            f"{len(vocabulary)} others."
        ),
        icon=":material/person_off:",
    )


def _dependence(known: Network, part: Excerpt, chosen: Choices) -> np.ndarray:
    if chosen.by_occlusion:
        values = reading.occluded(known.key, part).change
    else:
        values = reading.gradient(known.key, part)
    return shares(values) if chosen.as_shares else values


def _text(shown: dict[str, _Shown], part: Excerpt, chosen: Choices) -> None:
    panels = [
        Panel(
            name,
            each.dependence,
            reading.expected(each.network.key, part),
            reading.occluded(each.network.key, part).effect if chosen.by_occlusion else None,
            reading.agreed(each.network.key, part).rows if chosen.by_occlusion else None,
        )
        for name, each in shown.items()
    ]
    connectivity_text(
        part,
        panels,
        key="connectivity_text",
        name=chosen.name,
        unit=chosen.unit,
        is_log=chosen.is_log,
        held=held(),
        on_hold=hold,
    )
    how_to_read(
        "Point at a character: the stronger the color of an earlier one, the more the prediction "
        "of the framed one depends on it, in all networks at once. A click holds it "
        "(Escape lets go, arrow keys move on), and then the mouse tells the number of each "
        "earlier character."
    )
    st.caption(
        ":material/warning: A gradient is local: it says what a very small change would do. A "
        "saturated unit, one at the flat end of its curve, hardly reacts to small changes and can "
        "matter all the same. Occlusion tries real changes and confirms, or does not."
    )
    if any(each.network.item_end is not None for each in shown.values()):
        st.caption(
            "A network here learned single items, each from an empty memory; now it reads them one "
            "after another, and what it carries over the end of an item, it was never taught to."
        )


def _maps(shown: dict[str, _Shown], part: Excerpt, chosen: Choices) -> None:
    st.header("All predictions at once", anchor=False)
    plot(
        dependence_maps(
            {name: each.dependence for name, each in shown.items()},
            part.text,
            start=part.start,
            unit=_unit(chosen),
            is_log=chosen.is_log,
        ),
        key="connectivity_maps",
        height=460,
        alt="For each network, how much each predicted character depends on each earlier one",
        on_click=lambda click: _hold_row(click, part),
    )
    how_to_read(
        "A row is the past of one prediction, as the text above shows it; a click holds it there. "
        "The edge on the right is the character just before. Upright lines are characters that "
        "many later predictions depend on; above the edge lies the future, which nothing depends "
        "on."
    )


def _hold_row(click: Click, part: Excerpt) -> None:
    if 0 <= click.row < len(part.text) - 1:
        hold(part.start + click.row + 1)


def _lags(shown: dict[str, _Shown], chosen: Choices) -> None:
    st.header("How far back each network looks", anchor=False)
    plot(
        lag_chart(
            {name: mean_by_lag(each.dependence) for name, each in shown.items()}, _unit(chosen)
        ),
        key="connectivity_lags",
        height=360,
        alt="Mean dependence against the distance between the predicted character and the one read",
    )
    how_to_read(
        "The mean over all predictions, by distance; both axes are logarithmic. The slower a line "
        "falls, the further back the network looks. In shares, lines start at different heights: "
        "what one network spends on the last character, another has left for the past."
    )
    lines = [
        {"Run": name, **{title: _back(each, share) for title, share in _PARTS.items()}}
        for name, each in shown.items()
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(
        "Within how many of the last characters so much of a prediction's dependence lies; the "
        "median over the second half of the text, where predictions have a past."
    )


def _back(each: _Shown, share: float) -> str:
    count = within(each.dependence, share)
    return f"{count} character{'s'[: count != 1]}"


def _unit(chosen: Choices) -> str:
    return "share" if chosen.as_shares else chosen.unit


frame.begin(
    "What a prediction depends on",
    "Point at a character, and the characters before it light up: the more, the more the network's "
    "prediction of it depends on them.",
)

run = trained_run()
if run is not None:
    draw(run)
