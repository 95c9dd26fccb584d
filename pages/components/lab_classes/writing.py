"""Names written for a language and a beginning that the user chooses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.lab_classes.network import choice, network
from pages.components.layout import how_to_read, problems
from rnnlab.runs.run import Run
from rnnlab.training.tasks.surname import write_surname

_NUMBER = 8


def draw() -> None:
    """Draw the choice of language and beginning, and names with it."""
    run = choice("surname", key="classes_writer")
    if run is None:
        return
    languages = run.results().get("languages", [])
    if not languages:
        st.info("This run does not say which languages it knows.", icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        language = st.selectbox(
            "Language",
            languages,
            key="classes_language",
            persist_state="session",
            help="The first symbol that the network reads.",
        )
        beginning = st.text_input(
            "Begins with",
            "",
            max_chars=10,
            key="classes_beginning",
            persist_state="session",
            help="A first letter, or more of the name; empty lets the network choose.",
        ).strip()
        temperature = st.slider(
            "Temperature",
            0.2,
            1.5,
            0.8,
            0.1,
            key="classes_temperature",
            persist_state="session",
            help="Low: the likeliest names; high: bolder ones.",
        )
        st.button(
            "Write others",
            key="classes_again",
            icon=":material/casino:",
            on_click=_draw_again,
            help="The same choice with other random numbers.",
        )
    seed = st.session_state.get("classes_seed", 0)
    _names(run, languages.index(language), beginning, temperature, seed)
    _of_all(run)


def _draw_again() -> None:
    st.session_state["classes_seed"] = st.session_state.get("classes_seed", 0) + 1


def _names(run: Run, language: int, beginning: str, temperature: float, seed: int) -> None:
    rng = np.random.default_rng((seed, language))
    with problems():
        writer = network(run)
        names = [
            write_surname(writer.model, writer.vocabulary, language, beginning, rng, temperature)
            for _ in range(_NUMBER)
        ]
        st.code("\n".join(names), language=None)


def _of_all(run: Run) -> None:
    """What it wrote for every language when it had finished."""
    written = run.results().get("written", {})
    table = pd.DataFrame(
        [{"Language": one, "Names it wrote": ", ".join(names)} for one, names in written.items()]
    )
    st.dataframe(table, hide_index=True, width="stretch")
    how_to_read(
        "All rows are from one network, told nothing but the language. The table at the end says "
        "how many of its names are new, and how many naive Bayes takes for the language asked for."
    )
