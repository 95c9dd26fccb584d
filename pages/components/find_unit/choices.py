"""The controls of the page: what is looked for, in which units, on which text, and what is shown.

Which of the ranked units colors the text is `?shown=`; without it, the first of the ranking.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from pages.components.find_unit.reading import Found, Wanted
from pages.components.layout import escape_markdown
from pages.components.networks import Network
from pages.components.pickers.address import address_list, one_of, put
from pages.components.pickers.text import source_of
from rnnlab.inspection.units.search import MAX_CHARACTERS, MIN_CHARACTERS, Unit
from rnnlab.runs.results import stored_findings
from rnnlab.runs.run import Run
from rnnlab.text.features import FEATURES, MAX_PATTERN_CHARACTERS

FEATURE, PATTERN, MEASURED, VALUES = "feature", "pattern", "measured", "states"
BY_PATTERN = "regular expression"
UNSEEN, _WHOLE, _WRITTEN = "Unseen part", "Whole corpus", "Its own writing"
_USUAL_PATTERN = r"\b[Tt]he\b"


@dataclass(frozen=True)
class Ground:
    """The text that units are compared on."""

    text: str
    words: str  # what it is, after "characters of"


def wanted(run: Run) -> Wanted:
    """Draw the choice of a feature, at first what was found in the run, and the pattern's field."""
    options = [*(feature.name for feature in FEATURES), BY_PATTERN]
    meanings = "\n".join(f"- **{each.name}**: {each.definition}" for each in FEATURES)
    chosen = st.selectbox(
        "Find a unit for",
        options,
        index=options.index(_first(run, options)),
        key=FEATURE,
        bind="query-params",
        width=230,
        help=f"What a unit is to follow:\n{meanings}\n- **{BY_PATTERN}**: whatever you type.",
    )
    if chosen != BY_PATTERN:
        return Wanted(chosen)
    pattern = st.text_input(
        "Pattern",
        value=_USUAL_PATTERN,
        key=PATTERN,
        bind="query-params",
        width=260,
        help="A regular expression; the feature is to stand inside a match. For example `[A-Z]` a "
        "capital, `(?<=, )\\w+` the word after a comma, `th` a pair of letters; `^` and `$` are "
        f"the ends of a line. At most {MAX_PATTERN_CHARACTERS} characters.",
    )
    return Wanted(BY_PATTERN, pattern)


def _first(run: Run, options: list[str]) -> str:
    """The feature to begin with; one from an old link that does not exist is forgotten."""
    if st.session_state.get(FEATURE, options[0]) not in options:
        del st.session_state[FEATURE]
    return next((each.feature for each in stored_findings(run)), options[0])


def ground(run: Run) -> Ground | None:
    """Draw the choice of the text to measure on; None with a sentence when there is none."""
    unseen, whole = source_of(run, unseen=True), source_of(run)
    if not whole.text:
        st.info(escape_markdown(whole.note), icon=":material/hourglass_empty:")
        return None
    is_apart = len(unseen.text) < len(whole.text)
    everything = _WHOLE if whole.is_corpus else _WRITTEN
    options = (
        [UNSEEN, everything] if is_apart and len(unseen.text) >= MIN_CHARACTERS else [everything]
    )
    chosen = one_of(
        "Measured on",
        options,
        key=MEASURED,
        help=f"Unseen part: what was kept back from training, up to 50,000 characters, so that "
        f"nothing can have been learned by heart. Whole corpus: {MAX_CHARACTERS:,} characters from "
        "all over the text, with the part that it learned from; more, so that rare features are "
        "met.",
    )
    if chosen == UNSEEN:
        return Ground(unseen.text, f"{unseen.title}, which the network did not learn from")
    words = whole.title
    if whole.is_corpus:
        words += ", with the part that the network learned from"
    if is_apart and UNSEEN not in options:
        words += f" (the unseen part has only {len(unseen.text):,} characters)"
    return Ground(whole.text, words)


def values(states: tuple[str, ...]) -> tuple[str, ...]:
    """Draw the choice of which values of the units are compared, where there are several."""
    if len(states) == 1:
        return states
    both = _all(states)
    options = {both: states, **{state: (state,) for state in states}}
    chosen = one_of(
        "Values",
        list(options),
        both,
        key=VALUES,
        help="h: what a unit shows to the output and to the next step. c: the memory cell of an "
        "LSTM behind it, which may hold something without showing it.",
    )
    return options[chosen]


def compare_all(states: tuple[str, ...]) -> None:
    """From now on compare all values of the units, where there are several."""
    if len(states) > 1:
        put(VALUES, _all(states))


def _all(states: tuple[str, ...]) -> str:
    return " and ".join(states)


def say_how_it_learned(known: Network) -> None:
    """Say so when the network learned single items, which are read here as one text."""
    if known.item_end is not None:
        st.caption(
            "This network learned single items, each from an empty memory; here it reads them one "
            "after another without forgetting."
        )


SHOWN = "shown"  # in the URL
_FOR = "find_shown_for"


def unit(result: Found, question: Hashable) -> Unit:
    """Draw the choice, and give the unit.

    Args:
        question: what was looked for; after another one, the winner is shown again.
    """
    titles = [each.title for each in result.units]
    _forget_after_another(question)
    asked = st.query_params.get(SHOWN)
    chosen = address_list(
        "Unit shown below",
        titles,
        asked if asked in titles else titles[0],
        param=SHOWN,
        width=260,
        help="Whose values color the text; a click on a bar chooses it as well.",
    )
    return result.units[titles.index(chosen)]


def show(title: str) -> None:
    """Show this unit from now on."""
    st.query_params[SHOWN] = title


def _forget_after_another(question: Hashable) -> None:
    """A unit that was chosen for one question means nothing for the next, unless a link names
    both."""
    asked = st.query_params.get(SHOWN)
    before, chosen = st.session_state.get(_FOR, (question, asked))
    if before != question and chosen == asked and asked is not None:
        del st.query_params[SHOWN]
    st.session_state[_FOR] = question, st.query_params.get(SHOWN)
