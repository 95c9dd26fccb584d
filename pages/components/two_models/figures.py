"""The figures of the page Two models, one text, each with the sentence that says how to read it."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.browser.colored_text import colored_text
from pages.components.browser.passages import passages
from pages.components.browser.plot import plot
from pages.components.layout import escape_markdown, how_to_read, two_columns
from pages.components.pickers.address import one_of
from pages.components.two_models.reading import Both, Pair
from rnnlab.figures.scales import Scale, rounded_up
from rnnlab.figures.two_models import class_bars, difference_bars, saturation_map
from rnnlab.inspection.comparison import (
    ClassBits,
    TextScore,
    bits_by_class,
    peaks,
    saturated_steps,
    score_text,
)
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.features import classify
from rnnlab.text.visible import visible

_STRONGEST = 4.0  # bits at which the colors end
_GAIN = "bits that A saves"
_HARD = "two_hard"


def numbers(pair: Pair, whole: Both) -> None:
    """The mean of each, and their difference."""
    means = whole.first.bits.mean(), whole.second.bits.mean()
    with st.container(horizontal=True, gap="large"):
        for name, mean in zip(pair.names, means, strict=True):
            st.metric(
                escape_markdown(name),
                f"{mean:.3f} bits",
                help="Mean of −log₂ p of the character that came: how many yes-no questions it "
                "would still take. Lower is better.",
            )
        st.metric(
            "A saves",
            f"{_signed(means[1] - means[0])} bits",
            help="Per character, on average: B's bits minus A's. One bit: A gave what came twice "
            "the probability that B gave it.",
        )


def _signed(value: float, digits: int = 3) -> str:
    rounded = round(float(value), digits) + 0.0
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def colored(pair: Pair, near: Both, part: Excerpt) -> None:
    """The excerpt, colored by who expected each character more."""
    shown = _shown(near, part)
    start = len(near.text) - shown  # its first character; nothing predicts that of the whole
    gain = np.concatenate([[0.0], near.gain])[start:]
    colored_text(
        near.text[start:],
        np.clip(gain, -_STRONGEST, _STRONGEST),
        key="two_text",
        name=_GAIN,
        scale=Scale("diverging", -_STRONGEST, _STRONGEST),
        start=part.start,
        notes=[_note(near, place) for place in range(start, len(near.text))],
        height=380,
    )
    how_to_read(
        "Red: A gave the character that came a higher probability; blue: B did; pale: both alike. "
        "The difference is in bits, $\\log_2 p_A - \\log_2 p_B$, and its colors end at ±4. Point "
        "at a character for both probabilities and what each network expected instead."
    )


def _shown(near: Both, part: Excerpt) -> int:
    """How many characters of the excerpt, without those before it, were read."""
    known = set(near.text)
    return sum(character in known for character in part.text)


def _note(near: Both, place: int) -> str:
    """What each network gave a character, and what it expected instead."""
    if place == 0:
        return "nothing stands before it, so nothing was expected"
    readings = zip("AB", (near.first, near.second), strict=True)
    lines = [
        _expected(letter, reading, place - 1, near.text[place]) for letter, reading in readings
    ]
    gain = near.gain[place - 1]
    beyond = [f"exactly {_signed(gain, 2)} bits"] if abs(gain) > _STRONGEST else []
    return "\n".join([*beyond, *lines])


def _expected(letter: str, reading: TextScore, place: int, came: str) -> str:
    given = f"{letter} gave it {_percent(2.0 ** -reading.bits[place])}"
    likeliest = reading.expected[place]
    if likeliest == came:
        return f"{given}, more than any other"
    return f"{given}, expected {visible(likeliest)} ({_percent(reading.chance[place])})"


def _percent(probability: float) -> str:
    return "< 0.1 %" if probability < 0.001 else f"{100 * probability:.1f} %"


def by_class(pair: Pair, whole: Both) -> None:
    """Which characters cost how much, and where the difference comes from."""
    st.subheader("Surprise by class", anchor=False)
    classes = bits_by_class(whole.text, whole.first.bits, whole.second.bits)
    left, right = two_columns()
    with left:
        plot(
            class_bars(classes, pair.names),
            key="two_classes",
            height=400,
            alt="Mean bits per character by class, for both networks",
        )
        how_to_read(
            "How surprised each network is by the characters of a class, on average; lower is "
            "better. The beginning of a word is hard, its inside easy."
        )
    with right:
        plot(
            difference_bars(classes),
            key="two_difference",
            height=400,
            alt="How much each class adds to the difference between the networks",
        )
        how_to_read(
            "What A saves, divided among the classes: right of 0 A is better, left of it B. The "
            "bars add up to the whole difference, so a class counts for more the more often it "
            "occurs."
        )
    with st.expander("As a table", icon=":material/table:"):
        st.dataframe(_table(classes), hide_index=True, width="stretch")


def _table(classes: tuple[ClassBits, ...]) -> pd.DataFrame:
    total = sum(each.difference for each in classes)
    return pd.DataFrame(
        {
            "Class": each.name,
            "Characters": each.count,
            "A, bits each": f"{each.first / each.count:.3f}",
            "B, bits each": f"{each.second / each.count:.3f}",
            "A saves, bits in all": _signed(each.difference, 1),
            "Share of the difference": f"{each.difference / total:.0%}" if total else "–",
            "What it is": each.meaning,
        }
        for each in classes
    )


def hardest(pair: Pair, whole: Both) -> None:
    """Where each does worst, and where they differ most."""
    st.subheader("The hardest passages", anchor=False)
    gain = whole.gain
    kinds = {
        "A expects it, B does not": (gain, _GAIN),
        "B expects it, A does not": (-gain, "bits that B saves"),
        "Hardest for A": (whole.first.bits, "bits for A"),
        "Hardest for B": (whole.second.bits, "bits for B"),
    }
    chosen = one_of(
        "Which passages",
        list(kinds),
        key=_HARD,
        label_visibility="collapsed",
        help="Passages around the characters that cost one network the most, or far more than the "
        "other.",
    )
    values, name = kinds[chosen]
    if values.max() <= 0:
        st.info("There is no such character: nowhere does one save bits against the other.")
        return
    limit = rounded_up(float(np.abs(values).max()))
    is_signed = values.min() < 0
    scale = Scale("diverging", -limit, limit) if is_signed else Scale("sequential", 0.0, limit)
    passages(peaks(whole.text, values), key="two_passages", name=name, scale=scale)
    how_to_read(
        f"The number is of the framed character: {name}. Single characters, so a rare word or a "
        "misprint stands high; look for what several of them have in common."
    )


def saturation(pair: Pair, whole: Both) -> None:
    """How often the gates of each are fully open or shut."""
    st.subheader("Gates that are open or shut", anchor=False)
    for letter, name, reading in zip("ab", pair.names, (whole.first, whole.second), strict=True):
        st.markdown(f"**{escape_markdown(name)}**")
        if not reading.saturation:
            st.caption("A ReLU has no gates and no upper end at which it could saturate.")
            continue
        plot(
            saturation_map(reading.saturation),
            key=f"two_gates_{letter}",
            height=320,
            alt=f"Share of steps at which the gates of {name} are open or shut",
        )
    how_to_read(
        "Each point is a unit. To the right: how often its gate is nearly 1; up: how often nearly "
        "0; no unit lies beyond the dotted line. Near the origin a gate mixes; at the lower right "
        "end of *forget* or *update* a unit keeps its memory nearly always. In a GRU as PyTorch "
        "writes it, z near 1 **keeps**; other texts swap the roles. Without gates, h itself counts "
        "beyond ±0.9."
    )


def definitions() -> None:
    """What is computed, where it comes from, and the code."""
    st.latex(
        r"\text{bits}_t = -\log_2 p_t[y_t], \qquad \text{A saves}_t = \text{bits}^B_t - "
        r"\text{bits}^A_t = \log_2 \frac{p^A_t[y_t]}{p^B_t[y_t]}"
    )
    st.latex(
        r"\text{left}_j = \tfrac1T \,|\{t : g_{t,j} < 0.1\}|, \qquad \text{right}_j = \tfrac1T "
        r"\,|\{t : g_{t,j} > 0.9\}|, \qquad \text{for tanh: } |h_{t,j}| > 0.9"
    )
    st.markdown(
        "Each character belongs to one class, the first that fits: speaker's name (with its "
        "colon), newline, space, capital, first letter of a word, inside a word, punctuation and "
        "the rest. "
        "The classes look at the text only: what is easy after a capital is a property of the text "
        "as well as of the network.\n\n"
        "One text and one pair of runs do not tell which **kind** of network is better: another "
        "seed moves a loss, too. A saturated gate is not a fault: a unit that keeps its memory "
        "must saturate."
    )
    for source in (score_text, bits_by_class, classify, saturated_steps):
        st.code(inspect.getsource(source), language="python")
    st.caption(
        escape_markdown(
            "Saturation: A. Karpathy, J. Johnson, L. Fei-Fei, Visualizing and understanding "
            "recurrent networks, 2015, arXiv:1506.02078"
        )
    )
