"""One character of a text is exchanged: what it changes, and for how long."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.browser.colored_text import colored_text
from pages.components.browser.plot import plot
from pages.components.layout import definition, how_to_read, two_columns
from pages.components.networks import Network
from pages.components.pickers import text as text_picker
from pages.components.surgery import reading
from rnnlab.figures.scales import Scale, rounded_up
from rnnlab.figures.surgery import distance_chart, expected_chart
from rnnlab.figures.units import units_heatmap
from rnnlab.inspection.interventions.edit import Edit
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary

PLACE, NEW = "surgery_place", "surgery_new"  # in the URL
_LENGTHS = (50, 100, 200, 300)
_UNITS = 32  # rows of the heatmap
_SURPRISE, _DIVERGENCE = "Surprise", "Expectation"


def draw(run: Run, found: Network) -> None:
    """The text to click, and the figures of the exchange."""
    part = text_picker.choose(
        run,
        found.vocabulary,
        st.columns(2, vertical_alignment="bottom", gap="medium"),
        key="surgery_edit",
        first=text_picker.UNSEEN,
        lengths=_LENGTHS,
        usual=200,
    )
    if part is None:
        return
    place, new, shown = _choices(part, found.vocabulary)
    edit = reading.edited(found.key, part, place, new)
    _text(edit, part, shown)
    if new == part.text[place]:
        st.info("That is what stands there; choose another character.", icon=":material/equal:")
        return
    _figures(edit, part, found)
    _definition()


def _choices(part: Excerpt, vocabulary: Vocabulary) -> tuple[int, str, str]:
    """Where, what instead, and what colors the text."""
    last = len(part.text) - 1
    usual = len(part.text) // 4
    if not _is_chosen(last):
        st.session_state[PLACE] = usual
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom", gap="medium")
    place = left.number_input(
        "Exchange the character at",
        0,
        last,
        value=None,  # so that the address names any place that is chosen, 0 as well
        key=PLACE,
        bind="query-params",
        help="Counted from the beginning of the excerpt, from 0. Or click a character below.",
    )
    place = usual if place is None else min(int(place), last)
    signs = {symbol: visible(symbol) for symbol in vocabulary.symbols}
    new = middle.selectbox(
        f"{visible(part.text[place])} becomes",
        list(signs),
        index=_index(list(signs), part.text[place]),
        key=NEW,
        bind="query-params",
        format_func=lambda symbol: signs.get(symbol, symbol),
        help="What stands there instead: any character that the network knows.",
    )
    shown = right.segmented_control(
        "Color",
        (_SURPRISE, _DIVERGENCE),
        default=_SURPRISE,
        required=True,
        key="surgery_edit_color",
        help="Surprise: how much more surprising each following character of the original text "
        "became. Expectation: how far apart the two expectations of the next character are.",
    )
    return place, new, shown


def _is_chosen(last: int) -> bool:
    """Whether the session or the address names a place of the text."""
    if PLACE in st.session_state:
        return st.session_state[PLACE] in range(last + 1)
    return st.query_params.get(PLACE) in [str(place) for place in range(last + 1)]


def _index(symbols: list[str], old: str) -> int:
    """The other case of a letter, else the first character that is not the old one."""
    other = old.swapcase()
    if other != old and other in symbols:
        return symbols.index(other)
    return next((k for k, symbol in enumerate(symbols) if symbol != old), 0)


def _text(edit: Edit, part: Excerpt, shown: str) -> None:
    divergences = edit.divergences()
    if shown == _SURPRISE:
        values = np.concatenate([[0.0], edit.surprise_changes()])
        limit = rounded_up(float(np.abs(values).max()))
        scale, name = Scale("diverging", -limit, limit), "change of surprise, nats"
    else:
        values = divergences
        scale = Scale("sequential", 0.0, rounded_up(float(values.max())))
        name = "divergence of what is expected next, nats"
    colored_text(
        part.text,
        values,
        key="surgery_edit_text",
        name=name,
        scale=scale,
        start=part.start,
        selected=part.start + edit.place,
        notes=[f"expectation of the next character: {each:.3f} nats apart" for each in divergences],
        height=260,
        on_click=lambda position: st.session_state.update({PLACE: position - part.start}),
    )
    how_to_read(
        {
            _SURPRISE: "The original text; framed: the exchanged character. Red: after the "
            "exchange this character comes as more of a surprise, blue: as less. **Click a "
            "character to exchange that one.**",
            _DIVERGENCE: "The original text; framed: the exchanged character. The darker, the "
            "farther apart are the two expectations of what follows this character. **Click a "
            "character to exchange that one.**",
        }[shown]
    )


def _figures(edit: Edit, part: Excerpt, found: Network) -> None:
    left, right = two_columns()
    with left:
        st.subheader("How long it is felt", anchor=False)
        plot(
            distance_chart(edit.distances(), part.text, start=part.start, place=edit.place),
            key="surgery_distance",
            height=320,
            alt="The distance between the states of the two readings over the text.",
        )
        how_to_read(
            f"How far apart the two states of each layer are; before the exchange exactly 0. "
            f"{_lasting(edit)}"
        )
    with right:
        st.subheader("What it then expects", anchor=False)
        before, after = (np.exp(logs[edit.place]) for logs in (edit.before, edit.after))
        plot(
            expected_chart(before, after, found.vocabulary.symbols),
            key="surgery_expected",
            height=320,
            alt="The probabilities of the next character before and after the exchange.",
        )
        how_to_read("What is expected right after the framed character, as it was and exchanged.")
    _heatmap(edit, part)


def _lasting(edit: Edit) -> str:
    """When half of the distance is gone, layer by layer."""
    found = [(k + 1, edit.lasts(k)) for k in range(len(edit.differences))]
    gone = [f"{n} character{'s'[: n != 1]} in layer {k}" for k, n in found if n is not None]
    stays = [f"layer {k}" for k, n in found if n is None]
    said = []
    if gone:
        said.append(f"Half of its height is gone for good after {', '.join(gone)}.")
    if stays:
        said.append(f"In {', '.join(stays)} more than half of it lasts to the end.")
    return " ".join(said)


def _heatmap(edit: Edit, part: Excerpt) -> None:
    top = len(edit.differences) - 1
    st.subheader("Which units carry it on", anchor=False)
    layer = top
    if top:
        layer = st.segmented_control(
            "Layer shown",
            range(top + 1),
            default=top,
            format_func=lambda k: f"{k + 1}",
            required=True,
            key="surgery_edit_layer",
            help="The layer whose units are drawn.",
        )
    difference = edit.differences[layer]
    order = np.argsort(-np.abs(difference).sum(axis=0), kind="stable")[:_UNITS]
    limit = rounded_up(float(np.quantile(np.abs(difference[:, order]), 0.995)))
    plot(
        units_heatmap(
            difference,
            part.text,
            name="h′ − h",
            scale=Scale("diverging", -limit, limit),
            order=order,
            start=part.start,
        ),
        key="surgery_edit_heatmap",
        height=420,
        alt="Difference of the states of the most changed units at every character.",
    )
    how_to_read(
        f"The {len(order)} units that the exchange changes most, the most changed first; color is "
        "h after the exchange minus h without it. A long stripe is a unit that remembers."
    )


def _definition() -> None:
    definition(
        r"\lVert h'_t - h_t \rVert_2, \qquad \mathrm{KL}(p_t \,\Vert\, p'_t) = \sum_c p_t(c) "
        r"\ln\frac{p_t(c)}{p'_t(c)}, \qquad \ln p_t[y_t] - \ln p'_t[y_t]",
        "h and p belong to the original text, h′ and p′ to the one with the exchanged character; "
        "y is what follows in the original. The part before the exchange is read once, so there "
        "nothing can differ.\n\n"
        "**The edited text may be one that nobody would write**, and then part of what is seen is "
        "surprise at the mistake rather than memory of the character. A distance of states is not "
        "yet a difference in what is expected: the decoder may not look in that direction.",
    )
