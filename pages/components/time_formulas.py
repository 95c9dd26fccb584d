"""The definitions behind the time machine, with the source that computes them."""

from __future__ import annotations

import inspect

import streamlit as st

from rnnlab.inspection.character_map import character_map
from rnnlab.inspection.milestones import first_for_good


def film() -> None:
    """What the film shows at each moment."""
    st.latex(
        r"r_j = \operatorname{corr}(h_{\cdot j},\, a), \qquad "
        r"\text{map}_m(c) = (E_m[c] - \bar E_{\text{end}})\, W_{\text{end}}^{\top}"
    )
    st.markdown(
        "$h_{\\cdot j}$ are the values of unit $j$ over the text that milestones are measured on, "
        "$a$ is 1 where the character just read has the feature and 0 elsewhere. $E_m[c]$ is the "
        "vector of character $c$ at moment $m$, $W_{\\text{end}}$ the first two principal "
        "components of the last moment's vectors: one map for all moments, so what does not move "
        "does not move here. Every moment writes with the same random numbers $u_1, u_2, \\dots$: "
        "character $n$ is the one at the share $u_n$ of the probability, in the order of the "
        "vocabulary.\n\n"
        "**Misleading:** the best of many units follows anything a little, even before training; "
        "look at how far the bars have come since the first moment. |r| says what goes together "
        "with a unit, not what it is used for. Two directions show a small part of the vectors "
        "(the shares stand below the map): characters that lie together may differ in others. And "
        "once two texts part by one character, all that follows differs."
    )
    st.code(inspect.getsource(character_map), language="python")


def milestones() -> None:
    """What counts as learned."""
    st.latex(
        r"s_K(m) = -\frac{1}{|K|} \sum_{t \in K} \log_2 p_m(x_t \mid x_1 \dots x_{t-1}), \qquad "
        r"\text{learned at } m \iff s_K(m') < \ell_K \text{ for every stored } m' \ge m"
    )
    st.markdown(
        "$K$ are the places where one kind of character stands, $p_m$ is the network at moment "
        "$m$. The level $\\ell_K$ is what counted pairs reach at the same places (Witten and Bell; "
        "see *What a loss means*), or $\\log_2 V - w\\,(\\log_2 V - s_K(\\text{end}))$ with $w$ "
        "one half or 0.9. A milestone lies somewhere between the moment before and its own: "
        "between them nothing was stored.\n\n"
        "**Misleading:** surprise looks only at the places where the kind did come. A network that "
        "expects spaces everywhere is little surprised by spaces, long before it knows where they "
        "belong: that is why half of the way comes early for what is frequent. Kinds with few "
        "places have lines that jump, and their ring may stand one moment too early or too late; "
        "line breaks can be foreseen only where lines end for a "
        "reason."
    )
    st.code(inspect.getsource(first_for_good), language="python")
