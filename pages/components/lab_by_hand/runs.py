"""The runs of the lab: their smoothed losses, what they wrote, and the first loss."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.components import corpora, services
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read
from pages.components.training import forecast
from pages.components.training import samples as training_samples
from rnnlab.experiments.by_hand import FIRST_LOSS
from rnnlab.experiments.catalog import EXPERIMENTS, of_lab
from rnnlab.experiments.reproduction import runs_of
from rnnlab.figures.labs.by_hand import SmoothedCurve, smoothed_chart
from rnnlab.inspection.gradient_check.minimal import first_losses
from rnnlab.inspection.text_loss import InitialStateEffect, initial_state_effect
from rnnlab.network.char_rnn import CharRNN
from rnnlab.runs.results import measured, smoothed_curve
from rnnlab.runs.run import Run
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.networks import reader
from rnnlab.training.tasks import make_task

_NAMES = [experiment.name for experiment in of_lab("by_hand") if experiment is not FIRST_LOSS]
_USUAL = ["by-hand-parallel", "by-hand-one-layer", "by-hand-stack", "by-hand-stack-learns"]
_SEEDS = 200
_BEFORE, _TEXT = 10_000, 5_000  # characters that lead to the carried state, and that are predicted
_LATCHED = "labs/by-hand-one-layer-1"  # where the start matters most


def curves() -> None:
    """The smoothed losses of chosen experiments, all seeds that ship."""
    chosen = st.multiselect(
        "Experiments",
        _NAMES,
        default=_USUAL,
        format_func=_title,
        key="by_hand_curves",
        help="One line for each run that ships, one color for each experiment.",
    )
    found = [(name, run) for name in chosen for run in _shipped(name)]
    if not found:
        st.caption("No run of these experiments is here yet; run one below.")
        return
    drawn = [_curve(name, run) for name, run in found]
    plot(
        smoothed_chart(drawn, _levels(found[0][1])),
        key="by_hand_smoothed",
        height=420,
        alt="Smoothed losses of the chosen experiments.",
    )
    how_to_read(
        "At each update 0.999 of the smoothed loss stays and 0.001 of the new one is added, from "
        "the loss of guessing on: the curve lags about 1,000 updates behind. The source adds the "
        "losses of a sequence; here they are divided by its length. A stack that comes no further "
        "than the lower level has learned how frequent characters are, and nothing about order."
    )


def samples() -> None:
    """What the runs wrote every 1,000 updates."""
    names = [name for name in _NAMES if _shipped(name)]
    if not names:
        st.caption("No run is here yet; run one below, and its samples are on the Train page.")
        return
    name = st.selectbox(
        "Samples of",
        names,
        format_func=_title,
        key="by_hand_samples",
        help="200 characters, drawn as likely as the network says.",
    )
    training_samples.samples(_shipped(name)[0])


def two_initial_states() -> None:
    """The loss of a run on the test part, from a state of zeros and from a carried one."""
    runs = {run.id: run for name in _NAMES for run in _shipped(name)}
    if not runs or not forecast.is_here(FIRST_LOSS.config.corpus):
        st.caption("This needs Tiny Shakespeare and a run that ships.")
        return
    chosen = runs[
        st.selectbox(
            "Run",
            list(runs),
            index=list(runs).index(_LATCHED) if _LATCHED in runs else 0,
            format_func=lambda run_id: runs[run_id].name,
            key="by_hand_habits",
            help="The weights after its last update.",
        )
    ]
    found = _effect(chosen.id)
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "From zeros",
            f"{found.from_zeros:.3f}",
            help=f"Nats per character of the first {_TEXT:,} of the test part.",
        )
        st.metric(
            "From a carried state",
            f"{found.carried:.3f}",
            help=f"The same characters, after the first {_BEFORE:,} of the training part.",
        )
    how_to_read(
        "If the two differ by far, the network has two patterns of states, each of which keeps "
        "itself up: its units are near ±1, and none lets go. In training the state was never set "
        "back, so it learned to predict from one of them only. A test loss from a state of zeros "
        "then says where it started, and not how well it predicts."
    )


@lru_cache(maxsize=32)
def _effect(run_id: str) -> InitialStateEffect:
    run = services.store().open(run_id)
    task = make_task(run.config, corpora.corpus(run.config.corpus))
    model = reader(run.model("last"))
    assert isinstance(model, CharRNN)
    parts = task.split.training.text[:_BEFORE], task.split.test.text[:_TEXT]
    return initial_state_effect(model, *(task.vocabulary.encode(part) for part in parts))


def first_loss() -> None:
    """The published first loss among those of many seeds, computed here and now."""
    corpus = FIRST_LOSS.config.corpus
    if not forecast.is_here(corpus):
        st.caption("This needs Tiny Shakespeare, which can be fetched above.")
        return
    losses = _first_losses(corpus)
    published = FIRST_LOSS.measures[0].published or math.nan
    with st.container(horizontal=True, gap="large"):
        st.metric("Published", f"{published:.4f}", help="Nats, summed over 8 characters.")
        st.metric(
            f"Ours, {_SEEDS} seeds",
            f"{losses.mean():.4f} ± {losses.std():.4f}",
            help="Mean and standard deviation, computed on this page.",
        )
        st.metric("Lowest and highest", f"{losses.min():.4f} – {losses.max():.4f}")
        st.metric("8 · ln 65", f"{8 * math.log(65):.4f}", help="All characters equally likely.")
    how_to_read(
        f"Three layers of 100 units, the first 8 characters of Tiny Shakespeare, 65 symbols. "
        f"{np.mean(losses < published):.1%} of our seeds lie below the published value: it is one "
        "draw of random weights, and an unusually low one."
    )


def _first_losses(corpus: str) -> np.ndarray:
    text = corpora.corpus(corpus).text
    return _losses_of_seeds(text[:9], "".join(sorted(set(text))))


@lru_cache(maxsize=4)
def _losses_of_seeds(opening: str, symbols: str) -> np.ndarray:
    vocabulary = Vocabulary.from_text(symbols)
    return first_losses(len(vocabulary), vocabulary.encode(opening), _SEEDS)


def _shipped(name: str) -> list[Run]:
    return runs_of(EXPERIMENTS[name], services.store().labs())


def _curve(name: str, run: Run) -> SmoothedCurve:
    steps, losses = smoothed_curve(run)
    return SmoothedCurve(_title(name), steps, losses / run.config.seq_length)


def _levels(run: Run) -> dict[str, float]:
    levels = {"guessing": math.log(len(run.vocabulary()))}
    frequencies = measured(run, "unigram_loss")
    return levels | ({"knowing frequencies only": frequencies} if frequencies else {})


def _title(name: str) -> str:
    return EXPERIMENTS[name].title
