"""Steps 10 to 12 of the manual: what a trained network writes, what its units do, what it means."""

from __future__ import annotations

import streamlit as st

from pages.components import readings
from pages.components.browser.player import player
from pages.components.browser.plot import Click, plot
from pages.components.lab_step_by_step import analysis, steps
from pages.components.lab_step_by_step.losses import named
from pages.components.lab_step_by_step.text import written_alone
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.networks import Network
from pages.components.pickers.text import all_known, read_until
from pages.components.pickers.values import ValueChoice, row, value_picker
from pages.components.readings import TraceKey
from pages.components.writing import writing, written
from rnnlab.figures.units import unit_lines, units_heatmap
from rnnlab.inspection.writing import SamplingSettings, Written
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText
from rnnlab.text.excerpt import excerpt

SEED_TEXT = "manual_seed_text"
_MAX_SEED_CHARACTERS = 1_000
_READS, _WROTE = "reads a text", "writes"
_UNIT = "manual_unit"
_LENGTH = 160  # characters of the heatmap


@st.fragment
def view(run: Run, network: Network, held_out: SourceText | None) -> None:
    """Draw everything that changes with a seed text, a temperature or a unit.

    Args:
        held_out: text that the run did not learn from; None: it reads what it wrote itself.
    """
    sampling, choice = _generation(run, network)
    key = _hidden_units(run, network, held_out, sampling, choice)
    analysis.analysis(run, network, held_out, sampling, key, choice)


def _generation(run: Run, network: Network) -> tuple[SamplingSettings | None, ValueChoice]:
    """Step 10: the seed text, and what the network writes after it; None when it cannot."""
    steps.begin(10, named(run))
    sampling = _sampling(network)
    with row():
        choice = value_picker(network.model)
    if sampling is None:
        return None, choice
    with problems():
        found = written(network.key, sampling)
        player(writing(network, sampling, choice), key="manual_player", rate=40)
        if found.problem:
            st.warning(found.problem)
        how_to_read(
            "The seed text is gray; then each character is drawn from what the network expects, "
            "and read again. Point at one for what it nearly was. Beside it are the hidden units "
            "**while it writes**: one row a unit, one column a character."
        )
        return sampling, choice
    return (None, choice)


def _sampling(network: Network) -> SamplingSettings | None:
    """The controls; None, with a sentence, for characters that the network does not know."""
    if SEED_TEXT not in st.session_state:
        st.session_state[SEED_TEXT] = network.vocabulary.kept("ROMEO:\n")
    left, right = st.columns([3, 2], gap="large")
    left.text_area(
        "Seed text",
        key=SEED_TEXT,
        height=80,
        persist_state="session",
        help="The network reads this first, from a zero state, and then writes on. Press "
        "Ctrl+Enter when it is done.",
    )
    for key, default in (("manual_temperature", 0.8), ("manual_length", 300), ("manual_seed", 1)):
        st.session_state.setdefault(key, default)
    with right:
        temperature = st.slider(
            "Temperature",
            0.1,
            2.0,
            step=0.1,
            key="manual_temperature",
            persist_state="session",
            help="Below 1 it prefers what it finds likely; above 1 it becomes wild.",
        )
        with st.container(horizontal=True):
            length = st.number_input(
                "Characters", 20, 1_000, step=50, key="manual_length", persist_state="session"
            )
            seed = st.number_input(
                "Random seed", 0, 2**32 - 1, step=1, key="manual_seed", persist_state="session"
            )
    read_until(SEED_TEXT, _MAX_SEED_CHARACTERS)
    if not all_known(network.vocabulary, SEED_TEXT):
        return None
    prime = st.session_state[SEED_TEXT][:_MAX_SEED_CHARACTERS]
    return SamplingSettings(prime, int(length), temperature=float(temperature), seed=int(seed))


def _hidden_units(
    run: Run,
    network: Network,
    held_out: SourceText | None,
    sampling: SamplingSettings | None,
    choice: ValueChoice,
) -> TraceKey | None:
    """Step 11: the heatmap over a text, and the line of a unit; None when nothing can be read."""
    steps.begin(11, named(run))
    when = st.segmented_control(
        "While it",
        [_READS, *([_WROTE] if sampling else [])],
        default=_READS,
        required=True,
        key="manual_when",
        help="A text that it did not learn from, or the text of step 10 as it came to be.",
    )
    text = held_out.text if held_out else written_alone(network.key)
    if when == _WROTE and sampling is not None:
        text = _whole(written(network.key, sampling))
    start = _position(len(text), when)
    if when == _READS:
        what = held_out.title if held_out else "a text that it wrote itself"
        st.caption(escape_markdown(f"It reads {what}."))
    key = TraceKey(network.key, excerpt(text, start, _LENGTH), choice.name, choice.layer)
    with problems():
        _figures(key, choice)
        return key
    return None


def _whole(found: Written) -> str:
    return found.prime + found.text


def _position(length: int, when: str) -> int:
    last = max(length - _LENGTH, 0)
    if not last:
        return 0
    return st.slider(
        "From character",
        0,
        last,
        key=f"manual_at_{when}",
        help="Where the part begins that is shown; the characters before it are read first.",
    )


def _figures(key: TraceKey, choice: ValueChoice) -> None:
    trace = readings.trace(key)
    order = readings.order(key, choice.order)[: choice.count]
    text, start = key.part.text, key.part.start
    plot(
        units_heatmap(
            trace,
            text,
            name=key.name,
            scale=readings.scale(key),
            order=order,
            start=start,
        ),
        key="manual_heatmap",
        height=420,
        alt=f"Heatmap of {key.name} of hidden units over {len(text)} characters.",
        on_click=_choose,
    )
    how_to_read(
        "One row a hidden unit, one column a character; red is high, blue is low. **Click a row** "
        "for its line. Look for units that change at spaces, at line ends, inside names."
    )
    unit = _unit(key)
    plot(
        unit_lines(
            {unit: trace[:, unit]},
            text,
            name=key.name,
            scale=readings.scale_of(key, trace[:, unit]),
            start=start,
        ),
        key="manual_line",
        height=240,
        alt=f"{key.name} of unit {unit} over the text.",
    )
    how_to_read("A flat stretch is something the unit remembers, a jump what it notices.")


def _unit(key: TraceKey) -> int:
    """The unit that was clicked; at first, or of a smaller network, the liveliest."""
    liveliest = int(readings.order(key, "variance")[0])
    units = readings.trace(key).shape[1]
    unit = st.session_state.get(_UNIT, liveliest)
    return unit if unit < units else liveliest


def _choose(click: Click) -> None:
    if click.row >= 0:
        st.session_state[_UNIT] = int(click.y)
