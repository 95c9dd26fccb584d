"""One moment of training, seen: a text read, what comes next, and a text written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from rnnlab.inspection.windows import state_after
from rnnlab.inspection.writing import Recipe, checked_length
from rnnlab.network.choosing import likeliest
from rnnlab.network.diverged import DivergedModelError, check_values
from rnnlab.network.losses import softmax
from rnnlab.network.models import CharRNN
from rnnlab.network.sampling import sample
from rnnlab.text.vocabulary import Vocabulary


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
    tape = model.forward(whole[None, start:], state_after(model, whole[:start]))
    values = tape.trace(name, layer)[0, skip:]
    check_values(values)
    check_values(tape.logits)
    p = softmax(tape.logits[0]).astype(np.float32)  # (skip + T, V)
    chances = np.full(len(ids), np.nan, np.float32)
    chances[1 - skip :] = np.take_along_axis(p[:-1], whole[start + 1 :, None], axis=1)[:, 0]
    return Seen(values, p[skip:], chances)


def written(
    model: CharRNN, vocabulary: Vocabulary, recipe: Recipe, item_end: int | None = None
) -> str:
    """The text that `writing.write` gives for this recipe, without the values inside.

    Raises:
        ValueError: as `writing.write`.
    """
    choices = sample(
        model,
        vocabulary.encode(recipe.prime or vocabulary.opening()),
        temperature=recipe.temperature,
        top_k=recipe.top_k,
        top_p=recipe.top_p,
        greedy=recipe.greedy,
        rng=np.random.default_rng(recipe.seed),
        item_end=item_end,
    )
    ids: list[int] = []
    try:
        ids.extend(choice.id for choice in islice(choices, checked_length(recipe.length)))
    except DivergedModelError:
        if not ids:
            raise
    return vocabulary.decode(ids)


def candidates(following: np.ndarray, count: int, ids: np.ndarray) -> np.ndarray:
    """Which characters to show at each place through all moments, (T, min(count, V)) ids.

    What really follows, what the last moment finds likely, and what the moments together do; the
    last moment's favorites come first.

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
