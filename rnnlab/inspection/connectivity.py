"""Which earlier characters a prediction depends on: its derivative by each of them."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.itemised import walk_back
from rnnlab.network.diverged import check_values
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State

_FEWEST = 10  # predictions that a mean over a lag is made of


def connectivity(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State | None = None
) -> np.ndarray:
    """How strongly each prediction depends on each character that was read.

    C[t, s] = ‖∂ o_t[y_t] / ∂ x_s‖₂, where o_t[y_t] is the logit of the character that really came
    after step t, and x_s is character s as a one-hot vector. All rows come from one walk back.

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
        for step in walk_back(model, tape, steps, dlogits):
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


def mean_by_lag(dependence: np.ndarray, fewest: int = _FEWEST) -> np.ndarray:
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
