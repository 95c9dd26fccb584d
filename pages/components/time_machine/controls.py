"""What the time machine looks at: layer, value and unit, and how the network writes."""

from __future__ import annotations

import streamlit as st

from pages.components.links import UNIT
from pages.components.pickers.address import is_chosen, whole_number
from pages.components.pickers.snapshot import KEY as SNAPSHOT
from pages.components.pickers.text import all_known
from pages.components.pickers.values import layer_and_value, row
from pages.components.time_machine.player import Jump, Opening
from rnnlab.inspection.writing import SamplingSettings
from rnnlab.network.char_rnn import CharRNN
from rnnlab.text.vocabulary import Vocabulary

PLACE = "time_place"  # in the URL, beside `?snapshot=`
_OLD_SNAPSHOT = "moment"  # what `?snapshot=` was called in older links
_JUMP = "time_jump"
_UNIT_OF = "time_unit_of"  # the run whose unit it is
_PRIME, _TEMPERATURE, _SEED = "time_prime", "time_temperature", "time_seed"
_MAX_PRIME_CHARACTERS = 200
_PLACE = 10  # in the text, at first


def value(model: CharRNN) -> tuple[int, str]:
    """The layer from 0, and the name of its value."""
    with row():
        return layer_and_value(model)


def sampling(vocabulary: Vocabulary, length: int) -> SamplingSettings | None:
    """How it writes at each snapshot; None, with a sentence, for a seed text it cannot read."""
    for key, usual in ((_PRIME, ""), (_TEMPERATURE, 0.8), (_SEED, 1)):
        if key not in st.query_params:
            st.session_state.setdefault(key, usual)
    left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom", gap="medium")
    prime = left.text_input(
        "Seed text",
        key=_PRIME,
        max_chars=_MAX_PRIME_CHARACTERS,
        bind="query-params",
        placeholder="the beginning of a line",
        help="What the network reads before it writes, the same at each moment. Left empty, it "
        "begins at the start of a line.",
    )
    temperature = middle.slider(
        "Temperature",
        0.05,
        2.0,
        step=0.05,
        key=_TEMPERATURE,
        bind="query-params",
        help="How bold it is: below 1 it prefers what it finds likely, above 1 it becomes wild.",
    )
    seed = right.number_input(
        "Random seed",
        0,
        2**32 - 1,
        step=1,
        key=_SEED,
        bind="query-params",
        help="The dice. All moments write with the same random numbers, so what differs between "
        "two texts comes from the weights alone.",
    )
    if not all_known(vocabulary, _PRIME, "time"):
        return None
    return SamplingSettings(prime, length, temperature=temperature, seed=int(seed or 0))


def unit(units: int, usual: int, run_id: str) -> int:
    """The unit whose values color the text, at first the usual one."""
    if st.session_state.get(_UNIT_OF, run_id) != run_id or not is_chosen(UNIT, range(units)):
        st.session_state[UNIT] = usual
    st.session_state[_UNIT_OF] = run_id
    return whole_number(
        "Unit",
        range(units),
        usual,
        key=UNIT,
        help="The hidden unit that colors the text; the page begins with the one that follows one "
        "of the simple features below most closely at the end of training.",
    )


def opening(length: int) -> Opening:
    """Where the address says that the film stands at first, in a text of so many characters."""
    place, snapshot = _number(PLACE), _number(SNAPSHOT)
    snapshot = _number(_OLD_SNAPSHOT) if snapshot is None else snapshot
    return Opening(snapshot, min(_PLACE if place is None else place, length - 1))


def _number(key: str) -> int | None:
    """A number of the address; None without one."""
    asked = st.query_params.get(key, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else None


def jump() -> Jump | None:
    """Where the film shall go, if it has not gone there already."""
    return st.session_state.get(_JUMP)


def jump_to(updates: int) -> None:
    """Let the film go to a snapshot; call it from a callback."""
    last = jump()
    st.session_state[_JUMP] = Jump(1 if last is None else last.number + 1, updates)
    say_snapshot(updates)


def say_snapshot(updates: int) -> None:
    """Let the address name the snapshot that is shown."""
    st.query_params.pop(_OLD_SNAPSHOT, None)
    st.query_params[SNAPSHOT] = str(updates)
