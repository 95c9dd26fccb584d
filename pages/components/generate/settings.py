"""How a network writes: the controls of one side, and of what both sides share."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from pages.components.pickers.text import read_until
from rnnlab.inspection.writing import MAX_WRITTEN_CHARACTERS, SamplingSettings

PRIME, LENGTH, SEED = "generate_prime", "generate_length", "generate_seed"
MAX_TYPED_CHARACTERS = 5_000
_MAX_SEED = 2**32 - 1


def prime() -> None:
    """The control for the text that the network reads first; its value is in the session."""
    st.session_state.setdefault(PRIME, "")
    st.text_area(
        "Seed text",
        key=PRIME,
        height=112,
        placeholder="the beginning of a line",
        persist_state="session",
        help="The network reads this first, from an empty memory, and then writes on. A line end "
        "or the beginning of a sentence in the style of its corpus works well. Leave it empty to "
        "begin at the start of a line.",
    )
    read_until(PRIME, MAX_TYPED_CHARACTERS)


def length_and_seed() -> tuple[int, int]:
    """The controls for how long the text is and where its randomness starts."""
    st.session_state.setdefault(LENGTH, 600)
    st.session_state.setdefault(SEED, 1)
    left, right = st.columns(2, vertical_alignment="bottom")
    length = left.number_input(
        "Length (characters)",
        1,
        MAX_WRITTEN_CHARACTERS,
        step=100,
        key=LENGTH,
        persist_state="session",
        help=f"How much it writes in one go, at most {MAX_WRITTEN_CHARACTERS:,} characters, "
        "because everything that happens inside it is kept for you to look at.",
    )
    seed = right.number_input(
        "Random seed",
        0,
        _MAX_SEED,
        step=1,
        key=SEED,
        persist_state="session",
        help="The dice. Same seed, same settings, same text; another seed gives another text.",
    )
    return int(length or 600), int(seed or 0)


def roll() -> None:
    """Take another random seed."""
    st.session_state[SEED] = secrets.randbelow(10_000)


def sampling(
    side: str, length: int, seed: int, *, usual: float = 0.8, narrow: bool = False
) -> SamplingSettings:
    """What one side is to write, from its controls and the shared ones.

    Greedy, the other controls are idle: what is shown is what the network expects by itself.

    Args:
        side: tells the controls of two sides apart.
        usual: the temperature at first.
        narrow: in two rows, for half of the page.
    """
    keys = {name: f"generate_{name}_{side}" for name in ("temperature", "top_k", "top_p", "greedy")}
    defaults: dict[str, float | bool] = {
        "temperature": usual,
        "top_k": 0,
        "top_p": 1.0,
        "greedy": False,
    }
    for name, default in defaults.items():
        st.session_state.setdefault(keys[name], default)
    rows = [(1, 1), (1, 1)] if narrow else [(4, 3, 3, 2)]
    columns = [c for row in rows for c in st.columns(row, vertical_alignment="bottom")]
    greedy = columns[3].toggle(
        "Greedy",
        key=keys["greedy"],
        persist_state="session",
        help="Always take the likeliest character. Without dice the text soon repeats itself.",
    )
    common: dict[str, Any] = {"disabled": greedy, "persist_state": "session"}
    temperature = columns[0].slider(
        "Temperature",
        0.05,
        2.0,
        step=0.05,
        key=keys["temperature"],
        help="How bold it is. Below 1 it prefers what it finds likely and makes fewer mistakes; at "
        "1 it writes as it has learned; above 1 it becomes wild. 0.5 to 1 reads best.",
        **common,
    )
    top_k = columns[1].number_input(
        "Top-k",
        0,
        1000,
        step=1,
        key=keys["top_k"],
        help="Draw only from the k likeliest characters; 0 allows all of them.",
        **common,
    )
    top_p = columns[2].slider(
        "Top-p",
        0.05,
        1.0,
        step=0.05,
        key=keys["top_p"],
        help="Draw only from the likeliest characters that together have this probability; 1 "
        "allows all of them.",
        **common,
    )
    prime = st.session_state[PRIME][:MAX_TYPED_CHARACTERS]
    if greedy:
        return SamplingSettings(prime, length, temperature=1.0, greedy=True, seed=seed)
    return SamplingSettings(prime, length, temperature, int(top_k or 0), top_p, seed=seed)
