"""Names of the dinosaur lab: what the networks wrote, and one that the user starts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import services
from pages.components.layout import how_to_read, problems
from rnnlab.experiments.catalog import of_lab
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import by_key, ours_text, runs_of
from rnnlab.runs.run import Run
from rnnlab.training.tasks.scores import finished

CORPUS = "dinos"
NAMES = 10
MAX_START_LETTERS = 40
_SHARES = ("share_new", "share_distinct", "judged_loss")


def written() -> None:
    """What each kind of network wrote, and how much of it is new."""
    runs = services.store().labs()
    lines = [line for each in of_lab("dinosaurs") if (line := _line(each, runs))]
    if not lines:
        st.info("No run ships yet whose names could be shown.", icon=":material/hourglass_empty:")
        return
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(
        "Each finished run writes 200 names with temperature 1. New: not among the 1,460 names it "
        "learned. Distinct: not a repetition of another of the 200. Judged: how surprising a "
        "trigram model of the training names finds the new ones, in nats per character; lower "
        "reads more like a dinosaur. Mean ± standard deviation over the runs."
    )


def _line(experiment: Experiment, runs: list[Run]) -> dict[str, str] | None:
    found = runs_of(experiment, runs)
    if not found:
        return None
    measures = by_key(experiment, runs)
    new, distinct, judged = (ours_text(measures[key]) for key in _SHARES)
    names = found[0].results().get("names", [])
    return {
        "Network": experiment.title,
        "New, %": new,
        "Distinct, %": distinct,
        "Judged": judged,
        "Some of them": ", ".join(str(name) for name in names[:6]),
    }


def finisher() -> None:
    """Let a network finish a name that the user starts."""
    runs = _finishers()
    if not runs:
        st.info(
            "Here a trained network finishes names; there is none of this lab yet. Run one above.",
            icon=":material/hourglass_empty:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = st.selectbox(
            "Network",
            list(runs),
            format_func=lambda run_id: runs[run_id].name,
            key="dino_network",
            help="The runs that ship with this lab, then your own.",
        )
        start = st.text_input(
            "Beginning of the name",
            key="dino_start",
            value="t",
            max_chars=MAX_START_LETTERS,
            help="One or more letters; nothing lets a first letter be drawn for each name.",
        )
        temperature = st.slider(
            "Temperature",
            0.1,
            2.0,
            1.0,
            0.1,
            key="dino_temperature",
            help="Below 1 it keeps to what is likely, above 1 it dares more.",
        )
        st.button(
            "Write others",
            key="dino_again",
            icon=":material/casino:",
            on_click=_count_up,
            help="Draws with other random numbers.",
        )
    with problems():
        _finish(runs[run], start.lower().strip(), temperature)


def _count_up() -> None:
    """Callback."""
    st.session_state["dino_draw"] = st.session_state.get("dino_draw", 0) + 1


def _finish(run: Run, start: str, temperature: float) -> None:
    names = finished(
        run.model("last"),
        run.vocabulary(),
        start,
        end=".",
        number=NAMES,
        temperature=temperature,
        rng=np.random.default_rng(st.session_state.get("dino_draw", 0)),
    )
    known = _known()
    lines = {"Name": names}
    if known:
        lines["In the list"] = ["yes" if name in known else "no, it is new" for name in names]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="content")


def _finishers() -> dict[str, Run]:
    """The runs that can finish a name, by id: those that ship first."""
    store = services.store()
    runs = [run for each in of_lab("dinosaurs") for run in runs_of(each, store.labs())]
    own = [run for run in store.runs() if not run.read_only and run.config.task == "names"]
    return {run.id: run for run in [*runs, *own] if run.status().state == "finished"}


def _known() -> set[str]:
    library = services.library()
    if not library.is_here(CORPUS):
        return set()
    return set(library.load(CORPUS).items or ())
