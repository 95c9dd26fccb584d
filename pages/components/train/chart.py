"""The curves of the shown run and of the scratch runs before it, as somebody wants to see them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components import services
from pages.components.browser.plot import plot
from pages.components.training import corpus as training_corpus
from pages.components.training import forecast
from rnnlab.figures.learning import ACROSS, Curve, View, across_name, learning_chart
from rnnlab.figures.series import UNITS, accuracy_text, foreseen, latest, loss_text
from rnnlab.inspection.ngram_ladder import Ladder
from rnnlab.runs.run import Run
from rnnlab.runs.selection import earlier_scratch_runs
from rnnlab.text.corpora.corpus import CorpusError

_VIEW = {name: f"train_view_{name}" for name in ("across", "unit", "logarithmic", "smoothing")}


def view(run: Run) -> View:
    """How the curves of a run are to be drawn, as chosen below them."""
    standard = View()
    for name, key in _VIEW.items():
        st.session_state.setdefault(key, getattr(standard, name))
    chosen = {name: st.session_state[key] for name, key in _VIEW.items()}
    return View(**chosen, foreseen=foreseen([run.config.task]))


def view_controls(view: View) -> None:
    """Axes, unit and smoothing of the chart above, now as in `view`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Across",
            list(ACROSS),
            format_func=across_name,
            key=_VIEW["across"],
            width=125,
            persist_state="session",
            help="What the horizontal axis counts. Seconds compare what you get for your time, "
            "characters what a network learns from the same text.",
        )
        st.selectbox(
            "Measured in",
            UNITS,
            key=_VIEW["unit"],
            width=125,
            persist_state="session",
            help="Nats are natural logarithms. Bits: yes-no questions per character. Perplexity: "
            "among how many equally likely characters it is as good as guessing. Accuracy: the "
            f"percentage of {view.foreseen}, each time by the likeliest choice alone.",
        )
        st.slider(
            "Smoothing",
            0.0,
            0.99,
            step=0.01,
            key=_VIEW["smoothing"],
            disabled=view.unit == "accuracy",
            width=140,
            persist_state="session",
            help="Each point of the strong line is a running average of the pale one; 0 shows the "
            "raw losses only. Accuracies are never smoothed.",
        )
        st.toggle(
            "Logarithmic",
            key=_VIEW["logarithmic"],
            disabled=view.unit == "accuracy",
            persist_state="session",
            help="A logarithmic loss axis shows small improvements late in training.",
        )


def chart(run: Run, metrics: dict[str, np.ndarray], view: View, ladder: Ladder | None) -> None:
    """Draw the run in front of the scratch runs before it."""
    before = earlier_scratch_runs(services.store(), run)
    earlier = [_curve(each, str(len(before) - age)) for age, each in enumerate(before)]
    shown = Curve("this run", metrics, forecast.characters_per_update(run.config))
    if view.unit == "accuracy" and not shown.has_accuracy:
        st.caption(_why_no_accuracy(run, metrics))
        return
    figure = learning_chart(
        shown,
        view,
        earlier=earlier,
        best_possible=_best_possible(run),
        ladder=ladder.validation if ladder else (),
        zoom="tries" if run.is_scratch else run.id,
    )
    what = "Accuracy" if view.unit == "accuracy" else "Losses"
    plot(figure, key="train_curves", height=380, alt=f"{what} and gradient norm while it learns")
    if run.is_scratch:
        _what_was_changed([run, *before], view)


def _why_no_accuracy(run: Run, metrics: dict[str, np.ndarray]) -> str:
    """A sentence for a run without accuracies."""
    if latest(metrics["val_loss"]) is not None:
        return (
            "The accuracy of this run is not recorded: it was trained when only losses were. "
            "Choose nats, bits or perplexity to see its curves."
        )
    if run.is_active:
        return (
            "The accuracy is not measured yet; that happens now and then, on the validation part, "
            "which takes longer than an update."
        )
    return (
        "The accuracy of this run is not recorded: it was never measured on a validation part. "
        "Choose nats, bits or perplexity to see its training loss."
    )


def _curve(run: Run, label: str) -> Curve:
    return Curve(label, run.metrics(), forecast.characters_per_update(run.config))


def _best_possible(run: Run) -> float | None:
    """The loss no model can beat on the run's corpus, where that is known."""
    try:
        return training_corpus.chosen(run.config).best_loss
    except CorpusError:
        return None


def _what_was_changed(before: list[Run], view: View) -> None:
    """What each try changed and what it came to, the latest first."""
    numbers = ["now", *map(str, range(len(before) - 1, 0, -1))]
    ends = [_end(each, view) for each in before]
    lines = [
        f"{number}: {each.name} · {end}"
        for number, each, end in zip(numbers, before, ends, strict=True)
    ]
    what = "validation accuracy" if view.unit == "accuracy" else "training loss"
    st.text("\n".join(lines), help=f"What was changed since the try before, and its {what}.")


def _end(run: Run, view: View) -> str:
    if view.unit == "accuracy":
        return accuracy_text(latest(run.metrics()["val_accuracy"]))
    return loss_text(run.status().train_loss, view.unit)
