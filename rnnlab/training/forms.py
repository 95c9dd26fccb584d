"""Which form a problem with sequences takes: what is read when, and what is asked when."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.network.cells import CELLS
from rnnlab.training.config import RunConfig

END = "↵"
_MOST_WINDOW = 6  # symbols of a window that a drawing shows


@dataclass(frozen=True)
class Form:
    """A short example of a run's problem, step by step; "" where nothing is read or asked."""

    name: str  # "many to one"
    reads: tuple[str, ...]
    answers: tuple[str, ...]
    unit: str  # what stands in the boxes of its layers: "GRU"
    layers: int
    carries: bool  # whether a state goes from step to step
    both_ways: bool = False  # whether another one goes from the end to the beginning
    encoder_steps: int = 0  # steps of a network of its own, which hands over its last state
    feeds_back: bool = False  # whether it may read its own answers while it learns


def form_of(config: RunConfig) -> Form:
    """The form of a run, drawn from its settings."""
    if config.model == "window":
        return _window(config)
    common = (CELLS[config.cell].title, config.num_layers, True, config.bidirectional)
    if config.task == "reversal":
        reads, answers = (*"abc→cba",), ("", "", "", *"cba", END)
        feeds_back = config.teacher_forcing < 1
        return Form("many to many, encoder and decoder", reads, answers, *common, 3, feeds_back)
    if config.task == "language":
        name = "many to one, read both ways" if config.bidirectional else "many to one"
        return Form(name, (*"Rossi",), ("", "", "", "", "Italian"), *common)
    if config.task == "surname":
        return Form("one to many", ("Italian", *"Ross"), (*"Rossi",), *common)
    depth = ", deep" if config.num_layers > 1 else ""
    return Form(f"many to many, in step{depth}", (*"hell",), (*"ello",), *common)


def _window(config: RunConfig) -> Form:
    """A network without a state: each answer knows a few characters and nothing before them."""
    if config.task == "language":
        return Form("a window to one", ("Rossi",), ("Italian",), "layer", config.num_layers, False)
    if config.window == 1:
        return Form("one to one", (*"hell",), (*"ello",), "layer", config.num_layers, False)
    text = "hello there"[: min(config.window, _MOST_WINDOW)]
    pieces = tuple(text[: k + 1] for k in range(len(text)))
    answers = tuple("hello there"[k + 1] for k in range(len(text)))
    return Form("a window to one", pieces, answers, "layer", config.num_layers, False)
