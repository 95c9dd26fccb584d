"""One network at its snapshots: the same text read and written, and the characters' vectors mapped.

A character's vector is its row of the embedding or, without one, its column of the first layer's
input weights. The map shows all snapshots in the principal components of the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.units.ordering import state_path
from rnnlab.inspection.writing import SamplingSettings, write_choices
from rnnlab.network.char_rnn import CharRNN, Params
from rnnlab.network.losses import softmax
from rnnlab.network.reading import window
from rnnlab.network.sampling import likeliest
from rnnlab.network.tape import check_values
from rnnlab.text.vocabulary import Vocabulary


def spread_steps(steps: Sequence[int], count: int) -> list[int]:
    """At most `count` of the steps, evenly spread over the list, first and last among them."""
    if len(steps) <= count:
        return list(steps)
    places = np.linspace(0, len(steps) - 1, count).round().astype(int)
    return [steps[place] for place in places]


def through_training(
    models: Iterable[CharRNN], ids: np.ndarray, name: str, layer: int, skip: int = 0
) -> np.ndarray:
    """One value over the text at each snapshot, (snapshots, T − skip, H) float16.

    Args:
        models: the network at each snapshot; they are asked for one at a time.
        ids: (T,) the text.
        name, layer: as `Tape.trace` takes them.
        skip: characters at the beginning that are read and left out.
    """
    # Infinite is what half precision cannot hold, and what diverged: figures leave both out.
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack(
            [m.forward(ids[None]).trace(name, layer)[0, skip:].astype(np.float16) for m in models]
        )


@dataclass(frozen=True)
class CharacterVectors:
    """One row of numbers a character, as the recurrent layer receives it."""

    rows: np.ndarray  # (V, D), or (V, blocks · H) for one-hot
    is_embedding: bool  # a learned embedding; else what the one-hot vector picks from W_ih


def character_vectors(params: Params) -> CharacterVectors:
    """The vector that stands for each character in these parameters.

    With an embedding, its row. Without one, the one-hot vector picks a column of the first
    layer's input weights, which then plays the same part.
    """
    if "embedding.weight" in params:
        return CharacterVectors(params["embedding.weight"], is_embedding=True)
    return CharacterVectors(params["rnn.weight_ih_l0"].T, is_embedding=False)


def fresh_vectors(vocab_size: int, embedding_size: int, seed: int = 1) -> CharacterVectors:
    """An embedding that has learned nothing: (V, D) standard normal, as training begins with."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((vocab_size, embedding_size)).astype(np.float32)
    return CharacterVectors(rows, is_embedding=True)


@dataclass(frozen=True, eq=False)
class CharacterMap:
    """Points of V characters at M snapshots, all seen in the same two directions."""

    points: np.ndarray  # (M, V, 2)
    shares: np.ndarray  # (2,) of the last snapshot's variance that each direction shows
    is_embedding: bool  # else: columns of the first layer's input weights


def character_map(snapshots: Sequence[Params]) -> CharacterMap:
    """The vectors of all characters through training, in the two main directions of the end.

    The principal components are those of the last snapshot; every one is projected in the same
    way, so a vector that stays where it is stays on the map.

    Args:
        snapshots: parameters of the network at each snapshot, at least one.
    """
    vectors = [character_vectors(params) for params in snapshots]
    last = state_path(vectors[-1].rows)
    points = np.stack([last.project(each.rows) for each in vectors])
    return CharacterMap(points, last.shares, vectors[-1].is_embedding)


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network did while it read T characters."""

    values: np.ndarray  # (T, H) of one layer, after each character was read
    following: np.ndarray  # (T, V) float32, what it expects after each character
    chances: np.ndarray  # (T,) of each character before it was read; NaN: nothing stood before it


def seen(model: CharRNN, before: np.ndarray, ids: np.ndarray, name: str, layer: int) -> Seen:
    """Read a text after what stands before it.

    Args:
        before: (B,) characters that are read first, from a zero state; may be none.
        ids: (T,) the text, T ≥ 1.
        name, layer: as `Tape.trace` takes them.
    Raises:
        DivergedModelError: the values are not finite.
    """
    skip = min(len(before), 1)  # one more, since it says how likely the first character is
    whole = np.concatenate([before, ids]).astype(np.int64)
    start = len(before) - skip
    tape = window(model, whole, start, len(whole))
    values = tape.trace(name, layer)[0, skip:]
    check_values(values)
    check_values(tape.logits)
    p = softmax(tape.logits[0]).astype(np.float32)  # (skip + T, V)
    chances = np.full(len(ids), np.nan, np.float32)
    chances[1 - skip :] = np.take_along_axis(p[:-1], whole[start + 1 :, None], axis=1)[:, 0]
    return Seen(values, p[skip:], chances)


def written(
    model: CharRNN,
    vocabulary: Vocabulary,
    sampling: SamplingSettings,
    item_end: int | None = None,
) -> str:
    """The text that `writing.write` gives for these settings, without the values inside.

    Raises:
        ValueError: as `writing.write_choices`.
    """
    choices, _ = write_choices(model, vocabulary, sampling, item_end)
    return vocabulary.decode([choice.id for choice in choices])


def candidates(following: np.ndarray, count: int, ids: np.ndarray) -> np.ndarray:
    """Which characters to show at each place through all snapshots, (T, min(count, V)) ids.

    What really follows, what the last snapshot finds likely, and what the snapshots together do;
    the favorites of the last one come first.

    Args:
        following: (M, T, V).
        ids: (T,) the text.
    """
    last = following[-1]
    wanted = last + following.mean(axis=0)  # (T, V)
    wanted[np.arange(len(ids) - 1), ids[1:]] = np.inf
    kept = likeliest(wanted, count)
    order = likeliest(np.take_along_axis(last, kept, axis=1), count)
    return np.take_along_axis(kept, order, axis=1)
