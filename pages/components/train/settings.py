"""Everything one can choose before a run starts, and what the choice amounts to."""

from __future__ import annotations

import streamlit as st

from pages.components import services
from pages.components.layout import problems
from pages.components.pickers import run as run_picker
from pages.components.training import controls as training_controls
from pages.components.training import corpus as training_corpus
from pages.components.training import forecast
from pages.components.training import start as training_start
from pages.components.training.controls import GROUPS, Group
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.training.config import RunConfig

_PRESET = "train_preset"
_TRIED = "train_tried"  # the config of the latest try


def settings_panel(run: Run | None) -> None:
    """Draw the presets, the controls and the Start button; only this part runs when one moves."""
    if _PRESET not in st.session_state:
        st.session_state[_PRESET] = _first_preset()
    training_controls.fill_once(_first_config(run))
    _draw(run.id if run else None)


def _first_preset() -> str:
    """The first one that needs no download."""
    here = (name for name, preset in PRESETS.items() if forecast.is_here(preset.config.corpus))
    return next(here, next(iter(PRESETS)))


def _first_config(run: Run | None) -> RunConfig:
    """What the controls of a new session begin with: a reload finds those of the run it shows."""
    if run is not None and run_picker.is_asked_for(run) and not run.read_only:
        return run.config
    return PRESETS[st.session_state[_PRESET]].config


@st.fragment
def _draw(run_id: str | None) -> None:
    training_start.rerun_if_asked()
    # Parts that grow or vanish have containers of their own: the tabs, moved down by an element,
    # would begin anew at the first one.
    with st.container():
        _presets()
    with st.container():
        config = _possible_config()
    with st.container():
        _start(config is not None)
    with st.container():
        _retrain(config, run_id)
    with st.container():
        _controls()


def _possible_config() -> RunConfig | None:
    """What the controls describe and what it amounts to; None when it cannot be trained yet."""
    with problems():
        config = training_controls.chosen()
        if forecast.is_here(config.corpus):
            return config if forecast.before_the_start(config) else None
        training_corpus.fetch_offer(config.corpus)
        return None
    return None


def _presets() -> None:
    st.selectbox(
        "Start from",
        list(PRESETS),
        key=_PRESET,
        format_func=lambda name: PRESETS[name].title,
        on_change=_fill,
        persist_state="session",
        help="A preset fills in all settings below; change what you like afterwards.",
    )
    st.caption(PRESETS[st.session_state[_PRESET]].description)


def _fill() -> None:
    training_controls.fill(PRESETS[st.session_state[_PRESET]].config)


def _controls() -> None:
    tabs = st.tabs([group.title for group in GROUPS], key="train_tabs")
    for tab, group in zip(tabs, GROUPS, strict=True):
        with tab:
            _group(group)
    training_controls.exact_switch()


def _group(group: Group) -> None:
    for name in group.usual:
        if name == "corpus":
            training_corpus.selector()
        else:
            training_controls.control(name)
    if "seed" in group.usual:
        _name()
    with st.popover("More settings", icon=":material/tune:", width="stretch"):
        for name in group.rare:
            training_controls.control(name)


def _name() -> None:
    st.text_input(
        "Name of the run",
        key=training_start.NAME,
        placeholder="after its cell, size and corpus",
        persist_state="session",
        help="What it is called on the Runs page; leave it empty to have it named for you.",
    )


def _start(possible: bool) -> None:
    st.button(
        "Start",
        icon=":material/play_arrow:",
        type="primary",
        width="stretch",
        disabled=not possible,
        key="train_start",
        on_click=training_start.rerun_page_after(training_start.start_and_show),
        help="Train in the background. You can leave this page; the run goes on.",
    )


def _retrain(config: RunConfig | None, run_id: str | None) -> None:
    """With "retrain on change", a setting that moved starts a scratch run at once."""
    on = st.toggle(
        "Retrain on change",
        key=training_start.RETRAIN,
        persist_state="session",
        help="Each time a setting moves, a short throw-away run starts at once in the place of the "
        "one before it. Earlier curves stay behind it, faded and numbered; the last 20 are kept.",
    )
    st.session_state.setdefault(training_start.SECONDS, 10)
    if not on:
        st.session_state.pop(_TRIED, None)
        return
    st.segmented_control(
        "Length of each throw-away run",
        [5, 10, 20, 30],
        key=training_start.SECONDS,
        format_func=lambda seconds: f"{seconds} s",
        required=True,
        persist_state="session",
        help="Long enough to see a difference, short enough to keep moving.",
    )
    if config is not None and st.session_state.get(_TRIED) != config:
        _try(config, run_id)


def _try(config: RunConfig, run_id: str | None) -> None:
    in_series = _TRIED in st.session_state
    st.session_state[_TRIED] = config
    try:
        previous = services.store().open(run_id) if in_series and run_id else None
    except RunError:
        previous = None
    with training_start.kept_problems():
        training_start.start_scratch_run(
            config, previous if previous and previous.is_scratch else None
        )
    st.rerun()
