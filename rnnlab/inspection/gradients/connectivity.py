"""Which earlier characters a prediction depends on: by derivative and by occlusion.

The derivative is connectivity, C[t, s] = ‖∂ o_t[y_t] / ∂ x_s‖₂ (Madsen 2019,
doi:10.23915/distill.00016); occlusion puts other characters in the place of one (Zeiler & Fergus
2014, arXiv:1311.2901). Spearman's rank correlation says whether both order the characters alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from rnnlab.inspection.gradients.backward import backward_per_prediction
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import log_softmax
from rnnlab.network.tape import State, Tape, check_values

_MIN_PREDICTIONS = 10  # predictions that a mean over a lag is made of


def connectivity(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State | None = None
) -> np.ndarray:
    """How strongly each prediction depends on each character that was read.

    C[t, s] = ‖∂ o_t[y_t] / ∂ x_s‖₂, where o_t[y_t] is the logit of the character that really came
    after step t, and x_s is character s as a one-hot vector. All rows come from one backward pass.

    Args:
        ids: (T,) what is read, T ≥ 1.
        targets: (T,) the character that came after each.
        state: the memory before the first character, which counts as given; zeros if None.
    Returns:
        (T, T) in logits per unit of a one-hot vector; exactly 0 for s > t.
    Raises:
        ValueError: no characters, not one target each, or values or derivatives beyond all
            numbers.
    Source: Madsen 2019, Visualizing memorization in RNNs, Distill, doi:10.23915/distill.00016.
    """
    check_pairs(ids, targets)
    steps = np.arange(len(ids))
    dlogits = np.zeros((len(ids), model.architecture.outputs), model.dtype)  # (T, V)
    dlogits[steps, targets] = 1
    found = np.zeros((len(ids), len(ids)))
    with np.errstate(over="ignore", invalid="ignore"):  # told below, in a sentence
        tape = model.forward(ids[None], state)
        check_values(tape.logits)
        for step in backward_per_prediction(model, tape, steps, dlogits):
            found[step.first :, step.t] = _one_hot_norms(model, step.dx)
    if not np.isfinite(found).all():
        raise ValueError(
            "The derivatives grow beyond all numbers on this text: the gradient explodes; choose "
            "fewer characters, or another snapshot."
        )
    return found


def check_pairs(ids: np.ndarray, targets: np.ndarray) -> None:
    """Raise ValueError unless there is at least one character read, and a next one for each."""
    if not len(ids) or ids.shape != targets.shape:
        raise ValueError(
            f"A prediction needs a character to read and one to expect, but here are {len(ids)} "
            f"and {len(targets)} of them; give a text of at least two characters."
        )


def _one_hot_norms(model: CharRNN, dx: np.ndarray) -> np.ndarray:
    """(R,) lengths of the derivatives by the one-hot vector, from those by the layer's input.

    With an embedding E they are E dx. QR = E keeps the length: ‖E d‖ = ‖R d‖, R being small.
    """
    rows = dx.astype(np.float64)  # the squares of small numbers vanish in float32
    if model.architecture.embedding_size:
        triangle = np.linalg.qr(model.params["embedding.weight"].astype(np.float64), mode="r")
        # NumPy's stubs say that every mode returns a pair; "r" returns R alone.
        rows = rows @ triangle.T  # type: ignore[attr-defined]  # (R, D)
    return np.sqrt(np.einsum("rd,rd->r", rows, rows))


def shares(dependence: np.ndarray) -> np.ndarray:
    """Each row of (T, T) dependences divided by its sum, so that networks can be compared."""
    sums = dependence.sum(axis=1, keepdims=True)
    return np.divide(dependence, sums, out=np.zeros_like(dependence), where=sums > 0)


def mean_by_lag(dependence: np.ndarray, fewest: int = _MIN_PREDICTIONS) -> np.ndarray:
    """(K,) the mean of C[t, t − lag] over all t, for lag 0 … K − 1.

    Args:
        fewest: lags with fewer pairs than this are left out; all of a shorter text are kept.
    """
    longest = max(len(dependence) - fewest + 1, 1) if len(dependence) >= fewest else None
    lags = range(longest or len(dependence))
    return np.array([np.diagonal(dependence, -lag).mean() for lag in lags])


def within(dependence: np.ndarray, share: float) -> int:
    """How many of the last characters hold so much of a prediction's dependence, at the middle.

    The median over the predictions of the second half of the text, which have a past to look at.
    """
    counts = []
    for t in range(len(dependence) // 2, len(dependence)):
        back = np.cumsum(dependence[t, t::-1])  # from the last character backwards
        counts.append(int(np.searchsorted(back, share * back[-1])) + 1)
    return int(np.median(counts))


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


_MIN_PAIRS = 5  # pairs of numbers that a rank correlation is made of


@dataclass(frozen=True)
class RankAgreement:
    """Rank correlations of two (T, T) matrices, below and on the diagonal; NaN for too few."""

    overall: float  # over all pairs
    rows: np.ndarray  # (T,) within each prediction
    same_lag: float  # median over the lags, between pairs equally far apart


def agreement(a: np.ndarray, b: np.ndarray) -> RankAgreement:
    """Compare two dependences.

    Both fall with the distance, which alone makes `overall` and `rows` high; `same_lag` is free of
    that.
    """
    below = np.tril_indices(len(a))
    rows = np.array([rank_correlation(a[t, : t + 1], b[t, : t + 1]) for t in range(len(a))])
    lags = [rank_correlation(np.diagonal(a, -lag), np.diagonal(b, -lag)) for lag in range(len(a))]
    return RankAgreement(rank_correlation(a[below], b[below]), rows, _median(np.array(lags)))


def typical(rows: np.ndarray) -> float:
    """The median over the predictions; NaN where none has a correlation."""
    return _median(rows)


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's: the correlation of the ranks, equal numbers sharing theirs; NaN if undefined.

    Source: Spearman 1904, The proof and measurement of association between two things.
    """
    if len(a) < _MIN_PAIRS:
        return float("nan")
    x, y = (_ranks(values) for values in (a, b))
    spread = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / spread) if spread else float("nan")


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks less their mean."""
    return rankdata(values) - (len(values) + 1) / 2


def _median(values: np.ndarray) -> float:
    defined = values[~np.isnan(values)]
    return float(np.median(defined)) if len(defined) else float("nan")


@dataclass(frozen=True)
class Disagreement:
    """A pair of characters that one measure ranks far above the other."""

    t: int  # the prediction
    s: int  # the character read
    ranks: tuple[float, float]  # by either measure: 0 the weakest, 1 the strongest


def disagreements(a: np.ndarray, b: np.ndarray, count: int) -> list[Disagreement]:
    """The pairs that b ranks highest above a, then those that a ranks highest above b."""
    rows, columns = np.tril_indices(len(a))
    ranks = [_ranks(each[rows, columns]) / max(len(rows) - 1, 1) + 0.5 for each in (a, b)]
    order = np.argsort(ranks[0] - ranks[1], kind="stable")
    count = min(count, len(order) // 2)
    chosen = [*order[:count], *order[::-1][:count]]
    return [
        Disagreement(int(rows[i]), int(columns[i]), (float(ranks[0][i]), float(ranks[1][i])))
        for i in chosen
    ]
