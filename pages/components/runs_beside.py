"""The runs that stand beside the one that a page is about; `?with=`."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import lab, run_choice
from rnnlab.runs.choosing import run_labels
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run

_WITH = "with"  # in the URL


def together(
    run: Run,
    *,
    page: str,
    most: int,
    placeholder: str,
    help: str,
    fits: Callable[[Run], bool] = lambda each: True,
) -> dict[str, Run]:
    """The run, and those that the user wants beside it, by the names under which they are drawn.

    At first, runs of the gallery on the same text stand beside it.

    Args:
        page: what the keys of the session begin with.
        most: runs beside it.
        fits: whether a run that writes text is offered here.
    """
    listed = [*lab.store().runs(), *_asked()]
    runs = {each.id: each for each in listed if each.writes_text and fits(each)}
    runs.pop(run.id, None)
    labels = run_labels([run, *runs.values()])
    key = f"{page}_beside_{run.id}"
    chosen = st.multiselect(
        "Beside it",
        list(runs),
        default=None if key in st.session_state else _first(run, runs, most),
        key=key,
        max_selections=most,
        format_func=lambda run_id: labels.get(run_id, run_id),
        placeholder=placeholder,
        on_change=_follow,
        args=(key,),
        help=help,
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
    for run_id in filter(None, st.query_params.get_all(_WITH)):
        try:
            found.append(lab.store().open(run_id))
        except (RunError, OSError) as error:
            run_choice.refused(str(error))
    return found


def _first(run: Run, runs: dict[str, Run], most: int) -> list[str]:
    asked = st.query_params.get_all(_WITH)
    if asked:
        return [run_id for run_id in dict.fromkeys(asked) if run_id in runs][:most]
    return [
        run_id
        for run_id, each in runs.items()
        if run_id.startswith("gallery/") and each.config.corpus == run.config.corpus
    ][:most]


def _follow(key: str) -> None:
    st.query_params[_WITH] = st.session_state[key] or [""]  # an empty one: none, rather than usual
