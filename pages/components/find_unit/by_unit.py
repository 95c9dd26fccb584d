"""By unit: which features it follows, and where it is most active."""

from __future__ import annotations

import streamlit as st

from pages.components import units
from pages.components.browser.plot import Click, plot
from pages.components.find_unit import choices, text
from pages.components.find_unit.reading import Followed, Wanted, auc_note, followed
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.links import UNIT
from pages.components.networks import Network, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.address import whole_number
from pages.components.pickers.values import layer_and_value, row
from pages.components.readings import TraceKey
from rnnlab.figures.find_unit import ranking_bars
from rnnlab.inspection.units.search import Unit
from rnnlab.runs.results import stored_findings
from rnnlab.runs.run import Run

_MARKED = "find_marked"


def draw(run: Run) -> None:
    """The choice of a unit, its features, its text and its passages."""
    with problems():
        known = network(run, "best")
        with row():
            unit = _unit(run, known)
            ground = choices.ground(run)
        if ground is None:
            return
        choices.say_how_it_learned(known)
        with st.spinner("Reading the text …"):
            result = followed(known.key, ground.text, unit)
        _features(result, unit, ground.words)
        _text(run, known, result, unit)


def _unit(run: Run, known: Network) -> Unit:
    sizes = known.model.architecture
    layer, value = layer_and_value(known.model)
    usual = next((each.unit for each in stored_findings(run)), 0)
    if st.session_state.get(UNIT) not in (None, *range(sizes.hidden_size)):
        st.session_state[UNIT] = None
    number = whole_number(
        "Unit",
        range(sizes.hidden_size),
        usual,
        key=UNIT,
        help=f"One of the {sizes.hidden_size:,} units of the layer, counted from 0.",
        placeholder=f"{usual}",
        width=130,
    )
    return Unit(value, layer, number)


def _features(result: Followed, unit: Unit, words: str) -> None:
    ranking = result.ranking
    order = ranking.order.tolist()
    names = [result.features[row].name for row in order]
    st.subheader(f"What {unit.title} follows", anchor=False)
    characters = f"{ranking.characters:,} characters of {words}."
    st.caption(escape_markdown(f"{len(names)} features on {characters}"))
    notes = [auc_note(result.auc[row]) for row in order]
    plot(
        ranking_bars(names, ranking.r[order], notes, ranking.by_chance),
        key="find_features",
        height=110 + 30 * len(names),
        alt=f"Correlations of {unit.title} with the features of the text",
        on_click=_mark,
    )
    how_to_read(
        "Longer is closer. Red: the unit is high where the feature is, blue: low. The dashed line "
        "is what the best of these features reaches when the unit's values are moved along the "
        "text. Features resemble each other: the longest bar is the best name among these, not "
        "proof that the unit is about it. Click a bar to mark that feature in the text."
    )
    for sentence in result.absent:
        st.caption(f":material/block: {escape_markdown(sentence)}")


def _mark(click: Click) -> None:
    st.session_state[_MARKED] = str(click.y)


def _text(run: Run, known: Network, result: Followed, unit: Unit) -> None:
    names = [result.features[row].name for row in result.ranking.order]
    if st.session_state.get(_MARKED) not in names:
        st.session_state[_MARKED] = names[0]
    st.subheader(f"The text, colored by {unit.title}", anchor=False)
    part = text_picker.choose(
        run, known.vocabulary, st.columns(2), key="find", first=text_picker.UNSEEN
    )
    if part is None:
        return
    marked = st.selectbox(
        "Marked in the text",
        names,
        key=_MARKED,
        width=260,
        help="The feature whose places are underlined, at first the one that it follows best.",
    )
    text.draw(run, known, part, unit, Wanted(marked))
    key = TraceKey(known.key, part, unit.value, unit.layer)
    units.most_active(run, known, key, unit.number)
