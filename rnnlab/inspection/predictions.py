"""What a network predicted at each place of a text, beside what came; a short preview."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import softmax
from rnnlab.network.sampling import likeliest
from rnnlab.network.tape import State
from rnnlab.text.vocabulary import Vocabulary

_MAX_CANDIDATES = 3


@dataclass(frozen=True)
class Predictions:
    """One row a prediction, T of them."""

    chances: np.ndarray  # (T,) probability of the character that came
    likeliest: tuple[str, ...]  # T texts of K characters, the likeliest first
    shares: np.ndarray  # (T, K) their probabilities


def predictions(
    model: CharRNN,
    vocabulary: Vocabulary,
    ids: np.ndarray,
    targets: np.ndarray,
    state: State | None = None,
) -> Predictions:
    """Read (T,) characters and note what was expected next, for at most three characters each."""
    chances = softmax(model.forward(ids[None], state).logits[0])  # (T, V)
    order = likeliest(chances, _MAX_CANDIDATES)
    return Predictions(
        np.take_along_axis(chances, targets[:, None], axis=1)[:, 0],
        tuple(vocabulary.decode(row) for row in order),
        np.take_along_axis(chances, order, axis=1),
    )


@dataclass(frozen=True)
class Preview:
    """What happens at each of T characters; candidates are ordered, the likeliest first."""

    text: str  # T characters
    units: np.ndarray  # (K,) int64, the units shown: those that move most, by number
    hidden: np.ndarray  # (T, K) float32 of the top layer
    hidden_size: int
    candidates: np.ndarray  # (T, C) int64 ids
    probabilities: np.ndarray  # (T, C) float
    vocabulary: Vocabulary


def preview(
    model: CharRNN, vocabulary: Vocabulary, text: str, *, units: int = 8, candidates: int = 3
) -> Preview:
    """Read a short text from a zero state.

    Raises:
        UnknownCharacterError: the network has no input for a character.
    """
    tape = model.forward(vocabulary.encode(text)[None])
    h = tape.trace("h")[0]  # (T, H)
    chosen = np.sort(np.argsort(-h.var(axis=0), kind="stable")[:units])
    p = softmax(tape.logits[0])  # (T, V)
    best = likeliest(p, candidates)  # (T, C)
    return Preview(
        text=text,
        units=chosen,
        hidden=h[:, chosen].astype(np.float32),
        hidden_size=h.shape[1],
        candidates=best,
        probabilities=np.take_along_axis(p, best, axis=1),
        vocabulary=vocabulary,
    )


def readable_text(vocabulary: Vocabulary, wanted: tuple[str, ...], length: int) -> str:
    """The first of some texts that the vocabulary has all characters of, else its own characters.

    Its letters and digits come first, since spaces and line ends can hardly be seen.

    Args:
        length: characters of the text that is put together when none of those wanted can be read.
    """
    for text in wanted:
        if text and not vocabulary.unknown(text):
            return text
    symbols = sorted(vocabulary.symbols, key=lambda symbol: not symbol.isalnum())  # letters first
    repeats = -(-length // len(symbols))
    return ("".join(symbols) * repeats)[:length]
