"""Writing: from logits to a character (temperature, top-k, top-p, draw), and on to texts and names.

The network reads what it wrote, one character after another; a name ends at the sign for its
end.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.clamps import Change
from rnnlab.network.fast_step import FAST, FastStep
from rnnlab.network.reading import read as read_text
from rnnlab.network.tape import DivergedModelError, State, check_weights


def softmax_weights(logits: np.ndarray, temperature: float) -> np.ndarray:
    """How likely each character is, as weights whose largest is 1: e^(logits / temperature).

    Below 1 the temperature sharpens the differences, above 1 it levels them.

    Args:
        logits: (V,).
    Returns:
        (V,) float64.
    Raises:
        DivergedModelError: a logit is NaN or infinite.
    """
    logits = logits.astype(np.float64)
    highest = logits.max()
    if not math.isfinite(highest):
        raise DivergedModelError(
            "The values inside this network grew beyond all numbers while it read, so it predicts "
            "nothing; choose an earlier snapshot, or train again with a lower learning rate."
        )
    logits -= highest  # so that exp cannot overflow
    logits /= temperature
    return np.exp(logits, out=logits)


def likeliest(weights: np.ndarray, count: int | None) -> np.ndarray:
    """The ids of the likeliest characters, best first: (…, V) → (…, min(count, V)).

    Of equals, those earlier in the vocabulary come first.

    Args:
        count: None gives all.
    """
    return np.argsort(-weights, axis=-1, kind="stable")[..., :count]


def filter_top_k_top_p(weights: np.ndarray, top_k: int, top_p: float) -> np.ndarray:
    """The weights with all but the likeliest characters set to zero.

    Args:
        weights: (V,).
        top_k: how many to keep at most; 0 keeps all. Of equals, those earlier in the vocabulary
            stay.
        top_p: of these, keep the fewest whose share of the weight is at least top_p; never less
            than one.
    Source:
        top-k: Fan et al. 2018, arXiv:1805.04833; top-p: Holtzman et al. 2020, arXiv:1904.09751.
    """
    order = likeliest(weights, top_k or None)
    if top_p < 1:
        cumulative = weights[order].cumsum()
        order = order[: 1 + cumulative.searchsorted(top_p * cumulative[-1])]
    kept = np.zeros_like(weights)
    kept[order] = weights[order]
    return kept


def draw(cumulative: np.ndarray, u: float) -> int:
    """The character at the share u, 0 ≤ u < 1, of all the weight, in the order of the vocabulary.

    With the same u, two networks that predict almost the same choose almost always the same.

    Args:
        cumulative: (V,) sums of the weights so far, float64. What has no weight is never chosen.
    """
    return int(cumulative.searchsorted(u * cumulative[-1], "right"))


Trace = dict[tuple[str, int], np.ndarray]  # by (name, layer), (H,) each
Uniforms = Sequence[float] | np.ndarray

_CHUNK = 512  # characters of the prime read at once, and random numbers drawn at once
_COLDEST = 1e-100  # colder than this changes nothing, and could overflow


@dataclass(slots=True)
class Choice:
    """One character that the network wrote."""

    id: int
    probability: float  # that it had, among `probabilities`
    probabilities: np.ndarray  # (V,) of the draw: after temperature, top-k and top-p
    trace: Trace  # the recorded values after the network has read this character


def sample(
    model: CharRNN,
    prime_ids: Sequence[int] | np.ndarray,
    *,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    greedy: bool = False,
    rng: np.random.Generator | Uniforms | None = None,
    clamps: Sequence[Change] = (),
    record: Sequence[str] = (),
    item_end: int | None = None,
) -> Iterator[Choice]:
    """Let the network write on after a text, without end.

    Args:
        model: any network; one that has diverged is refused.
        prime_ids: (N,) the text it reads first, from a zero state; at least one character.
        temperature: above 0; low is careful, high is wild, 1 is as learned.
        top_k: draw from the k likeliest characters only; 0 draws from all.
        top_p: draw from the likeliest characters that together have this probability.
        greedy: take the likeliest character instead of drawing.
        rng: a generator, or the uniform numbers in [0, 1) themselves: then the text ends with
            them. Each character uses one number, so equal numbers make two networks or settings
            comparable. More are drawn from a generator than are used. Only greedy needs none.
        clamps: units held at a value or moved by one, while reading the prime and while writing.
        record: names of values to hand out with each choice, of every layer, such as ("h", "c").
        item_end: for a network that learned single items, the character between two of them: each
            item is then read and written from a zero state, as it was learned.
    Raises:
        ValueError: an argument is impossible; the sentence says which.
        DivergedModelError: the weights are not finite, at once; or, while writing, the values.
    """
    prime = _checked_prime(prime_ids, model.architecture.vocab_size)
    _check_settings(temperature, top_k, top_p)
    _check_names(model, clamps, record)
    check_weights(model.params)
    if item_end is not None:
        prime = _last_item(prime, item_end)
    logits, state = warm_up(model, prime, clamps)
    if clamps or record or model.cell not in FAST:
        read = _plain_reader(model, state, clamps, record, item_end)
    else:
        read = _fast_reader(model, state, item_end)
    uniforms = _uniforms(rng, greedy)
    return _write(read, logits, uniforms, max(temperature, _COLDEST), top_k, top_p, greedy)


def warm_up(
    model: CharRNN, ids: np.ndarray, clamps: Sequence[Change] = ()
) -> tuple[np.ndarray, State]:
    """Read a text, (N,) with N ≥ 1, from a zero state: the logits of what follows, (V,), and the
    state, of batch size 1."""
    *_, last = read_text(model, ids, clamps=clamps, chunk=_CHUNK)
    return last.logits[0, -1], last.final_state


Reader = Callable[[int], tuple[np.ndarray, Trace]]  # a character → logits (V,), recorded values


def _write(
    read: Reader,
    logits: np.ndarray,
    uniforms: Iterable[float],
    temperature: float,
    top_k: int,
    top_p: float,
    greedy: bool,
) -> Iterator[Choice]:
    filtered = top_k > 0 or top_p < 1
    for u in uniforms:
        weights = softmax_weights(logits, temperature)
        if filtered:
            weights = filter_top_k_top_p(weights, top_k, top_p)
        cumulative = weights.cumsum()
        chosen = int(logits.argmax()) if greedy else draw(cumulative, u)
        weights /= cumulative[-1]
        logits, trace = read(chosen)
        yield Choice(chosen, weights.item(chosen), weights, trace)


def _last_item(prime: np.ndarray, item_end: int) -> np.ndarray:
    """The item that a text ends in, with the end of the one before, from which it begins."""
    ends = np.flatnonzero(prime == item_end)
    return prime[ends[-1] :] if len(ends) else np.concatenate([[item_end], prime])


def _fast_reader(model: CharRNN, state: State, item_end: int | None) -> Reader:
    step = FastStep(model, state)
    nothing: Trace = {}

    def read(character: int) -> tuple[np.ndarray, Trace]:
        if character == item_end:
            step.forget()
        return step.read(character), nothing

    return read


def _plain_reader(
    model: CharRNN,
    state: State,
    clamps: Sequence[Change],
    record: Sequence[str],
    item_end: int | None,
) -> Reader:
    def read(character: int) -> tuple[np.ndarray, Trace]:
        nonlocal state
        if character == item_end:
            state = model.initial_state(1)
        # `softmax_weights` refuses what is not finite.
        with np.errstate(over="ignore", invalid="ignore"):
            logits, state, values = model.step(np.array([character]), state, clamps)
        trace = {(name, k): layer[name][0] for k, layer in enumerate(values) for name in record}
        return logits[0], trace

    return read


def _uniforms(rng: np.random.Generator | Uniforms | None, greedy: bool) -> Iterable[float]:
    if isinstance(rng, np.random.Generator):
        chunks = (rng.random(_CHUNK).tolist() for _ in itertools.count())
        return itertools.chain.from_iterable(chunks)
    if rng is None:
        if not greedy:
            raise ValueError("Writing needs a random generator (rng), unless it is greedy.")
        return itertools.repeat(0.0)
    numbers = np.asarray(rng, dtype=np.float64)
    if not ((numbers >= 0) & (numbers < 1)).all():
        raise ValueError("The random numbers to write with must be at least 0 and below 1.")
    return numbers.tolist()


def _checked_prime(prime_ids: Sequence[int] | np.ndarray, vocab_size: int) -> np.ndarray:
    prime = np.asarray(prime_ids)
    if prime.size == 0:
        raise ValueError(
            "The network must read at least one character before it can write; give a seed text."
        )
    if prime.ndim != 1 or prime.dtype.kind not in "iu":
        raise ValueError("The seed text must be a row of whole numbers, one for each character.")
    strange = prime[(prime < 0) | (prime >= vocab_size)]
    if strange.size:
        raise ValueError(
            f"The seed text has the character number {strange[0]}, but this network knows only "
            f"the numbers 0 to {vocab_size - 1}."
        )
    return prime


def _check_settings(temperature: float, top_k: int, top_p: float) -> None:
    if not (temperature > 0 and math.isfinite(temperature)):
        raise ValueError(
            f"The temperature must be a number above 0, such as 0.8, not {temperature}."
        )
    if top_k < 0 or top_k != int(top_k):
        raise ValueError(
            f"top_k must be a whole number of characters, or 0 for all of them, not {top_k}."
        )
    if not 0 < top_p <= 1:
        raise ValueError(f"top_p must be above 0 and at most 1 (all characters), not {top_p}.")


def _check_names(model: CharRNN, clamps: Sequence[Change], record: Sequence[str]) -> None:
    for name in record:
        if name not in model.cell.VALUES:
            raise ValueError(
                f"A network of the kind {model.cell.title} has no value '{name}' to record; it has "
                f"{', '.join(model.cell.VALUES)}."
            )
    for clamp in clamps:
        model.check_clamp(clamp)


MAX_NAME_LETTERS = 60  # letters; then a name is broken off


class NameReader(Protocol):
    """A network of any kind that reads symbols one after another."""

    def forward(self, ids: np.ndarray, state: Any = None) -> Any:
        """Read (B, T) symbols: `.logits` (B, T, outputs) and `.final_state`."""
        ...


def finish_name(
    model: NameReader,
    start: Sequence[int] | np.ndarray,
    end: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
) -> list[int]:
    """The symbols that follow the beginning of a name, without the one that ends it.

    Args:
        start: (N,) ids of the beginning, at least one.
        end: the id of the sign that ends a name.
    Raises:
        DivergedModelError: the network computes no numbers any more.
    """
    reading = model.forward(np.asarray(start)[None])
    written: list[int] = []
    while len(written) < MAX_NAME_LETTERS:
        weights = softmax_weights(reading.logits[0, -1], temperature)
        chosen = draw(weights.cumsum(), rng.random())
        if chosen == end:
            break
        written.append(chosen)
        reading = model.forward(np.array([[chosen]]), reading.final_state)
    return written
