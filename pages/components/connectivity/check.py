"""Gradients beside what occlusion says: how far they agree, and where they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import layout
from pages.components.browser.plot import plot
from pages.components.connectivity import reading
from pages.components.layout import how_to_read, problems, two_columns
from pages.components.networks import Network
from rnnlab.figures.connectivity import measures_chart
from rnnlab.inspection.gradients.connectivity import (
    DRAWS,
    connectivity,
    disagreements,
    occlusion,
    typical,
)
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.visible import visible

_PAIRS = 4  # of each kind of disagreement


def draw(networks: dict[str, Network], part: Excerpt) -> None:
    """The table of all networks, and the first one's pairs of characters."""
    with problems():
        with st.spinner("Other characters are being tried …"):
            lines = [_line(name, known, part) for name, known in networks.items()]
        st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
        how_to_read(
            "A rank correlation of 1: both put the characters in the same order; 0: they have "
            "nothing to do with each other. Both measures fall with the distance, which alone "
            "makes the first two columns high; at equal distance is the harder test."
        )
        name, known = next(iter(networks.items()))
        left, right = two_columns()
        with left:
            _figure(name, known, part)
        with right:
            _pairs(name, known, part)


def _line(name: str, known: Network, part: Excerpt) -> dict[str, str]:
    found = reading.agreed(known.key, part)
    return {
        "Run": name,
        "Over all pairs": _correlation(found.overall),
        "In one prediction": _correlation(typical(found.rows)),
        "At equal distance": _correlation(found.same_lag),
    }


def _correlation(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}".replace("-", "−")


def _figure(name: str, known: Network, part: Excerpt) -> None:
    plot(
        measures_chart(reading.gradient(known.key, part), reading.occluded(known.key, part).change),
        key="connectivity_measures",
        height=400,
        alt=f"Gradient and occlusion of pairs of characters, of {name}",
    )
    how_to_read(
        "A dot is a prediction and one character before it. On a rising line, the gradient tells "
        "the truth; high on the left stands what matters although the gradient is small, low on "
        "the right what seems to matter and does not."
    )


def _pairs(name: str, known: Network, part: Excerpt) -> None:
    gradient, occluded = reading.gradient(known.key, part), reading.occluded(known.key, part)
    signs = visible(part.text)
    lines = [
        {
            "Prediction of": f"{part.start + pair.t + 1}: {signs[pair.t + 1]}",
            "Depends on": f"{part.start + pair.s}: {signs[pair.s]}",
            "Back": pair.t - pair.s + 1,
            "Gradient": _ranked(gradient[pair.t, pair.s], pair.ranks[0]),
            "Occlusion": _ranked(occluded.change[pair.t, pair.s], pair.ranks[1]),
        }
        for pair in disagreements(gradient, occluded.change, _PAIRS)
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(
        "Where they disagree most: first, what occlusion finds and the gradient overlooks; then, "
        "what only the gradient finds. Behind each number, how many of all pairs of this text have "
        "a smaller one."
    )


def _ranked(value: float, rank: float) -> str:
    return f"{value:.2g} · {rank:.0%}"


def definition() -> None:
    """The formulas, with the source that computes them."""
    layout.definition(
        r"C_{t,s} = \Big\lVert \frac{\partial\, o_t[y_t]}{\partial x_s} \Big\rVert_2, \qquad "
        r"O_{t,s} = \frac1K \sum_{k=1}^{K} \big| \ln p_t(y_t) - "
        r"\ln p_t(y_t \mid x_s := c_k) \big|",
        "$o_t[y_t]$ is the logit, the score before the softmax, of the character "
        "$y_t = x_{t+1}$ that really came; $x_s$ is character $s$ as a one-hot vector. "
        f"$c_1 \\dots c_K$ are $K = {DRAWS}$ other characters, drawn as often as they stand "
        "in this text, always the same ones for all networks. What stands before the text is "
        "read first and counts as given."
        "\n\n"
        "- All rows of $C$ come from one walk back through time, which carries one row for each "
        "prediction. Above the diagonal it is exactly 0: nothing depends on what comes later.\n"
        "- A gradient is **local**, and can be small for a saturated unit that matters; occlusion "
        "confirms. But occlusion puts a character where the network may never have seen one: a "
        "wrong letter in a word surprises it, which is part of the change.\n"
        "- They measure different things: a logit can rise together with all others, and then no "
        "probability changes; and where a character was as good as certain, hardly anything "
        "changes its probability, however large the gradient of its logit.\n"
        "- A one-hot vector cannot change a little in the real text. The norm asks in which of all "
        "directions the score would change fastest, also those that are no character.\n"
        "- One character at a time: what two say together, or each alone would say as well, is "
        "not seen.\n"
        "- Only the characters shown have a share. The first predictions have a short past here, "
        "so the shares of their characters are large.",
        "A. Madsen, Visualizing memorization in RNNs, Distill (2019), doi:10.23915/distill.00016; "
        "M. D. Zeiler & R. Fergus, Visualizing and understanding convolutional networks, ECCV 2014",
        connectivity,
        occlusion,
    )
