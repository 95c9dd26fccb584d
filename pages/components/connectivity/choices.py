"""What the page on dependences lets one choose; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components.pickers.address import one_of

HELD = "connectivity_t"
_GRADIENT, _OCCLUSION = "gradient", "occlusion"
_SHARES, _AS_THEY_ARE = "shares", "sizes"
_LOG, _LINEAR = "logarithmic", "linear"


@dataclass(frozen=True)
class Choices:
    """How dependence is measured and drawn."""

    by_occlusion: bool
    as_shares: bool
    is_log: bool

    @property
    def name(self) -> str:
        """Of the numbers."""
        return "occlusion" if self.by_occlusion else "gradient"

    @property
    def unit(self) -> str:
        """Of the numbers; "%" for shares."""
        if self.as_shares:
            return "%"
        return "nats" if self.by_occlusion else "logits"


def choices() -> Choices:
    """Draw the three switches."""
    with st.container(horizontal=True, gap="large"):
        measure = one_of(
            "Measured by",
            (_GRADIENT, _OCCLUSION),
            key="connectivity_by",
            help="Gradient: how fast the score of the character that came changes with each "
            "earlier one. Occlusion: what really happens to its probability when an earlier "
            "character is another one.",
        )
        numbers = one_of(
            "Numbers",
            (_SHARES, _AS_THEY_ARE),
            key="connectivity_numbers",
            help="Shares: what all earlier characters say together is 100 % for each prediction, "
            "so that networks can be compared. Sizes: the numbers as they are, in logits (scores "
            "before they become probabilities) or nats (natural logarithms of probabilities).",
        )
        color = one_of(
            "Colors",
            (_LOG, _LINEAR),
            key="connectivity_colors",
            help="Logarithmic: each step of color is a factor, so weak traces of far characters "
            "show. Linear: twice the number, twice the color.",
        )
    return Choices(measure == _OCCLUSION, numbers == _SHARES, color == _LOG)


def held() -> int | None:
    """The position that the address holds in focus; None without a sensible one."""
    asked = st.query_params.get(HELD, "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def hold(position: int | None) -> None:
    """Hold a position in focus from now on, here and in every link to this page."""
    if position is not None:
        st.query_params[HELD] = str(position)
    elif HELD in st.query_params:
        del st.query_params[HELD]
