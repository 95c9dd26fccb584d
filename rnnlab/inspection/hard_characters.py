"""Which characters a network still finds hard: its loss by the kind of the next character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.streams import read_streams
from rnnlab.network.losses import log_probability
from rnnlab.network.models import CharRNN
from rnnlab.text.vocabulary import Vocabulary

KINDS = (
    "first small letter of a word",
    "later small letter",
    "capital",
    "digit",
    "space",
    "line end",
    "punctuation",
)


@dataclass(frozen=True)
class Hardness:
    """Over all places of a text where a certain kind of character, or one character, comes next."""

    what: str  # one of KINDS, or the character itself
    count: int
    loss: float  # nats per character, mean over those places
    share: float  # of the summed loss of the whole text


@dataclass(frozen=True)
class HardCharacters:
    """A text's losses, sorted."""

    kinds: tuple[Hardness, ...]  # that occur, the hardest first
    characters: tuple[Hardness, ...]  # that occur, the hardest first
    loss: float  # nats per character over the text
    accuracy: float  # share of characters that were the likeliest one
    count: int  # characters predicted


def hard_characters(model: CharRNN, vocabulary: Vocabulary, text: str) -> HardCharacters:
    """Read a text and sort its losses.

    Args:
        text: at least two characters, all of which the network knows.
    """
    ids = vocabulary.encode(text)
    losses, hits = _predictions(model, ids)
    kinds = _kinds(vocabulary)[ids[:-1], ids[1:]]  # (N,) places in KINDS
    total = float(losses.sum())
    return HardCharacters(
        kinds=_sorted(KINDS, kinds, losses, total),
        characters=_sorted(vocabulary.symbols, ids[1:], losses, total),
        loss=total / len(losses),
        accuracy=float(hits.mean()),
        count=len(losses),
    )


def kind_of(before: str, character: str) -> str:
    """The kind of a character that follows another, one of KINDS."""
    if character == "\n":
        return "line end"
    if character.isspace():
        return "space"
    if character.isdecimal():
        return "digit"
    if character.isupper():
        return "capital"
    if not character.isalpha():
        return "punctuation"
    inside = before.isalpha() or before == "'"
    return "later small letter" if inside else "first small letter of a word"


def _kinds(vocabulary: Vocabulary) -> np.ndarray:
    """(V, V) the place in KINDS of each second character after each first one."""
    symbols = vocabulary.symbols
    return np.array([[KINDS.index(kind_of(a, b)) for b in symbols] for a in symbols])


def _predictions(model: CharRNN, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The loss of each prediction, and whether what came was the likeliest; (N − 1,) each."""
    losses, hits = np.empty(len(ids) - 1), np.empty(len(ids) - 1, bool)
    for places, counts, tape in read_streams(model, ids):
        targets = ids[places + 1]
        losses[places[counts]] = -log_probability(tape.logits, targets)[counts]
        hits[places[counts]] = (tape.logits.argmax(axis=-1) == targets)[counts]
    return losses, hits


def _sorted(
    names: tuple[str, ...], places: np.ndarray, losses: np.ndarray, total: float
) -> tuple[Hardness, ...]:
    counts = np.bincount(places, minlength=len(names))
    sums = np.bincount(places, losses, minlength=len(names))
    found = [
        Hardness(name, int(count), float(loss / count), float(loss / total) if total else 0.0)
        for name, count, loss in zip(names, counts, sums, strict=True)
        if count
    ]
    return tuple(sorted(found, key=lambda each: -each.loss))
