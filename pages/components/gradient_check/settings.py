"""What a gradient check is made with: the cell, the sizes, the text."""

from __future__ import annotations

import streamlit as st

from pages.components.layout import escape_markdown
from pages.components.pickers.address import one_of
from rnnlab.inspection.gradient_check.check import MAX_SIZES, MAX_TEXT_CHARACTERS, Case, CaseSetting
from rnnlab.network.cells import CELLS
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary

_USUAL = CaseSetting()


def choose() -> CaseSetting:
    """Draw the controls; all of them stand in the address.

    Raises:
        ValueError: the text is too short for the sequence.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        cell, layers = _cell(), _layers()
        steps = _slider("Steps T", "seq_length", "The sequence length: how far gradients flow.")
        batch = _slider("Sequences B", "batch_size", "How many are read side by side.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        text = st.text_input(
            "Text",
            _USUAL.text,
            max_chars=MAX_TEXT_CHARACTERS,
            key="gc_text",
            bind="query-params",
            help="Each character is to predict the one after it; the sequences begin spread over "
            "the text.",
        )
        hidden = _slider("Units H", "hidden_size", "Hidden units of each layer.", low=2)
        seed = st.number_input(
            "Seed",
            1,
            MAX_SIZES["seed"],
            _USUAL.seed,
            key="gc_seed",
            bind="query-params",
            width=140,
            help="Of the random weights, and of the state before the first character.",
        )
    return CaseSetting(cell, layers, hidden, batch, steps, int(seed), text)


def say(setting: CaseSetting, case: Case) -> None:
    """How much is computed, and what is read."""
    vocabulary, count = Vocabulary.from_text(setting.text), case.model.architecture
    read = " and ".join(f"‘{visible(vocabulary.decode(row))}’" for row in case.ids)
    weights = count.parameter_count()
    st.caption(
        f"{weights:,} weights, each moved up and down: {2 * weights:,} losses. "
        + escape_markdown(
            f"Reads {read}, and is to predict each next one of {len(vocabulary)} characters."
        )
    )


def _cell() -> str:
    return one_of(
        "Cell",
        list(CELLS),
        _USUAL.cell,
        key="gc_cell",
        help="Which recurrent cell is checked. When you look for a bug, another cell draws "
        "another bug.",
        format_func=lambda name: CELLS[name].title,
    )


def _layers() -> int:
    return one_of(
        "Layers",
        [1, 2],
        _USUAL.num_layers,
        key="gc_layers",
        help="Layer 1, `_l0`, reads the characters; layer 2, `_l1`, reads layer 1.",
    )


def _slider(label: str, name: str, words: str, low: int = 1) -> int:
    return st.slider(
        label,
        low,
        MAX_SIZES[name],
        getattr(_USUAL, name),
        key=f"gc_{name}",
        bind="query-params",
        width=170,
        help=words,
    )
