"""A network writes again with some units changed, and the same random numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.browser.plot import Click, plot
from pages.components.layout import definition, escape_markdown, how_to_read, two_columns
from pages.components.networks import Network
from pages.components.pickers.address import initial, put
from pages.components.pickers.text import all_known
from pages.components.surgery import reading
from pages.components.surgery.choices import Units
from rnnlab.figures.surgery import effects_chart, one_above_the_other, one_of_two, parting_chart
from rnnlab.inspection.interventions.paired_samples import SAMPLES, Effect, PairedSamples, effects
from rnnlab.network.clamps import Change
from rnnlab.runs.run import Run
from rnnlab.text.visible import visible

PRIME, SEED = "surgery_prime", "surgery_seed"  # in the URL
LENGTH, TEMPERATURE = "surgery_length", "surgery_temperature"
_LENGTHS = (100, 200, 300, 500, 1000)
_MAX_TYPED_CHARACTERS = 500
_PAIR = "surgery_pair"
_SIDE, _LINES = "Side by side", "Line under line"
_CLEAR = 3.0  # standard errors


def draw(run: Run, found: Network, units: Units, changes: tuple[Change, ...]) -> None:
    """The two texts, where ten pairs part, and what has become rarer or more frequent."""
    how = _how(found)
    if how is None:
        return
    pairs = reading.pairs(found.key, changes, how)
    _texts(pairs, units, _pair(how.seed))
    _ten_samples(pairs, how)
    _definition()


def _how(found: Network) -> reading.Writing | None:
    columns = st.columns([4, 3, 3, 2], vertical_alignment="bottom", gap="medium")
    with columns[0]:
        st.session_state.setdefault(PRIME, st.query_params.get(PRIME, ""))
        st.text_input(
            "Seed text",
            key=PRIME,
            bind="query-params",
            max_chars=_MAX_TYPED_CHARACTERS,
            persist_state="session",
            placeholder="the beginning of a line",
            help="Both read this first, from an empty memory, and then write on. Empty: they begin "
            "at the start of a line.",
        )
        if not all_known(found.vocabulary, PRIME):
            return None
    length = columns[1].select_slider(
        "Characters",
        _LENGTHS,
        value=initial(LENGTH, _LENGTHS, 300),
        key=LENGTH,
        bind="query-params",
        help=f"How long each of the {SAMPLES} pairs of texts is.",
    )
    temperature = columns[2].slider(
        "Temperature",
        0.1,
        2.0,
        0.8,
        0.1,
        key=TEMPERATURE,
        bind="query-params",
        help="Low is careful, high is wild, 1 is as learned.",
    )
    seed = columns[3].number_input(
        "Random seed",
        0,
        2**31,
        1,
        key=SEED,
        bind="query-params",
        help=f"The random numbers of the first pair; the other {SAMPLES - 1} take the seeds that "
        "follow.",
    )
    return reading.Writing(st.session_state[PRIME], int(length), float(temperature), int(seed))


def _pair(seed: int) -> int:
    """Which of the pairs is shown, from 0."""
    return int(
        st.segmented_control(
            "Pair to look at, by its random seed",
            range(SAMPLES),
            default=initial(_PAIR, range(SAMPLES), 0),
            format_func=lambda pair: f"{seed + pair}",
            required=True,
            key=_PAIR,
            help=f"Which of the {SAMPLES} pairs of texts stands below; or click its bar further "
            "down.",
        )
        or 0
    )


def _look_at(click: Click) -> None:
    if click.point >= 0:
        put(_PAIR, click.point)


def _texts(pairs: PairedSamples, units: Units, pair: int) -> None:
    untouched, changed = pairs.untouched[pair], pairs.changed[pair]
    place = pairs.first_differences()[pair]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if place is None:
            st.markdown("**The two texts are the same**, character by character.")
        else:
            signs = f"{visible(untouched[place])} became {visible(changed[place])}"
            st.markdown(f"The texts part at **character {place}**, where {escape_markdown(signs)}.")
        layout = _layout()
    if layout == _LINES:
        st.html(one_above_the_other(untouched, changed))
    else:
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown("**Untouched**")
            st.html(one_of_two(untouched, changed))
        with right:
            st.markdown(f"**With {units.words()} changed**")
            st.html(one_of_two(changed, untouched))
    how_to_read(
        "Both draw each character with the same random number, so all that differs is due to the "
        "change. Pale: the same character at the same position; tinted: another one; framed: the "
        "first that differs. After it the two read different texts."
    )


def _layout() -> str:
    return st.segmented_control(
        "Layout",
        (_SIDE, _LINES),
        default=_SIDE,
        required=True,
        key="surgery_layout",
        label_visibility="collapsed",
        help="Line under line: the untouched text above, the changed one below, equal positions "
        "above each other.",
    )


def _ten_samples(pairs: PairedSamples, how: reading.Writing) -> None:
    st.subheader(f"{SAMPLES} samples, so that one sees more than luck", anchor=False)
    found = effects(pairs)
    left, right = two_columns()
    with left:
        plot(
            parting_chart(pairs.first_differences(), how.length, how.seed),
            key="surgery_parting",
            height=360,
            alt="Where each pair of texts parts.",
            on_click=_look_at,
        )
        how_to_read(
            "Each bar is a pair of texts; it ends at the first character that differs. **Click a "
            "bar to read its pair.**"
        )
    with right:
        shares = [effect for effect in found if effect.unit.startswith("%")]
        plot(
            effects_chart(shares),
            key="surgery_effects",
            height=360,
            alt="Shares of kinds of characters in ten untouched and ten changed texts.",
        )
        how_to_read(
            "Each dot is a text, the stroke their mean. An effect moves the whole cloud; luck "
            "moves single dots."
        )
    st.dataframe(
        pd.DataFrame([_line(effect) for effect in found]), hide_index=True, width="stretch"
    )
    how_to_read(
        f"Mean ± spread of the {SAMPLES} texts: % of all characters, or the length of a line in "
        "characters; difference within the pairs ± its standard error. "
        f"“Clear” where it is more than {_CLEAR:g} standard errors away from none. Texts of "
        "different pairs share nothing but the seed text."
    )


def _line(effect: Effect) -> dict[str, str]:
    return {
        "What": effect.name.capitalize() + (", %" if effect.unit.startswith("%") else ""),
        "Judged": _judged(effect),
        "Untouched": f"{effect.untouched.mean():.2f} ± {effect.untouched.std(ddof=1):.2f}",
        "Changed": f"{effect.changed.mean():.2f} ± {effect.changed.std(ddof=1):.2f}",
        "Difference": f"{effect.difference:+.2f} ± {effect.error:.2f}".replace("-", "−"),
    }


def _judged(effect: Effect) -> str:
    if not (effect.changed - effect.untouched).any():
        return "no difference"
    clear = abs(effect.difference) > _CLEAR * effect.error
    return "clear" if clear else "could be luck"


def _definition() -> None:
    definition(
        r"s_t[j] := v \;\text{ or }\; s_t[j] + \delta \quad (s = h, \text{ or } c \text{ before } "
        r"h \text{ is computed}), \qquad x_{t+1} = F_t^{-1}(u_t), \quad u_1 \dots u_n "
        r"\text{ drawn once}",
        "F is the sum of the probabilities over the characters in a fixed order. Source: Radford "
        "et al. 2017, [arXiv:1704.01444](https://arxiv.org/abs/1704.01444), who steered the mood "
        "of reviews with one unit.\n\n"
        "**A unit that is held pushes the network into states it never saw**, above all beyond the "
        "percentiles: what it writes then may say more about broken states than about the unit. "
        "And seven statistics are looked at: a single one that is just “clear” can still be luck; "
        "another seed shows.",
    )
