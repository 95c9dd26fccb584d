"""Steps 1 and 5: which packages are installed here, and the hyperparameters.

Versions are read from the packages themselves, without importing them.
"""

from __future__ import annotations

import platform
import statistics
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import pandas as pd
import streamlit as st

from pages.components import services
from pages.components.lab_step_by_step import steps
from pages.components.layout import how_to_read, problems
from pages.components.training import forecast
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import runs_of
from rnnlab.runs.results import measured
from rnnlab.training.config import ConfigError, RunConfig, settings
from rnnlab.training.labels import duration_text, value_text

_PURPOSES = {
    "torch": "the fast engine: gradients by itself",
    "numpy": "arrays; the engine whose every line can be read",
    "plotly": "figures",
    "streamlit": "this page",
    "pandas": "tables",
    "safetensors": "weights on disk",
    "pooch": "fetching the text and checking it",
}


@dataclass(frozen=True)
class Library:
    """A package and what it is good for here."""

    name: str
    version: str  # "" when it is not installed
    purpose: str


def libraries() -> list[Library]:
    """Python, and the packages that this lab uses, each in the version that is installed."""
    packages = [Library(name, _version(name), purpose) for name, purpose in _PURPOSES.items()]
    return [Library("Python", platform.python_version(), "the language"), *packages]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


EXPERIMENT = EXPERIMENTS["step-by-step"]

# What can be chosen here: little enough that all of it trains within minutes.
STOPS: dict[str, tuple[float, ...]] = {
    "budget": (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0),
    "learning_rate": (0.0001, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03, 0.1),
    "embedding_size": (0, 4, 8, 16, 32, 64, 128),
    "batch_size": (8, 16, 32, 64, 128, 256),
    "seq_length": (8, 16, 32, 64, 100, 128, 256),
    "hidden_size": (16, 32, 64, 128, 192, 256, 384, 512),
    "num_layers": (1, 2, 3, 4),
    "max_characters": (0, 20_000, 50_000, 100_000, 200_000, 500_000),
}


def fill_once() -> None:
    """Give the controls that this session does not have yet the values of the quick version."""
    for name in STOPS:
        st.session_state.setdefault(_key(name), getattr(_quick(), name))


def chosen() -> RunConfig:
    """The run that the controls describe; windows start half a window apart.

    Raises:
        ConfigError: what a session holds is no possible value.
    """
    values = {name: st.session_state[_key(name)] for name in STOPS}
    stride = max(1, values["seq_length"] // 2)
    return EXPERIMENT.config.replace(**values, stride=stride)


def at_least_usual() -> RunConfig:
    """The same, or the quick version where the controls hold no possible values."""
    try:
        return chosen()
    except ConfigError:
        return _quick()


def show_libraries() -> None:
    """Step 1: the packages and their versions."""
    steps.begin(1, "what is installed on this machine")
    found = libraries()
    st.dataframe(
        pd.DataFrame(
            {
                "Library": [each.name for each in found],
                "Version": [each.version or "not installed" for each in found],
                "Used for": [each.purpose for each in found],
            }
        ),
        hide_index=True,
        width="content",
        alt="Libraries with their versions.",
    )


def hyperparameters() -> RunConfig | None:
    """Step 5: the controls; None, with a sentence, for impossible values."""
    steps.begin(5, "your choice; steps 3, 4, 6 and 7 follow it, and step 8 trains with it")
    _versions()
    names = list(STOPS)
    for row in (names[:4], names[4:]):
        for column, name in zip(st.columns(4, gap="large"), row, strict=True):
            with column:
                _control(name)
    with problems():
        config = chosen()
        if forecast.is_here(config.corpus) and not forecast.before_the_start(config):
            return None
        how_to_read(
            "Fixed by the manual: tanh cells, Adam, gradients clipped by their norm at "
            f"{config.grad_clip:g}, windows from a zero state. The network has one input and one "
            "output for each distinct character."
        )
        return config
    return None


def _versions() -> None:
    with st.container(horizontal=True):
        st.button(
            "Quick version",
            key="manual_quick",
            icon=":material/bolt:",
            on_click=_fill,
            args=(_quick(),),
            help="Less text and a smaller network: less than a minute on two cores.",
        )
        seconds = _whole_seconds()
        took = f"The runs that ship took {duration_text(seconds)} each." if seconds else ""
        st.button(
            "Whole experiment",
            key="manual_whole",
            icon=":material/timer:",
            on_click=_fill,
            args=(EXPERIMENT.config,),
            help=f"The settings of the table below. {took}",
        )


def _whole_seconds() -> float | None:
    """How long the runs that ship trained, on average; None without any."""
    times = [measured(run, "seconds") for run in runs_of(EXPERIMENT, services.store().labs())]
    known = [seconds for seconds in times if seconds is not None]
    return statistics.fmean(known) if known else None


def _fill(config: RunConfig) -> None:
    """Callback."""
    for name in STOPS:
        st.session_state[_key(name)] = getattr(config, name)


def _control(name: str) -> None:
    setting = settings()[name]
    label = "Epochs" if name == "budget" else setting.label
    about = "How often the whole training text is learned from." if name == "budget" else ""
    stops = sorted({*STOPS[name], st.session_state[_key(name)]})
    st.select_slider(
        label,
        stops,
        key=_key(name),
        format_func=lambda value: value_text(name, value),
        persist_state="session",
        help=about or setting.help,
    )


def _quick() -> RunConfig:
    assert EXPERIMENT.quick is not None
    return EXPERIMENT.quick


def _key(name: str) -> str:
    return f"manual_{name}"
