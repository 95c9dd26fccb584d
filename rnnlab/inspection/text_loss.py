"""Loss on a text: by character, on new text, by the first state, and by how much is remembered.

Memory length is L(k) = mean −ln p(y_t | x_{t−k+1} … x_t, h_0 = 0), over the same targets for
every k. In a new text, characters that the network does not know are skipped and counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import CharRNN, Network
from rnnlab.network.losses import cross_entropy, log_probability
from rnnlab.network.reading import read_streams, state_after
from rnnlab.network.tape import State
from rnnlab.text.baselines import NgramLadder
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.evaluation import evaluate, stream_batches

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
class LossByCharacter:
    """A text's losses, sorted."""

    kinds: tuple[Hardness, ...]  # that occur, the hardest first
    characters: tuple[Hardness, ...]  # that occur, the hardest first
    loss: float  # nats per character over the text
    accuracy: float  # share of characters that were the likeliest one
    count: int  # characters predicted


def loss_by_character(model: CharRNN, vocabulary: Vocabulary, text: str) -> LossByCharacter:
    """Read a text and sort its losses.

    Args:
        text: at least two characters, all of which the network knows.
    """
    ids = vocabulary.encode(text)
    losses, hits = _predictions(model, ids)
    kinds = _kinds(vocabulary)[ids[:-1], ids[1:]]  # (N,) places in KINDS
    total = float(losses.sum())
    return LossByCharacter(
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


MAX_NEW_TEXT_CHARACTERS = 5_000  # that a page reads: enough for a mean


class NewTextError(ValueError):
    """A text of which too little can be read; the message says why."""


@dataclass(frozen=True)
class NewTextScore:
    """What reading a text once, with the state carried along, showed."""

    loss: float  # nats per character, over what the network could read
    accuracy: float  # share of characters that it had thought likeliest
    characters: int  # predicted and counted
    skipped: int  # left out, because the network has no input for them
    unknown: tuple[str, ...]  # the distinct ones of these, as they appear
    uniform: float  # nats per character of guessing without any knowledge, ln V


def score_new_text(model: Network, vocabulary: Vocabulary, text: str) -> NewTextScore:
    """Predict every character of a text from those before it.

    A character that the network has no input for is skipped, as if the text did not have it: so
    the loss is, if anything, too friendly.

    Raises:
        NewTextError: fewer than two characters of the text are known to it.
    """
    unknown = vocabulary.unknown(text)
    known = vocabulary.kept(text)
    if len(known) < 2:
        raise NewTextError(
            f"The network knows {len(known)} of the {len(text):,} characters of this text, but "
            "needs two to predict one; choose another text."
        )
    result = evaluate(model, stream_batches(vocabulary.encode(known)))
    return NewTextScore(
        result.loss,
        result.accuracy,
        result.characters,
        skipped=len(text) - len(known),
        unknown=unknown,
        uniform=math.log(len(vocabulary)),
    )


@dataclass(frozen=True)
class InitialStateEffect:
    """The loss on one text from two states, in nats per character."""

    from_zeros: float
    carried: float  # from the state in which another text left the network


def initial_state_effect(
    model: CharRNN, read_before: np.ndarray, text: np.ndarray
) -> InitialStateEffect:
    """Predict a text from a state of zeros, and after another text.

    A tanh unit whose weights have grown stays near 1 or −1; a network of such units can have
    several patterns of states that each keep themselves up, and the start decides which.

    Args:
        read_before: (N,) ids that lead to the carried state.
        text: (M,) ids, all but the first predicted.
    """
    carried = state_after(model, read_before)
    return InitialStateEffect(_loss(model, text, None), _loss(model, text, carried))


def _loss(model: CharRNN, text: np.ndarray, state: State | None) -> float:
    tape = model.forward(text[None, :-1], state)
    return cross_entropy(tape.logits, text[None, 1:])[0]


MAX_MEMORY_CHARACTERS = 128
TARGETS = 500  # predicted characters, the same ones for every k
NEARLY_ALL = 0.98  # of what remembering gains: the knee
_ROWS = 128  # texts read at once; bounds the memory


@dataclass(frozen=True)
class MemoryLength:
    """L(k) = mean −ln p(y_t | x_{t−k+1} … x_t, h_0 = 0) over the same targets for every k."""

    losses: np.ndarray  # (K,) nats per character, for k = 1 … K

    @property
    def gain(self) -> float:
        """What reading K characters instead of one is worth, in nats per character."""
        return float(self.losses[0] - self.losses[-1])

    @property
    def knee(self) -> int | None:
        """The smallest k from which nearly all of the gain is there for good; None without one."""
        if self.gain <= 0:
            return None
        missing = self.losses > self.losses[0] - NEARLY_ALL * self.gain
        return int(np.flatnonzero(missing)[-1]) + 2 if missing.any() else 1


def needed(longest: int = MAX_MEMORY_CHARACTERS, targets: int = TARGETS) -> int:
    """How many characters a text must have."""
    return longest + targets


def memory_length(
    model: CharRNN, ids: np.ndarray, *, longest: int = MAX_MEMORY_CHARACTERS, targets: int = TARGETS
) -> MemoryLength:
    """Measure L(k) for k = 1 … K.

    The network starts from a zero state at every place of the text and reads K characters: what
    it says after k of them counts for k, at the place that was reached. So one pass gives all k.

    Args:
        ids: (N,) a text it did not learn from; its first K + targets characters are used.
        longest: K.
    Raises:
        ValueError: the text is too short.
    """
    if len(ids) < needed(longest, targets):
        raise ValueError(
            f"The text has {len(ids):,} characters that this network knows, but measuring how far "
            f"it remembers needs {needed(longest, targets):,}; choose a longer one."
        )
    steps = np.arange(longest)  # (K,)
    sums = np.zeros(longest)
    starts = np.arange(longest + targets - 1)
    for rows in np.split(starts, np.arange(_ROWS, len(starts), _ROWS)):
        places = rows[:, None] + steps  # (S, K) of the last character read
        counted = (places >= longest - 1) & (places < longest - 1 + targets)
        places = np.minimum(places, len(ids) - 2)
        chosen = log_probability(model.forward(ids[places]).logits, ids[places + 1])  # (S, K)
        sums -= np.where(counted, chosen, 0.0).sum(axis=0, dtype=np.float64)
    return MemoryLength(sums / targets)


def ladder_there(
    models: NgramLadder,
    ids: np.ndarray,
    *,
    longest: int = MAX_MEMORY_CHARACTERS,
    targets: int = TARGETS,
) -> tuple[float, ...]:
    """The losses of n-gram models of orders 0, 1, … over the targets of `memory_length`."""
    logs = models.log_probabilities(ids[: needed(longest, targets)])  # of all but the first
    return tuple((-logs[:, longest - 1 :].mean(axis=1)).tolist())
