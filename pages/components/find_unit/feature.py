"""By feature: all units ranked beside chance, a probe of all of them, and the best unit's text."""

from __future__ import annotations

import inspect

import pandas as pd
import streamlit as st

from pages.components.browser.plot import plot
from pages.components.find_unit import choices, text
from pages.components.find_unit.reading import (
    Found,
    Measured,
    Wanted,
    auc_note,
    found,
    probed,
)
from pages.components.layout import definition, escape_markdown, how_to_read, problems
from pages.components.links import surgery_address
from pages.components.networks import Network, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.values import row
from rnnlab.figures.find_unit import probe_bars, ranking_bars
from rnnlab.inspection.units import probe as probing
from rnnlab.inspection.units.probe import Probe
from rnnlab.inspection.units.search import NEAREST, SHIFTS, AbsentFeatureError, Unit
from rnnlab.runs.run import Run
from rnnlab.text.features import feature_named

_BARS = 12


def draw(run: Run) -> None:
    """The controls, the ranking, the probe and the text."""
    with problems():
        known = network(run, "best")
        with row():
            wanted = choices.wanted(run)
            ground = choices.ground(run)
            values = choices.values(known.model.cell.states)
        if wanted.is_named:
            st.caption(
                f"**{wanted.feature.capitalize()}.** {feature_named(wanted.feature).definition}"
            )
        if ground is None:
            return
        choices.say_how_it_learned(known)
        measured = Measured(known.key, ground.text, values)
        try:
            with st.spinner("Reading the text …"):
                result = found(measured, wanted)
        except AbsentFeatureError as absent:
            st.info(escape_markdown(str(absent)), icon=":material/block:")
            return
        _said(result, ground.words)
        shown = choices.unit(result, (run.id, wanted, values))
        left, right = st.columns(2, gap="large")
        with left:
            _ranking(result, shown, wanted)
        with right:
            _probe(measured, wanted)
        _text(run, known, shown, wanted)
        _to_surgery(run, shown)
        _definition()


def _to_surgery(run: Run, shown: Unit) -> None:
    """Following a feature is one thing, being needed for it another: the way to find out."""
    st.page_link(
        "pages/surgery.py",
        label=f"Hold {shown.title} still, and see what the network loses",
        icon=":material/healing:",
        query_params=surgery_address(run.id, shown),
    )


def _said(result: Found, words: str) -> None:
    """The verdict, and on what it was measured."""
    best, r, chance = result.units[0], result.ranking.r[result.rows[0]], result.ranking.by_chance
    with st.container(horizontal=True, gap="large"):
        st.metric("Best unit", best.title, width="content", help="The one with the largest |r|.")
        st.metric("Correlation r", _signed(r), width="content", help=_R)
        st.metric("Chance finds", f"{chance:.3f}", width="content", help=_CHANCE)
        if result.auc[0] is not None:
            name, area = ("AUC", result.auc[0]) if r >= 0 else ("AUC, reversed", 1 - result.auc[0])
            st.metric(name, f"{area:.3f}", width="content", help=_AUC)
    characters, units = result.ranking.characters, len(result.ranking.r)
    share = "" if result.share is None else f" The feature is true at {result.share:.1%} of them."
    st.caption(escape_markdown(f"{units:,} values on {characters:,} characters of {words}.{share}"))
    if abs(r) <= chance:
        st.warning(
            f"No unit follows this feature better than chance: the best of {units:,} values has "
            f"|r| = {abs(r):.3f}, and with a shifted label the best one stays below {chance:.3f} "
            "only in 95 % of the tries.",
            icon=":material/casino:",
        )


def _ranking(result: Found, shown: Unit, wanted: Wanted) -> None:
    st.subheader("Units, one by one", anchor=False)
    units, ranking = result.units[:_BARS], result.ranking
    notes = [auc_note(area) for area in result.auc]
    plot(
        ranking_bars(
            [unit.title for unit in units],
            ranking.r[list(result.rows[:_BARS])],
            notes[:_BARS],
            ranking.by_chance,
            units.index(shown) if shown in units else None,
        ),
        key="find_ranking",
        height=400,
        alt=f"The units with the largest correlation with: {wanted.title}",
        on_click=lambda click: choices.show(str(click.y)),
    )
    how_to_read(
        "Longer is closer. Red units are high where the feature is, blue ones low. **Beyond the "
        "dashed line chance does not reach**: so far comes the best of all units when the feature "
        "is moved to other places of the text. Click a bar to see that unit's text below."
    )
    with st.expander("As a table", icon=":material/table:"):
        _table(result)


def _table(result: Found) -> None:
    lines = [
        {
            "Unit": unit.title,
            "r": _signed(result.ranking.r[line]),
            **({} if area is None else {"AUC": f"{area:.3f}"}),
            "Chance would do as well": f"{result.ranking.p_value(line):.1%}",
        }
        for line, unit, area in zip(result.rows, result.units, result.auc, strict=True)
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(
        f"Ranked by |r| among all units; an AUC is computed for these {len(lines)} only. The last "
        f"column is the share of {SHIFTS} shifts, and the true place, in which some unit does as "
        f"well; {1 / (SHIFTS + 1):.1%} is the smallest that can be seen."
    )


_ASKED = "find_probe"


def _probe(measured: Measured, wanted: Wanted) -> None:
    """The switch, and below it the scores."""
    st.subheader("All units together", anchor=False)
    st.session_state.setdefault(_ASKED, False)
    asked = st.toggle(
        "Fit linear probes",
        key=_ASKED,
        persist_state="session",
        help="A probe is a small linear model that predicts the feature from all units at once: "
        "the most that can be read off by weighing and adding. It takes a second or two.",
    )
    if not asked:
        st.caption(
            "One unit may hold a feature, or many may hold a bit of it each. A probe weighs all of "
            "them: the upper bound to what single units show."
        )
        return
    with problems():
        with st.spinner("Fitting probes …"):
            found = probed(measured, wanted)
        plot(
            probe_bars(found),
            key="find_probe_bars",
            height=300,
            alt="Scores of linear probes for the feature, and of their controls",
        )
        _read(found)


def _read(found: Probe) -> None:
    chance = "0 says no more than the mean" if found.is_number else "0.5 is guessing"
    how_to_read(
        f"Each bar is a probe, fitted on {found.learned:,} characters and scored on "
        f"{found.scored:,} others; {chance}, 1 is perfect. Where the network's bars are longer "
        "than those of the characters, it remembers something that the last three do not tell."
    )
    area = "" if found.auc is None else f" The probe's AUC is {found.auc:.3f}."
    selectivity = f"{found.selectivity:+.3f}".replace("-", "−")
    st.caption(
        f"Selectivity, all units minus the control: {selectivity}.{area} The control label is a "
        "random function of the current character, so a state that knows this character can "
        "learn it: a high control is a warning that the probe is strong, not that the feature is "
        "missing."
    )
    st.caption(
        ":material/warning: A probe says that the information is **present**; only an ablation "
        "says that it is **used**: hold the unit still and see what becomes of the predictions, "
        "on the page Surgery."
    )
    with st.expander("How the probes are made", icon=":material/functions:"):
        st.markdown(
            "A logistic regression whose two classes weigh the same, scored by balanced accuracy, "
            "or for a number a ridge regression, scored by R². Both are regularised. The text is "
            f"cut into {probing.BLOCKS} contiguous blocks, {len(probing.TESTED)} of which are kept "
            "for scoring: characters side by side resemble each other too much to be dealt out "
            "one by one. Alain & Bengio 2016, arXiv:1610.01644; Hewitt & Liang 2019, "
            "arXiv:1909.03368."
        )
        st.code(inspect.getsource(probing.probe), language="python")


def _text(run: Run, known: Network, shown: Unit, wanted: Wanted) -> None:
    st.subheader(f"The text, colored by {shown.title}", anchor=False)
    with problems():
        part = text_picker.choose(
            run, known.vocabulary, st.columns(2), key="find", first=text_picker.UNSEEN
        )
        if part is not None:
            text.draw(run, known, part, shown, wanted)


def _signed(r: float) -> str:
    return f"{r:+.3f}".replace("-", "−")


_R = (
    "Pearson's correlation of the unit's value with the feature, over all characters: ±1 follows "
    "it exactly, 0 not at all; below 0 the unit is low where the feature is."
)
_CHANCE = (
    f"The feature is moved along the text by at least {NEAREST:,} characters, {SHIFTS} times, and "
    "each time the best |r| of all units is kept: it stays below this value in 95 % of the tries."
)
_AUC = (
    "The chance that the unit is higher at a place with the feature than at one without: 1 or 0 "
    "part the places without a mistake, 0.5 says nothing. Reversed: the chance that it is lower, "
    "for a unit that goes down where the feature is."
)


def _definition() -> None:
    definition(
        r"r_j = \mathrm{corr}(h_{\cdot,j},\, a), \qquad \mathrm{chance}_k = \max_j \bigl|"
        r"\mathrm{corr}(h_{\cdot,j},\, a_{\cdot - s_k})\bigr|, \qquad s_k \geq "
        + f"{NEAREST}, k = 1 \\dots {SHIFTS}",
        "$a_t$ is the feature at character $t$ and $h_{t,j}$ the value of unit $j$ right after "
        "reading it. The maximum over all units makes up for having tried so many. A shift keeps "
        "the rhythm of the feature, so features that come in regular beats have a high line: they "
        "agree with themselves again one beat later.\n\n"
        "**Where it misleads.** A unit may follow something that merely goes with the feature, "
        "such as capitals with names: try both. A small |r| can hide a clean split, when the "
        "feature is rare or the unit moves for other reasons too: look at the AUC. And whatever "
        "it follows, the network need not use it for that.",
        "Units that follow quotes and line lengths: Karpathy, Johnson & Fei-Fei 2015, "
        "arXiv:1506.02078.",
    )
