"""The assignment on Sherlock Holmes: settings, advice where it applies, and the best sample."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.components import corpora, services
from pages.components.labs import page as lab_page
from pages.components.labs import runner as lab_runner
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.training.forecast import is_here
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import runs_of
from rnnlab.experiments.shakespeare import ADVICE, AMOUNTS, BASE, EXPLODES, HOLMES, LATIN_1
from rnnlab.inspection.writing import word_overlap
from rnnlab.network.cells import CELLS
from rnnlab.runs.run import Run
from rnnlab.training.config import RunConfig, settings
from rnnlab.training.labels import choice_name
from rnnlab.training.planning import advice

KEY = "holmes"
_NAN = "Provoke NaN"
PRESETS: dict[str, RunConfig] = {
    "Ours": BASE,
    _NAN: EXPLODES.replace(corpus=BASE.corpus, max_characters=10_000),
    **{experiment.title: experiment.config for experiment in ADVICE},
}
FIELDS = {
    "embedding_size": (1, 512),
    "hidden_size": (16, 512),
    "num_layers": (1, 6),
    "seq_length": (5, 400),
}
PLAIN = tuple(name for name, cell in CELLS.items() if not cell.gates)


def draw() -> None:
    """The whole part."""
    st.markdown(
        "Now a book: choose how much of *Sherlock Holmes* the network reads and how it is built. "
        "Which of its samples is most like Holmes? The advice that comes with the assignment is "
        "shown where it applies; three presets provoke it."
    )
    st.caption(LATIN_1)
    config = _settings()
    if config is None:
        return
    _advise(config)
    lab_runner.runner(_experiment(config), key=KEY, config=config)
    own = lab_runner.started(KEY)
    if own is not None and not own.is_active:
        _advise_after(own)
    _best(own)
    st.subheader("What amount, length and depth change", anchor=False)
    lab_page.brief((*HOLMES, *ADVICE))


def _settings() -> RunConfig | None:
    """The controls; None, with a sentence, where they do not fit together."""
    if f"{KEY}_cell" not in st.session_state:
        _fill()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                "Start from",
                list(PRESETS),
                key=f"{KEY}_preset",
                on_change=_fill,
                persist_state="session",
                width=260,
                help="Fills in the settings below. All but the first provoke one piece of advice, "
                "or let it be checked.",
            )
            st.segmented_control(
                "Amount of text",
                list(AMOUNTS),
                key=f"{KEY}_amount",
                required=True,
                persist_state="session",
                help="The first 10,000 or 100,000 characters, or the whole book.",
            )
            st.segmented_control(
                "Cell",
                PLAIN,
                key=f"{KEY}_cell",
                format_func=choice_name,
                required=True,
                persist_state="session",
                help=settings()["cell"].help,
            )
        with st.container(horizontal=True):
            for name, (low, high) in FIELDS.items():
                st.number_input(
                    settings()[name].label,
                    low,
                    high,
                    key=f"{KEY}_{name}",
                    persist_state="session",
                    help=settings()[name].help,
                )
    with problems():
        return _chosen()
    return None


def _fill() -> None:
    """Callback, and once at the beginning: the controls as in the preset."""
    config = PRESETS[st.session_state.get(f"{KEY}_preset", "Ours")]
    amounts = {characters: amount for amount, (characters, _) in AMOUNTS.items()}
    st.session_state[f"{KEY}_amount"] = amounts[config.max_characters]
    for name in ("cell", *FIELDS):
        st.session_state[f"{KEY}_{name}"] = getattr(config, name)


def _chosen() -> RunConfig:
    preset = PRESETS[st.session_state[f"{KEY}_preset"]]
    characters, epochs = AMOUNTS[st.session_state[f"{KEY}_amount"]]
    budget = epochs if preset.budget_unit == "epochs" else preset.budget
    changes = {name: st.session_state[f"{KEY}_{name}"] for name in ("cell", *FIELDS)}
    return preset.replace(max_characters=characters, budget=budget, **changes)


def _experiment(config: RunConfig) -> Experiment:
    """The one of these settings, if there is one; else what is asked of all of them."""
    for experiment in (*HOLMES, *ADVICE):
        if experiment.is_made_by(config):
            return experiment
    return replace(
        EXPERIMENTS["holmes-100k"],
        title="Holmes, with settings of your own",
        question="How low does the validation loss get with these settings?",
        config=config,
        look_for="Compare the two losses: what the training loss is lower by was learned by heart.",
    )


def _advise(config: RunConfig) -> None:
    for one in advice(config):
        st.caption(f":orange[:material/lightbulb:] {escape_markdown(one.sentence)}")


def _advise_after(run: Run) -> None:
    """What the run itself has shown."""
    status = run.status()
    diverged = bool(status.advice) and status.state == "failed"
    for one in advice(run.config, diverged=diverged):
        st.warning(escape_markdown(one.sentence), icon=":material/lightbulb:")


def _best(own: Run | None) -> None:
    st.subheader("The sample most like Holmes", anchor=False)
    run = own if own and own.samples() else _shipped()
    samples = [sample.text for sample in run.samples()] if run else []
    if run is None or not samples or not is_here(BASE.corpus):
        st.caption("It comes with the samples of a run, and needs the book to compare with.")
        return
    with problems():
        place, share = word_overlap(samples, corpora.corpus(BASE.corpus).text)
        sample = run.samples()[place]
        st.code(sample.prime + sample.text, language=None, wrap_lines=True, height=200)
        st.text(f"{run.name}, after update {sample.step:,}: {share:.0%} of its words are Holmes's.")
        how_to_read(
            "Of all samples of the run, the one in which most words of four letters or more stand "
            "in the book. Those of a network that learned by heart do, too: read it yourself."
        )


def _shipped() -> Run | None:
    """The run that ships of the largest amount of text."""
    labs = services.store().labs()
    found = [run for experiment in HOLMES for run in runs_of(experiment, labs) if run.samples()]
    return found[-1] if found else None
