"""What the parts of the page Gradients through time look at, and the choices they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import layout
from pages.components.bptt.networks import Passage, Source, Subject, fresh, passage, read, trained
from pages.components.layout import problems
from pages.components.networks import Network, NetworkKey, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.address import one_of
from pages.components.pickers.snapshot import snapshot_name, snapshot_picker
from pages.components.pickers.values import choose_layer, row
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.initialization import SCHEMES
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt
from rnnlab.training.labels import choice_name

_LENGTHS, _USUAL = (30, 60, 90, 120), 90
THIS, ALL = "This cell", "All cells"
_SCHEME, _CELLS = "bptt_scheme", "bptt_cells"


@dataclass(frozen=True)
class Scene:
    """A run at a snapshot of its training, and a text."""

    run: Run
    found: Network
    snapshot: str
    part: Excerpt
    text: Passage
    layer: int  # counted from the top: −1, −2 …
    scheme: str  # of fresh networks

    @property
    def cell(self) -> str:
        return self.found.model.architecture.cell

    @property
    def steps(self) -> int:
        """T, the number of predictions."""
        return len(self.part.text) - 1

    @property
    def snapshot_name(self) -> str:
        """Such as 'best weights'."""
        return snapshot_name(self.snapshot)

    def fresh(self, cell: str) -> Subject:
        """A fresh network of a cell, in the sizes of the run's."""
        return fresh(self.found.model, cell, self.scheme)

    def trained(self) -> dict[str, Subject]:
        """By cell: the run, and runs of the gallery on the same text."""
        return trained(self.run, self.found)

    def is_trained(self, subject: Subject) -> bool:
        """Whether a network has learned anything."""
        return isinstance(subject.source, NetworkKey)

    def is_shown(self, subject: Subject) -> bool:
        """Whether a network can read the text; with a sentence where it cannot."""
        return can_read(subject.source, self.text)


def can_read(source: Source, text: Passage) -> bool:
    """Whether a network can read a text; with a sentence where it cannot."""
    with problems():
        read(source, text)
        return True
    return False


def choose(run: Run, columns: Sequence[DeltaGenerator]) -> Scene | None:
    """Draw the choices of text, snapshot, layer and initialization; None with a sentence."""
    with problems():
        vocabulary = run.vocabulary()
        part = text_picker.choose(
            run,
            vocabulary,
            columns,
            key="bptt",
            first=text_picker.UNSEEN,
            lengths=_LENGTHS,
            usual=_USUAL,
        )
        if part is None:
            return None
        with row():
            snapshot = snapshot_picker(run)
            found = network(run, snapshot)
            layer = _layer(found.model)
            scheme = _scheme()
        text = passage(part, found.vocabulary)
        scene = Scene(run, found, snapshot, part, text, layer, scheme)
        return scene if can_read(found.key, text) else None
    return None


def cells_choice() -> str:
    """THIS or ALL."""
    options = [THIS, ALL]
    return one_of(
        "Networks",
        options,
        THIS,
        key=_CELLS,
        help="This cell: the run and a fresh network of its kind. All cells: fresh networks of "
        "all four, and beside the run those of the gallery that learned from the same text.",
    )


def _layer(model: CharRNN) -> int:
    """Counted from the top, so that it can be said of a network of another depth."""
    count = model.architecture.num_layers
    return choose_layer(model) - count if count > 1 else -1


def _scheme() -> str:
    chosen = st.selectbox(
        "Fresh networks begin",
        SCHEMES,
        format_func=choice_name,
        key=_SCHEME,
        width=190,
        persist_state="session",
        help="How the weights of networks that learned nothing are drawn here. 'pytorch' is what "
        "its modules do; 'orthogonal' and 'identity' keep the past alive longer. The run itself "
        "before its first update is the leftmost moment of the slider.",
    )
    return chosen if chosen in SCHEMES else SCHEMES[0]


def state_choice(cells: Sequence[str]) -> str:
    """ "h", or, where an LSTM is shown, "c"."""
    if not any(CELLS[cell].has_memory() for cell in cells):
        return "h"
    options = ["h", "c"]
    return one_of(
        "Gradient by",
        options,
        "h",
        key="bptt_state",
        help="h: what a unit shows to the next step and to the output. c: the memory of an LSTM "
        "itself, along which a gradient travels with the forget gates alone; other cells have "
        "none, so they show h.",
    )


_LOCAL = (
    "*A gradient is local*: it says what a tiny change would do, here and now. One that has "
    "vanished means that **learning** cannot use the past that far back, not that the network "
    "ignores it: units that are saturated can hold a value for long and pass on hardly any "
    "gradient. And optimizers such as Adam rescale afterwards: they divide each element by its "
    "usual size, so a small gradient is not a small step."
)


def definition(formula: str, words: str, source: str, *functions: Callable) -> None:
    """`layout.definition`, with what can mislead in every figure of a gradient."""
    layout.definition(formula, f"{words}\n\n{_LOCAL}", source, *functions)
