"""A name that the user types: what a network believes after each letter, and what flips it."""

from __future__ import annotations

from string import ascii_lowercase

import numpy as np
import streamlit as st

from pages.components.browser.plot import plot
from pages.components.lab_classes.network import NameNetwork, choice, network
from pages.components.layout import escape_markdown, how_to_read, problems, show_error
from rnnlab.figures.labs.names import belief_heatmap, exchange_heatmap
from rnnlab.training.tasks.scores import Exchanges, class_probabilities_by_letter, exchanges

MAX_LETTERS = 25
_STARTS_WITH = "Kowalski"


def draw() -> None:
    """Draw the box for a name, the belief letter by letter, and the letters that decide."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = choice("language", key="classes_reader")
        name = st.text_input(
            "Name",
            _STARTS_WITH,
            max_chars=MAX_LETTERS,
            key="classes_name",
            persist_state="session",
            help=f"Any name of at most {MAX_LETTERS} letters. Accents that the network does not "
            "know are removed, and so are other signs.",
        ).strip()
    if run is None or not name:
        return
    with problems():
        reader = network(run)
        ids = reader.read(name)
        read = reader.vocabulary.decode(ids)
        if not read.strip():
            show_error(
                f"This network knows none of the signs in “{name}”; type a name with Latin letters."
            )
            return
        if read != name:
            st.caption(f"Read as: {escape_markdown(read)}")
        _letter_by_letter(reader, ids, read)
        _exchanged(reader, ids, read)


def _letter_by_letter(reader: NameNetwork, ids: np.ndarray, read: str) -> None:
    found = class_probabilities_by_letter(reader.model, ids)
    best = int(found[-1].argmax())
    st.markdown(
        f"The network takes {escape_markdown(read)} for **{escape_markdown(reader.labels[best])}** "
        f"({found[-1, best]:.0%})."
    )
    figure = belief_heatmap(found, read, reader.labels)
    plot(figure, key="classes_belief", height=460, alt="Belief in each language by letter")
    how_to_read(
        "Each column is what it would say if the name ended there; look for the letter that "
        "changes the color of a row at once. A network that reads from both ends begins anew with "
        "each letter."
    )


def _exchanged(reader: NameNetwork, ids: np.ndarray, read: str) -> None:
    st.subheader("Which single letter flips it?", anchor=False)
    found = exchanges(reader.model, ids, _others(reader, read))
    guess = reader.labels[found.guess]
    strongest = found.strongest()
    if strongest is None:
        st.markdown(f"None does: with any other single letter it stays {escape_markdown(guess)}.")
    else:
        letter, place = strongest
        other = _put(read, place, letter)
        p = found.changed[letter, place]
        st.markdown(
            f"{int(found.flips.sum())} of {found.flips.size} exchanges do. It is surest of "
            f"**{escape_markdown(other)}**: {escape_markdown(reader.labels[int(p.argmax())])} "
            f"({p.max():.0%})."
        )
    _map(found, read, reader.labels)


def _map(found: Exchanges, read: str, labels: tuple[str, ...]) -> None:
    kept = found.changed[:, :, found.guess]  # (letters, T)
    figure = exchange_heatmap(kept, found.changed.argmax(axis=2), read, ascii_lowercase, labels)
    plot(
        figure,
        key="classes_exchanges",
        height=620,
        alt=f"Probability of {labels[found.guess]} after each exchange of a letter",
    )
    how_to_read(
        f"Each cell is the probability that is left for {escape_markdown(labels[found.guess])} "
        "when the letter of that row stands in that place; a column of small "
        "values is a letter that matters. Hover "
        "to see what the name is taken for then."
    )


def _others(reader: NameNetwork, read: str) -> np.ndarray:
    """Each letter in each place, in upper case where the name is, (26, T)."""
    rows = ["".join(_cased(c, old) for old in read) for c in ascii_lowercase]
    return np.stack([reader.vocabulary.encode(row) for row in rows])


def _put(read: str, place: int, letter: int) -> str:
    return read[:place] + _cased(ascii_lowercase[letter], read[place]) + read[place + 1 :]


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter
