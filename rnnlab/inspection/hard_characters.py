"""Which characters a network still finds hard: its loss by the kind of the next character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.losses import log_softmax
from rnnlab.network.models import CharRNN
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.evaluation import stream_batches

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
    before, after, losses, hits = _predictions(model, vocabulary.encode(text))
    kinds = _kinds(vocabulary)[before, after]  # (N,) places in KINDS
    total = float(losses.sum())
    return HardCharacters(
        kinds=_sorted(KINDS, kinds, losses, total),
        characters=_sorted(vocabulary.symbols, after, losses, total),
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


def _predictions(
    model: CharRNN, ids: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each prediction: the character before, the one to predict, the loss, whether it was the
    likeliest; (N,) each."""
    columns: list[list[np.ndarray]] = [[], [], [], []]
    state = None
    for batch in stream_batches(ids):
        tape = model.forward(batch.inputs, state if batch.carry else None)
        state = tape.final_state
        log_p = log_softmax(tape.logits)  # (B, T, V)
        loss = -np.take_along_axis(log_p, batch.targets[..., None], axis=-1)[..., 0]
        hit = tape.logits.argmax(axis=-1) == batch.targets
        counted = batch.mask if batch.mask is not None else np.ones(loss.shape, bool)
        for column, values in zip(columns, (batch.inputs, batch.targets, loss, hit), strict=True):
            column.append(values[counted])
    before, after, losses, hits = (np.concatenate(column) for column in columns)
    return before, after, losses.astype(np.float64), hits


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
