"""Two networks on one text: what each character cost them, by its class, and how full their gates
were."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.units.activations import UnitPassage, top_passages
from rnnlab.network.cells import Cell
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import log_softmax
from rnnlab.network.reading import read_streams
from rnnlab.network.tape import Tape, check_values
from rnnlab.text.features import CLASS_NAMES, CLASSES, classify
from rnnlab.text.vocabulary import Vocabulary

_LEFT, _RIGHT = 0.1, 0.9  # a gate beyond them is saturated
_TANH = 0.9  # a value between −1 and 1 is, beyond this on either side


@dataclass(frozen=True, eq=False)
class Saturation:
    """How often each unit of a layer sits at the ends of one value."""

    layer: int  # from 0
    name: str  # of the gate, or "h"
    left: np.ndarray  # (H,) share of steps with g < 0.1, or h < −0.9
    right: np.ndarray  # (H,) share of steps with g > 0.9, or h > 0.9


@dataclass(frozen=True, eq=False)
class TextScore:
    """One network through a text of N + 1 characters: all but the first are predicted."""

    bits: np.ndarray  # (N,) −log2 p of the character that came
    expected: str  # N characters: the likeliest one at each place
    chance: np.ndarray  # (N,) the probability of that one
    saturation: tuple[Saturation, ...]


@dataclass(frozen=True)
class ClassBits:
    """What the characters of one class cost two networks together."""

    name: str
    meaning: str
    count: int
    first: float  # bits, summed
    second: float

    @property
    def difference(self) -> float:
        """How many bits more they cost the second one."""
        return self.second - self.first


def common_text(text: str, first: Vocabulary, second: Vocabulary) -> str:
    """The text without the characters that one of two networks does not know."""
    return second.kept(first.kept(text))


def saturating(cell: type[Cell]) -> tuple[str, ...]:
    """The values of a cell whose saturation means something: its gates, else a bounded h."""
    gates = tuple(n for n in cell.gates if (cell.VALUES[n].low, cell.VALUES[n].high) == (0, 1))
    return gates or tuple(n for n in cell.states if cell.VALUES[n].low == -1)


def score_text(model: CharRNN, vocabulary: Vocabulary, text: str) -> TextScore:
    """Read a text once, with the state carried along.

    Args:
        text: in characters that the network knows.
    Raises:
        ValueError: fewer than two characters.
        DivergedModelError: the network computes no numbers any more.
    Source: of the saturation, Karpathy, Johnson, Fei-Fei 2015, arXiv:1506.02078.
    """
    if len(text) < 2:
        raise ValueError(
            f"The text has {len(text)} characters that can be read, but predicting one needs two; "
            "choose a longer one."
        )
    ids, count = vocabulary.encode(text), len(text) - 1
    bits, chance, likeliest = np.empty(count), np.empty(count), np.empty(count, np.int64)
    tally = _ClassSums(model)
    for read, counts, tape in read_streams(model, ids):
        log_p = log_softmax(tape.logits)[counts]  # (n, V)
        places = read[counts]  # (n,) the prediction is about the next one
        bits[places] = log_p[np.arange(len(places)), ids[places + 1]] / -math.log(2)
        likeliest[places] = log_p.argmax(axis=-1)
        chance[places] = np.exp(log_p.max(axis=-1))
        tally.add(tape, counts)
    check_values(bits)
    return TextScore(bits + 0.0, vocabulary.decode(likeliest), chance, tally.shares(count))


def saturated_steps(values: np.ndarray, *, is_gate: bool) -> np.ndarray:
    """At how many steps each unit is beyond the left and the right end, (2, H).

    Args:
        values: (n, H) between 0 and 1, of a gate, or between −1 and 1.
    Source: Karpathy, Johnson, Fei-Fei 2015, arXiv:1506.02078.
    """
    left, right = (_LEFT, _RIGHT) if is_gate else (-_TANH, _TANH)
    return np.stack([(values < left).sum(axis=0), (values > right).sum(axis=0)])


class _ClassSums:
    """Counts steps at which units are saturated."""

    def __init__(self, model: CharRNN) -> None:
        size, layers = model.architecture.hidden_size, range(model.architecture.num_layers)
        self._cell = model.cell
        names = saturating(model.cell)
        self._counts = {(k, name): np.zeros((2, size), np.int64) for name in names for k in layers}

    def add(self, tape: Tape, mask: np.ndarray) -> None:
        """Count the steps (B, T) that a mask keeps."""
        for (layer, name), counts in self._counts.items():
            is_gate = self._cell.VALUES[name].low == 0
            counts += saturated_steps(tape.trace(name, layer)[mask], is_gate=is_gate)

    def shares(self, steps: int) -> tuple[Saturation, ...]:
        """The counts as shares of all steps."""
        return tuple(
            Saturation(layer, name, *(counts / steps))
            for (layer, name), counts in self._counts.items()
        )


def bits_by_class(text: str, first: np.ndarray, second: np.ndarray) -> tuple[ClassBits, ...]:
    """The bits of two readings of a text, added up by the class of the character that came.

    Every character has exactly one class, so the sums over the classes that occur are the whole.

    Args:
        text: N + 1 characters; first, second: (N,) bits of all but the first of them.
    """
    classes = classify(text)[1:]  # (N,)
    counts = np.bincount(classes, minlength=len(CLASS_NAMES))
    sums = [np.bincount(classes, bits, minlength=len(CLASS_NAMES)) for bits in (first, second)]
    rows = zip(CLASSES, counts.tolist(), *(each.tolist() for each in sums), strict=True)
    return tuple(
        ClassBits(name, meaning, count, *both) for (name, meaning), count, *both in rows if count
    )


def peaks(text: str, values: np.ndarray, *, k: int = 6, width: int = 90) -> list[UnitPassage]:
    """The passages around the characters with the highest values, highest first; none overlap.

    Args:
        text: N + 1 characters; values: (N,) of all but the first of them.
    """
    found = top_passages(values[:, None], 0, text[1:], k, width)
    return [
        UnitPassage(each.text, values[each.start : each.end], each.peak - each.start)
        for each in found
    ]
