"""Choosing runs: the one a page is about, those beside it, and the second network of a comparison.

They stand in the address as `?run=`, `?with=` and `?other=`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components import services
from pages.components.layout import escape_markdown
from pages.components.pickers.address import address_list
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.selection import (
    default_run,
    gallery_on_its_text,
    run_labels,
    run_to_compare,
    short_names,
)

RUN = "run"  # in the URL


def asked() -> Run | None:
    """The run of the address; None without one, or with a sentence when it cannot be opened."""
    named = st.query_params.get(RUN)
    if not named:
        return None
    try:
        return services.store().open(named)
    except (RunError, OSError) as error:
        refused(str(error))
        return None


def refused(sentence: str) -> None:
    """Say why the run of the address is not shown."""
    st.warning(escape_markdown(sentence), icon=":material/link_off:")


def is_asked_for(run: Run) -> bool:
    """Whether the address names this run."""
    return st.query_params.get(RUN) == run.id


def show(run_id: str) -> None:
    """Show this run from now on, here and in every link to this page."""
    st.query_params[RUN] = run_id


def picker(run: Run, offered: Sequence[Run]) -> None:
    """Draw the list, on the run that is shown, which may be none of those offered."""
    runs = {each.id: each for each in offered}
    if run.id not in runs:
        runs = {run.id: run, **runs}
    labels = run_labels(runs.values())
    address_list(
        "Run",
        list(runs),
        run.id,
        param=RUN,
        format_func=lambda run_id: labels.get(run_id, run_id),
        help="Which run is shown below. It stands in the address bar: a reload or a link shows the "
        "same run.",
    )


_SHOWN = "run_shown"  # on the page before
_OTHER_TASK = (
    "is no character RNN that writes on from a text, so it cannot be shown here; look at it on the "
    "page of its lab."
)


def trained_run(offered: Sequence[Run] | None = None) -> Run | None:
    """Draw the choice of a run; None, with a word about what to do, when there is none.

    Args:
        offered: runs to choose from, the first of them at first; None: all that write text.
    """
    if offered is None:
        offered = [run for run in services.store().runs() if run.writes_text]
        run = (
            _asked_trained()
            or _shown_before()
            or default_run(services.store())
            or next(iter(offered), None)
        )
    else:
        run = _asked_trained() or next(iter(offered), None)
    if run is None:
        st.markdown(
            "No network has been trained here yet. Train one first: half a minute is enough for "
            "its first words."
        )
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
        return None
    picker(run, offered)
    st.session_state[_SHOWN] = run.id
    return run


def _shown_before() -> Run | None:
    """The run that another page showed, which goes along to this one, into its address, too."""
    before = st.session_state.get(_SHOWN)
    if before is None or RUN in st.query_params:
        return None
    try:
        run = services.store().open(before)
    except (RunError, OSError):  # deleted since
        return None
    if not run.writes_text:
        return None
    show(run.id)
    return run


def _asked_trained() -> Run | None:
    """The run of the address; None, with a sentence, when it cannot be shown."""
    run = asked()
    if run is None or run.writes_text:
        return run
    refused(f"“{run.name}” {_OTHER_TASK}")
    return None


_WITH = "with"  # in the URL


def pick_others(
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
    listed = [*services.store().runs(), *_asked_beside()]
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
        on_change=_follow_beside,
        args=(key,),
        help=help,
    )
    shown = [run, *(runs[run_id] for run_id in chosen if run_id in runs)]
    names = short_names(shown, labels)
    return {names[each.id]: each for each in shown}


def _asked_beside() -> list[Run]:
    """The runs of the address, which need not be among those that are listed."""
    found = []
    for run_id in filter(None, st.query_params.get_all(_WITH)):
        try:
            found.append(services.store().open(run_id))
        except (RunError, OSError) as error:
            refused(str(error))
    return found


def _first(run: Run, runs: dict[str, Run], most: int) -> list[str]:
    asked = st.query_params.get_all(_WITH)
    if asked:
        return [run_id for run_id in dict.fromkeys(asked) if run_id in runs][:most]
    return [each.id for each in gallery_on_its_text(run, runs.values())][:most]


def _follow_beside(key: str) -> None:
    st.query_params[_WITH] = st.session_state[key] or [""]  # an empty one: none, rather than usual


OTHER = "other"


def other_run(run: Run) -> Run:
    """Draw the choice; what it says. The run itself can be chosen, to compare two snapshots."""
    offered = {each.id: each for each in services.store().runs() if each.writes_text} | {
        run.id: run
    }
    asked = st.query_params.get(OTHER)
    if asked and asked not in offered:
        refused(f"There is no run '{asked[:80]}' here that writes text; another one is shown.")
        asked = None
    labels = run_labels(offered.values())
    chosen = address_list(
        "Compared with",
        list(offered),
        asked or run_to_compare(run, list(offered.values())).id,
        param=OTHER,
        format_func=lambda run_id: labels.get(run_id, run_id),
        help="The second network, B. Choose the same run again to compare two moments of its "
        "training.",
    )
    return offered.get(chosen, run)
