"""A control for every setting of a run, made from what the config says about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from rnnlab.network.cells import CELLS
from rnnlab.training.config import RunConfig, Setting, settings
from rnnlab.training.labels import choice_name, value_text
from rnnlab.training.networks import FROM_SCRATCH


@dataclass(frozen=True)
class Group:
    """Settings that belong together: the ones everybody sees and the rarer ones."""

    title: str
    usual: tuple[str, ...]
    rare: tuple[str, ...]


GROUPS = (
    Group(
        "Text",
        ("corpus", "batching", "seq_length", "batch_size", "max_characters"),
        ("stride", "train_share", "validation_share", "drop_duplicates", "task"),
    ),
    Group(
        "Network",
        ("cell", "hidden_size", "num_layers", "embedding_size", "dropout"),
        (
            "initialization",
            "forget_bias",
            "model",
            "window",
            "bidirectional",
            "members",
            "dropout_place",
        ),
    ),
    Group(
        "Learning",
        ("optimizer", "learning_rate", "schedule", "clipping", "grad_clip"),
        ("weight_decay", "warmup", "loss", "class_weights", "teacher_forcing"),
    ),
    Group(
        "Run",
        ("budget", "budget_unit", "seed"),
        ("evaluation", "engine", "device", "threads"),
    ),
)

# Stops of the sliders whose range spans powers of ten; a value between them gets a stop of its own.
STOPS: dict[str, tuple[float, ...]] = {
    "seq_length": (1, 2, 4, 8, 16, 25, 32, 50, 64, 100, 128, 200, 256, 512, 1000, 2000),
    "batch_size": (1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 256, 512, 1024, 2048, 4096),
    "hidden_size": (1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 192, 256, 384, 512, 768, 1024, 2048),
    "embedding_size": (0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024),
    "learning_rate": (
        *(1e-7, 1e-6, 1e-5, 5e-5, 1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.003, 0.005),
        *(0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0),
    ),
    "grad_clip": (1e-6, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 1e3, 1e6),
    "weight_decay": (0.0, 1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 10.0),
}
LINEAR = {
    **{"train_share": 0.01, "validation_share": 0.01, "dropout": 0.05, "warmup": 0.01},
    **{"teacher_forcing": 0.05, "class_weights": 0.05},
}
LINEAR_WHOLE = {"window": 1, "members": 1, "num_layers": 1}
TYPED_STEPS = {
    **{"max_characters": 10_000, "stride": 5, "budget": 10.0, "seed": 1, "threads": 1},
    **{"forget_bias": 0.5, "seq_length": 1, "batch_size": 1, "hidden_size": 1},
    **{"embedding_size": 1, "learning_rate": 0.001, "grad_clip": 0.5, "weight_decay": 0.01},
    **{"num_layers": 1, "window": 1, "members": 1, "train_share": 0.01, "validation_share": 0.01},
    **{"dropout": 0.05, "warmup": 0.01, "teacher_forcing": 0.05, "class_weights": 0.05},
}

EXACT = "train_exact"


def key(name: str) -> str:
    """Where the session keeps the control of a setting."""
    return f"train_{name}"


def fill(config: RunConfig) -> None:
    """Set all controls; call it before they are drawn or from a callback."""
    for name, value in asdict(config).items():
        st.session_state[key(name)] = _typed(name, value)


def fill_once(config: RunConfig) -> None:
    """Set the controls that this session does not have yet."""
    for name, value in asdict(config).items():
        st.session_state.setdefault(key(name), _typed(name, value))


def chosen() -> RunConfig:
    """The config that the controls describe now.

    Raises:
        ConfigError: the values do not fit together, or lie outside what a control allows.
    """
    return RunConfig(**{name: _typed(name, st.session_state[key(name)]) for name in settings()})


def control(name: str) -> None:
    """Draw the control of one setting."""
    setting = settings()[name]
    common: dict[str, Any] = {
        "key": key(name),
        "help": _help(setting),
        "persist_state": "session",
        "disabled": _without_effect(name),
    }
    if setting.choices:
        _choice(setting, common)
    elif isinstance(st.session_state[key(name)], bool):
        st.toggle(setting.label, **common)
    elif name in STOPS and not st.session_state.get(EXACT):
        st.select_slider(
            _label(setting), _stops(name), format_func=lambda v: value_text(name, v), **common
        )
    elif name in (LINEAR | LINEAR_WHOLE) and not st.session_state.get(EXACT):
        low, high = _range(name, setting)
        st.slider(_label(setting), low, high, step=(LINEAR | LINEAR_WHOLE)[name], **common)
    else:
        _number(name, setting, common)


def exact_switch() -> None:
    """Draw the switch between sliders and numbers to type."""
    st.toggle(
        "Type exact values",
        key=EXACT,
        on_change=_carry_over,
        persist_state="session",
        help="Sliders stop at usual values only; with this on, every number can be typed.",
    )


def _carry_over() -> None:
    """Callback: a slider and a field to type in remember values of their own, unless told."""
    for name in names():
        st.session_state[key(name)] = st.session_state[key(name)]


def _choice(setting: Setting, common: dict[str, Any]) -> None:
    if len(setting.choices) <= 3:
        st.segmented_control(
            setting.label,
            setting.choices,
            format_func=choice_name,
            required=True,
            width="stretch",
            **common,
        )
    else:
        st.selectbox(setting.label, setting.choices, format_func=choice_name, **common)


def _number(name: str, setting: Setting, common: dict[str, Any]) -> None:
    low, high = _range(name, setting)
    whole = isinstance(low, int)
    st.number_input(
        _label(setting),
        min_value=low,
        max_value=high,
        step=TYPED_STEPS[name],
        format=None if whole else "%g",
        **common,
    )


def _range(name: str, setting: Setting) -> tuple[int, int] | tuple[float, float]:
    assert setting.minimum is not None
    assert setting.maximum is not None
    kind = type(st.session_state[key(name)])
    return kind(setting.minimum), kind(setting.maximum)


def _stops(name: str) -> list[float]:
    """The slider's stops, with one at the present value."""
    return sorted({*STOPS[name], st.session_state[key(name)]})


def _label(setting: Setting) -> str:
    says_unit = not setting.unit or setting.label.endswith(setting.unit)
    return setting.label if says_unit else f"{setting.label} ({setting.unit})"


def _help(setting: Setting) -> str:
    if setting.minimum is None or setting.maximum is None:
        return setting.help
    return f"{setting.help} (From {setting.minimum:,.6g} to {setting.maximum:,.6g}.)"


def _without_effect(name: str) -> bool:
    """Whether another choice makes a setting idle, so that it is shown but cannot be moved."""
    state = st.session_state
    idle = {
        "stride": state[key("batching")] != "windows",
        "grad_clip": state[key("clipping")] == "none",
        "cell": state[key("model")] in FROM_SCRATCH,
        "dropout_place": state[key("dropout")] == 0,
        "forget_bias": CELLS[state[key("cell")]].forget_gate is None,
        "window": state[key("model")] != "window",
        "bidirectional": state[key("task")] != "language",
        "class_weights": state[key("task")] != "language",
        "members": state[key("task")] != "language",
        "device": state[key("engine")] == "numpy",
        "teacher_forcing": state[key("task")] != "reversal",
        "task": len(settings()["task"].choices) == 1,
        "model": len(settings()["model"].choices) == 1,
    }
    return idle.get(name, False)


def _typed(name: str, value: Any) -> Any:
    """The value as its control wants it: with decimals where the config has them."""
    default = getattr(RunConfig(), name)
    return float(value) if isinstance(default, float) and isinstance(value, int) else value


def names() -> Iterator[str]:
    """Every setting that has a control, in the order of the page."""
    for group in GROUPS:
        yield from (*group.usual, *group.rare)
