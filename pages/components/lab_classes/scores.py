"""How well languages are told apart: the confusion matrix, and scores beside baselines.

Also the classic version as it learns, and several experiments of which one is made at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import services
from pages.components.browser.plot import plot
from pages.components.lab_classes.network import choice, finished
from pages.components.labs import runner as lab_runner
from pages.components.layout import escape_markdown, how_to_read
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import Reproduced, advantage, by_key
from rnnlab.figures.labs.names import ScoreMark, confusion_heatmap, scores_chart, thousands_chart
from rnnlab.training.tasks.scores import f1_scores

_AXES = {"accuracy": "accuracy (%)", "macro_f1": "macro-F1"}
_STATES = (
    ("accuracy", "accuracy (%)", ("language-one-way", "language-window")),
    ("test_loss", "test loss (nats per character)", ("next-rnn", "next-window")),
)
Found = dict[str, dict[str, Reproduced]]  # by title of the experiment, then by key


def confusion() -> None:
    """Draw the confusion matrix of a run that the user chooses."""
    run = choice("language", key="classes_confusion_run")
    if run is None:
        return
    labels = run.labels()
    counts = np.array(run.results().get("confusion", []))
    if counts.shape != (len(labels), len(labels)):
        st.info("This run has stored no confusion matrix.", icon=":material/info:")
        return
    figure = confusion_heatmap(counts, labels)
    plot(figure, key="classes_confusion", height=560, alt="What names of each language count as")
    scores, sizes = f1_scores(counts), counts.sum(axis=1)
    best, worst = (labels[int(k)] for k in (scores.argmax(), scores.argmin()))
    rare, common = int(sizes.argmin()), int(sizes.argmax())
    how_to_read(
        f"Each row is a language and adds up to 100 %; the diagonal is right. Over "
        f"{int(sizes.sum()):,} names that it never learned, {escape_markdown(best)} is told best "
        f"(F1 {scores.max():.2f}) and {escape_markdown(worst)} worst ({scores.min():.2f}). "
        f"Macro-F1 is the mean over the languages: {sizes[rare]} names "
        f"({escape_markdown(labels[rare])}) weigh as much as {sizes[common]:,} "
        f"({escape_markdown(labels[common])})."
    )


def beside_baselines(best: Experiment, others: Sequence[Experiment]) -> None:
    """Draw accuracy and macro-F1 of the shipped runs, with the baselines of the same splits."""
    found = _found([best, *others])
    ours = found[best.title]
    for key, axis in _AXES.items():
        _beaten(ours, key, axis)
        scores = _networks(found, key)
        for prefix, title in (("together_", f"{best.title}, with naive Bayes"), ("bayes_", None)):
            one = ours.get(prefix + key)
            if one is not None and one.values:
                scores.append(_score(title or "Naive Bayes alone", one, is_baseline=not title))
        if scores:
            scores.sort(key=lambda score: -score.mean)
            figure = scores_chart(scores, axis)
            plot(figure, key=f"classes_{key}", height=300, alt=f"{axis} of each method")
    how_to_read(
        "Dots are means over the runs that ship, lines their standard deviation from split to "
        "split; further right is better. Accuracy counts all names the same, macro-F1 all "
        "languages: one of the two alone misleads."
    )
    accuracy, f1 = (ours.get(f"always_{key}") for key in _AXES)
    if accuracy is not None and f1 is not None and accuracy.values and f1.values:
        st.markdown(
            f"Always saying Russian has an accuracy of **{accuracy.mean:.1f} %** and a macro-F1 "
            f"of **{f1.mean:.3f}**."
        )


def with_and_without() -> None:
    """Draw, for both tasks, the shipped runs with and without a hidden state side by side."""
    for key, axis, names in _STATES:
        scores = _networks(_found([EXPERIMENTS[name] for name in names]), key)
        if scores:
            figure = scores_chart(scores, axis)
            plot(figure, key=f"classes_state_{key}", height=190, alt=f"{axis} with and without")
    how_to_read(
        "Above, further right is better; below, further left. Each pair has about as many "
        "parameters, so the difference is what the hidden state is for."
    )


def _beaten(ours: dict[str, Reproduced], key: str, axis: str) -> None:
    """By how much naive Bayes is beaten, in its own spreads from split to split."""
    alone = advantage(ours, key, f"bayes_{key}")
    joint = advantage(ours, f"together_{key}", f"bayes_{key}")
    if alone and joint:
        st.markdown(
            f"**{axis[0].upper()}{axis[1:]}**: naive Bayes {alone.baseline:.3g}; the networks "
            f"alone {alone.mean:.3g}, {alone.spreads:+.1f} of its spreads; with it "
            f"{joint.mean:.3g}, **{joint.spreads:+.1f}** spreads."
        )


def _found(experiments: Sequence[Experiment]) -> Found:
    shipped = services.store().labs()
    return {experiment.title: by_key(experiment, shipped) for experiment in experiments}


def _networks(found: Found, key: str) -> list[ScoreMark]:
    return [
        _score(title, measures[key], is_baseline=False)
        for title, measures in found.items()
        if key in measures and measures[key].values
    ]


def _score(title: str, one: Reproduced, *, is_baseline: bool) -> ScoreMark:
    assert one.mean is not None
    return ScoreMark(title, one.mean, one.spread, is_baseline)


GUESS_EVERY = 5_000  # names


def draw(experiment: Experiment) -> None:
    """Draw the curve and the guesses of the first run of the classic version that there is."""
    runs = [run for run in finished("language") if experiment.is_made_by(run.config)]
    if not runs:
        return
    run = runs[0]
    st.markdown(f"The curve and the guesses of *{escape_markdown(run.name)}*:")
    metrics = run.metrics()
    plot(
        thousands_chart(metrics["step"], metrics["epoch_loss"], metrics["val_loss"]),
        key="classes_classic_curve",
        height=320,
        alt="Loss of the classic network as it learns",
    )
    how_to_read(
        "Each point of the first curve is the mean over a thousand names, drawn language first; "
        "the validation loss is of names as frequent as they are, so the two do not measure the "
        "same."
    )
    samples = [sample for sample in run.samples() if sample.step % GUESS_EVERY == 0]
    table = [
        {"Names learned from": f"{sample.step:,}", "Name and guess": sample.prime + sample.text}
        for sample in samples
    ]
    if not table:
        st.caption(
            "Its guesses name people of the list, which does not ship with the lab; run it here to "
            "see them."
        )
        return
    st.dataframe(pd.DataFrame(table), hide_index=True, width="stretch", height=280)
    how_to_read(
        f"A guess every {GUESS_EVERY:,} names, of a name that it did not learn: ✓ is right, after "
        "✗ stands what is right."
    )


def one_of(experiments: Sequence[Experiment], key: str) -> None:
    """Let the user choose an experiment, predict, run and compare it."""
    by_name = {experiment.name: experiment for experiment in experiments}
    chosen = st.selectbox(
        "Experiment",
        list(by_name),
        format_func=lambda name: by_name[name].title,
        key=f"{key}_experiment",
        persist_state="session",
        help="Each of them is in the table at the end, with the numbers of our runs.",
    )
    lab_runner.runner(by_name[chosen], key=f"{key}_{chosen}")
