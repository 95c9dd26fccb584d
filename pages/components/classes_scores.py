"""How well the languages are told apart: the confusion matrix, and scores beside baselines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.components import frame, lab
from pages.components.classes_network import choice
from pages.components.plot import plot
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import Reproduced, reproduced
from rnnlab.figures.classes import confusion_heatmap
from rnnlab.figures.scores import Score, scores_chart
from rnnlab.inspection.classes import f1_scores

_BASELINES = {"bayes_": "naive Bayes", "always_": "always Russian"}
_STATES = (
    ("accuracy", "accuracy (%)", ("language-one-way", "language-window")),
    ("test_loss", "test loss (nats per character)", ("next-rnn", "next-window")),
)
_AXES = {"accuracy": "accuracy (%)", "macro_f1": "macro-F1"}


def confusion() -> None:
    """Draw the confusion matrix of a run that the user chooses."""
    run = choice("language", key="classes_confusion_run")
    if run is None:
        return
    results, labels = run.results(), run.labels()
    counts = np.array(results.get("confusion", []))
    if counts.shape != (len(labels), len(labels)):
        st.info("This run has stored no confusion matrix.", icon=":material/info:")
        return
    figure = confusion_heatmap(counts, labels)
    plot(figure, key="classes_confusion", height=560, alt="What names of each language count as")
    scores = f1_scores(counts)
    order = np.argsort(scores)
    worst, best = (labels[int(order[k])] for k in (0, -1))
    frame.how_to_read(
        f"Each row is a language and adds up to 100 %; the diagonal is right. Over "
        f"{int(counts.sum()):,} names that it never learned, {best} is told best (F1 "
        f"{scores.max():.2f}) and {worst} worst ({scores.min():.2f}). Macro-F1 is the mean of the "
        "18, so seven Vietnamese names weigh as much as a thousand Russian ones."
        if len(labels) == 18
        else "Each row adds up to 100 %; the diagonal is right."
    )


def beside_baselines(experiments: Sequence[Experiment]) -> None:
    """Draw accuracy and macro-F1 of the shipped runs, with the baselines of the same splits."""
    found = {
        e.title: {r.measure.key: r for r in reproduced(e, lab.store().labs())} for e in experiments
    }
    for column, (key, axis) in zip(st.columns(2), _AXES.items(), strict=True):
        scores = _scores(found, key)
        if scores:
            with column:
                figure = scores_chart(scores, axis)
                plot(figure, key=f"classes_{key}", height=340, alt=f"{axis} of each method")
    frame.how_to_read(
        "Dots are means over the runs that ship, lines their standard deviation from split to "
        "split. Always saying Russian is right for half of all names and has a macro-F1 near 0: "
        "one of the two numbers alone misleads."
    )


def with_and_without() -> None:
    """Draw, for both tasks, the shipped runs with and without a hidden state side by side."""
    for column, (key, axis, names) in zip(st.columns(2), _STATES, strict=True):
        found = {
            EXPERIMENTS[name].title: {
                r.measure.key: r for r in reproduced(EXPERIMENTS[name], lab.store().labs())
            }
            for name in names
        }
        if scores := _scores(found, key):
            with column:
                plot(
                    scores_chart(scores, axis),
                    key=f"classes_state_{key}",
                    height=240,
                    alt=f"{axis} with and without a hidden state",
                )
    frame.how_to_read(
        "Left, right is better; right, left is better. Each pair has equally many parameters, so "
        "the difference is what the hidden state is for."
    )


def _scores(found: dict[str, dict[str, Reproduced]], key: str) -> list[Score]:
    networks = [
        Score(title, measures[key].mean, measures[key].spread, is_baseline=False)
        for title, measures in found.items()
        if key in measures and measures[key].mean is not None
    ]
    baselines = [
        Score(title, one.mean, one.spread, is_baseline=True)
        for prefix, title in _BASELINES.items()
        for measures in found.values()
        if (one := measures.get(prefix + key)) is not None and one.mean is not None
    ]
    return [*networks, *baselines]
