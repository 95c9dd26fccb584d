"""What the page on dependences lets one choose; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components import lab, run_choice
from pages.components.bound import initial
from rnnlab.runs.choosing import run_labels
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run

HELD, WITH = "connectivity_t", "with"
_MOST_BESIDE = 2
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
        measure = _switch(
            "Measured by",
            "connectivity_by",
            (_GRADIENT, _OCCLUSION),
            "Gradient: how fast the score of the character that came changes with each earlier "
            "one. Occlusion: what really happens to its probability when an earlier character is "
            "another one.",
        )
        numbers = _switch(
            "Numbers",
            "connectivity_numbers",
            (_SHARES, _AS_THEY_ARE),
            "Shares: what all earlier characters say together is 100 % for each prediction, so "
            "that networks can be compared. Sizes: the numbers as they are, in logits (scores "
            "before they become probabilities) or nats (natural logarithms of probabilities).",
        )
        color = _switch(
            "Colors",
            "connectivity_colors",
            (_LOG, _LINEAR),
            "Logarithmic: each step of color is a factor, so weak traces of far characters show. "
            "Linear: twice the number, twice the color.",
        )
    return Choices(measure == _OCCLUSION, numbers == _SHARES, color == _LOG)


def _switch(label: str, key: str, options: tuple[str, str], help: str) -> str:
    chosen = st.segmented_control(
        label,
        options,
        default=initial(key, options, options[0]),
        required=True,
        key=key,
        bind="query-params",
        help=help,
    )
    return chosen if chosen in options else options[0]


def together(run: Run) -> dict[str, Run]:
    """The run, and up to two beside it, by the names under which they are drawn."""
    listed = [*lab.store().runs(), *_asked()]
    runs = {each.id: each for each in listed if each.writes_text and each.id != run.id}
    labels = run_labels([run, *runs.values()])
    key = f"connectivity_beside_{run.id}"
    chosen = st.multiselect(
        "Beside it",
        list(runs),
        default=None if key in st.session_state else _first_beside(run, runs),
        key=key,
        max_selections=_MOST_BESIDE,
        format_func=lambda run_id: labels.get(run_id, run_id),
        placeholder="add up to two networks that read the same text",
        on_change=_follow,
        args=(key,),
        help="Other networks that read the same characters; at first, those of the gallery that "
        "learned from the same text.",
    )
    shown = [run, *(runs[run_id] for run_id in chosen if run_id in runs)]
    return {_short_name(each, shown, labels): each for each in shown}


def _short_name(run: Run, shown: list[Run], labels: dict[str, str]) -> str:
    """Its name, where it is the only one of that name."""
    alone = sum(each.name == run.name for each in shown) == 1
    return run.name if alone else labels[run.id]


def _asked() -> list[Run]:
    """The runs of the address, which need not be among those that are listed."""
    found = []
    for run_id in filter(None, st.query_params.get_all(WITH)):
        try:
            found.append(lab.store().open(run_id))
        except (RunError, OSError) as error:
            run_choice.refused(str(error))
    return found


def _first_beside(run: Run, runs: dict[str, Run]) -> list[str]:
    asked = st.query_params.get_all(WITH)
    if asked:
        return [run_id for run_id in dict.fromkeys(asked) if run_id in runs][:_MOST_BESIDE]
    return [
        run_id
        for run_id, each in runs.items()
        if run_id.startswith("gallery/") and each.config.corpus == run.config.corpus
    ][:_MOST_BESIDE]


def _follow(key: str) -> None:
    st.query_params[WITH] = st.session_state[key] or [""]  # an empty one: none, rather than usual


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
