"""What a choice of settings amounts to, before the run starts: size, work, time, warnings."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.components import services
from pages.components.layout import escape_markdown, show_error
from pages.components.training import controls as training_controls
from pages.components.training import corpus as training_corpus
from rnnlab.runs.speed_history import SimilarRun, similar_run
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.training.config import ConfigError, RunConfig, settings
from rnnlab.training.cost_model import Speed
from rnnlab.training.labels import duration_text
from rnnlab.training.planning import RunPlan, fitting, forecast, plan
from rnnlab.training.tasks import make_task


def before_the_start(config: RunConfig) -> bool:
    """Say what to expect; False when a run with these settings cannot start."""
    try:
        expected = _expected(config)
    except (CorpusError, ConfigError) as error:
        show_error(error)
        _fitting_offer(config)
        return False
    _sum(expected)
    _work(config, expected)
    for warning in expected.warnings:
        st.caption(f":orange[:material/warning:] {warning}")
    _fitting_offer(config)
    for note in expected.notes:
        st.caption(note)
    return True


def _fitting_offer(config: RunConfig) -> None:
    """Where the text is too short for the batch, offer one that fits with a click."""
    try:
        smaller = _fitting(config, training_corpus.chosen(config).sha256)
    except (CorpusError, ConfigError):
        return
    if smaller is None:
        return
    names = ("batch_size", "seq_length")
    changed = [name for name in names if getattr(smaller, name) != getattr(config, name)]
    sizes = [f"{settings()[name].label.lower()} {getattr(smaller, name):,}" for name in changed]
    st.button(
        f"Use {' and '.join(sizes)}, which fit{'s'[len(sizes) > 1 :]} this text",
        icon=":material/fit_screen:",
        key="train_fit",
        on_click=training_controls.fill,
        args=(smaller,),
        help="One update then reads at most a tenth of the training text.",
    )


def is_here(corpus: str) -> bool:
    """Whether a corpus can be learned from at once."""
    try:
        return services.library().is_here(corpus)
    except CorpusError:
        return False


def _sum(expected: RunPlan) -> None:
    terms = " + ".join(f"{term.formula}" for term in expected.terms)
    named = "  \n".join(f"{term.label}: {term.formula} = {term.count:,}" for term in expected.terms)
    st.markdown(
        f"**{expected.parameters:,} parameters** = {terms}",
        help=f"{named}  \nEvery unit has one weight for each of its inputs, for each hidden unit "
        "of its own layer, and two biases, as torch counts them.",
    )


def _work(config: RunConfig, expected: RunPlan) -> None:
    speed = _speed()
    known = similar_run(services.store().runs(), config, expected, speed, _device(config))
    ahead = forecast(config, expected, speed, known.factor if known else 1.0)
    st.caption(
        f"{_number(expected.characters_per_update)} "
        f"character{'s'[: expected.characters_per_update != 1]} per update · "
        f"{expected.updates_per_epoch:,} updates per epoch  \n"
        f"About {ahead.updates:,} updates, {_number(ahead.epochs)} epochs, in "
        f"{duration_text(ahead.seconds)} · {_source(known)}",
        help=f"{_explanation(known)} A computer that is busy with other things trains slower.",
    )


def _source(known: SimilarRun | None) -> str:
    if known is None:
        return "estimated"
    return (
        f"measured on your run “{escape_markdown(known.run.name)}”"
        if known.is_same
        else "estimated"
    )


def _explanation(known: SimilarRun | None) -> str:
    if known is None:
        return "From the sizes, and the speed that the waiting training process found here."
    if known.is_same:
        return "Your latest run with the same sizes learned at this speed on this computer."
    return f"From the sizes, and the speed of your similar run “{escape_markdown(known.run.name)}”."


def _number(value: float) -> str:
    """Three digits, and never with an exponent when it is large."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _expected(config: RunConfig) -> RunPlan:
    return _plan(config, training_corpus.chosen(config).sha256)


@lru_cache(maxsize=200)
def _plan(config: RunConfig, sha256: str) -> RunPlan:
    return plan(make_task(config, training_corpus.chosen(config)))


@lru_cache(maxsize=200)
def _fitting(config: RunConfig, sha256: str) -> RunConfig | None:
    return fitting(config, training_corpus.chosen(config))


def _speed() -> Speed:
    """What the spare worker measured; an ordinary one until it has."""
    return Speed(**((services.jobs().worker_report or {}).get("speed") or {}))


def _device(config: RunConfig) -> str:
    """Where it will compute."""
    if config.engine == "numpy":
        return "cpu"
    devices = (services.jobs().worker_report or {}).get("devices") or ["cpu"]
    return devices[0] if config.device == "auto" else config.device


def characters_per_update(config: RunConfig) -> float:
    """Characters that one update learns from; without the corpus, as many as fit into a batch."""
    try:
        return _expected(config).characters_per_update
    except (CorpusError, ConfigError):
        return float(config.batch_size * config.seq_length)
