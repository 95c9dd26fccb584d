"""The settings of a run in words: names of choices, values, what was changed, durations."""

from __future__ import annotations

import math
from typing import Any

from rnnlab.network.cells import CELLS
from rnnlab.training.config import RunConfig, differences, settings

_CHOICES = {
    "next-character": "next character",
    "reversal": "write backwards",
    "names": "names",
    "rnn": "recurrent layers",
    "by-hand-parallel": "by hand: parallel layers, as published",
    "by-hand-stack": "by hand: stacked layers",
    "scratch": "three linear layers",
    "scratch-tanh": "three linear layers and tanh",
    "hidden": "hidden values",
    "logits": "outputs",
    "scratch-linear": "two linear layers",
    "window": "perceptron over a window",
    "language": "language of a name",
    "surname": "name of a language",
    "balanced": "label first, then item",
    "shifted": "shifted stream",
    "paced": "now and then",
    "each-epoch": "after each epoch",
    "each-1000": "after each 1,000 updates",
    "random": "random windows",
    "items": "single items",
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adagrad_root": "Adagrad, ε under the root",
    "adam": "Adam",
    "adamw": "AdamW",
    "pytorch": "PyTorch's own",
    "numpy": "NumPy, by hand",
    "steps": "updates",
    "auto": "automatic",
    "cpu": "CPU",
    "cuda": "CUDA",
    "mps": "MPS",
}

_ZERO = {"max_characters": "all", "embedding_size": "one-hot", "threads": "automatic"}


def choice_name(choice: str) -> str:
    """A choice of a setting as people write it, such as 'tanh RNN' for 'rnn_tanh'."""
    return CELLS[choice].title if choice in CELLS else _CHOICES.get(choice, choice)


def value_text(name: str, value: Any) -> str:
    """The value of a setting in words: 'one-hot' for an embedding size of 0, '1,000', 'yes'."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return choice_name(value) if settings()[name].choices else value
    if value == 0 and name in _ZERO:
        return _ZERO[name]
    return f"{value:,d}" if isinstance(value, int) else f"{value:,.6g}"


def changes_text(before: RunConfig, after: RunConfig) -> str:
    """What was changed from one config to the other, as 'Learning rate 0.002 → 0.02, …'."""
    changed = differences(before, after)
    if {"budget", "budget_unit"} & set(changed):
        changed = {name: pair for name, pair in changed.items() if not name.startswith("budget")}
        changed_texts = [f"{before.budget_text} → {after.budget_text}"]
    else:
        changed_texts = []
    texts = [
        f"{settings()[name].label} {value_text(name, old)} → {value_text(name, new)}"
        for name, (old, new) in changed.items()
    ]
    return ", ".join(texts + changed_texts)


def run_name(config: RunConfig, corpus_title: str = "") -> str:
    """What a run is called when nobody gives it a name: 'LSTM 2 × 128 on Tiny Shakespeare'."""
    layers = f"{config.num_layers} × " if config.num_layers > 1 else ""
    title = corpus_title or config.corpus
    kind = choice_name(config.cell if config.model == "rnn" else config.model)
    return f"{kind} {layers}{config.hidden_size} on {title}"


def duration_text(seconds: float) -> str:
    """A duration in words, in its two largest units: '45 s', '3 min 20 s', '2 h 5 min'."""
    if not math.isfinite(seconds):
        return "unknown"
    if 0 < seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = divmod(whole // 60, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"
