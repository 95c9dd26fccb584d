"""Occlusion: what becomes of the predictions when one character is another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.connectivity import check_pairs
from rnnlab.network.diverged import check_values
from rnnlab.network.losses import log_softmax
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State, Tape

DRAWS = 3  # other characters tried in each place
_SEED = 1


@dataclass(frozen=True)
class Occlusion:
    """Over the characters tried in the place of x_s; both (T, T), nats, exactly 0 for s > t."""

    change: np.ndarray  # mean |Δ|, Δ = ln p_t(y_t) with x_s − ln p_t(y_t) with the other character
    effect: np.ndarray  # mean Δ: above 0 where x_s made what really came more probable


def drawn_others(ids: np.ndarray, draws: int = DRAWS, seed: int = _SEED) -> np.ndarray:
    """(T, K) other characters for each place of a text, as often as they stand in it.

    Ids are in the order of code points, so networks with different vocabularies are given the
    same characters for the same text.

    Raises:
        ValueError: the text repeats one character, so that there is no other.
    """
    known, counts = np.unique(ids, return_counts=True)
    if len(known) < 2:
        raise ValueError(
            "This text repeats a single character, so there is no other one to put in its place; "
            "choose a text with at least two different ones."
        )
    weights = np.where(known == ids[:, None], 0, counts)  # (T, U) never the character itself
    edges = np.cumsum(weights, axis=1)
    uniforms = np.random.default_rng(seed).random((len(ids), draws)) * edges[:, -1:]
    return known[(uniforms[..., None] >= edges[:, None]).sum(axis=-1)]


def occlusion(
    model: CharRNN,
    ids: np.ndarray,
    targets: np.ndarray,
    others: np.ndarray,
    state: State | None = None,
) -> Occlusion:
    """Put other characters in the place of each one, and see what later predictions lose by it.

    The changed texts are read side by side, as one batch that grows: copies in which character s
    is another one part from the text at step s, with its state.

    Args:
        ids, targets, state: as `connectivity` takes them.
        others: (T, K) characters to put in each place, such as `drawn_others`.
    Raises:
        DivergedModelError: a changed text leads beyond all numbers.
    Source: Zeiler & Fergus 2014, arXiv:1311.2901, there with patches of images.
    """
    check_pairs(ids, targets)
    tape = model.forward(ids[None], state)
    draws, total = others.shape[1], len(ids)
    found = Occlusion(np.zeros((total, total)), np.zeros((total, total)))
    rows = model.initial_state(0)
    for t in range(total):
        rows = _joined(rows, _before(tape, t), draws)
        read = np.concatenate([np.full(t * draws, ids[t]), others[t]])  # ((t + 1) · K,)
        logits, rows, _ = model.step(read, rows)
        usual = log_softmax(tape.logits[0, t])[targets[t]]
        lost = (usual - log_softmax(logits)[:, targets[t]]).reshape(t + 1, draws)
        found.change[t, : t + 1] = np.abs(lost).mean(axis=1)
        found.effect[t, : t + 1] = lost.mean(axis=1)
    check_values(found.change)
    return found


def _before(tape: Tape, t: int) -> State:
    """The state of the unchanged text before step t, (1, H) each."""
    if t == 0:
        return tape.initial_state
    return [
        {name: values[name][t - 1] for name in start}
        for values, start in zip(tape.layers, tape.initial_state, strict=True)
    ]


def _joined(rows: State, new: State, copies: int) -> State:
    return [
        {name: np.concatenate([old[name], np.repeat(one[name], copies, axis=0)]) for name in old}
        for old, one in zip(rows, new, strict=True)
    ]
