"""How far back a prediction is felt: the gradient of one loss by each earlier hidden state."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.itemised import walk_back
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import cross_entropy
from rnnlab.network.models import Architecture, CharRNN, Params

_NEGLIGIBLE = 1e-12  # of the gradient at lag 0: what a float32 sum of others no longer notices


def gradient_flow(model: CharRNN, ids: np.ndarray, target: int) -> np.ndarray:
    """How strongly the last loss depends on each earlier hidden state, by lag.

    Args:
        model: in float64: in float32, the squares of a vanishing gradient are 0 too soon.
        ids: (T,) what is read, T ≥ 1, from a zero state.
        target: the character that comes after it.
    Returns:
        (T,) Euclidean norms of ∂L_T/∂h_{T−lag}, lag 0 … T − 1, of the top layer, in nats per unit
        of h; infinite where the gradient exploded. Paths through all layers count. Of an LSTM it
        is the hidden state, whose past also works through the cells.
    Source: Pascanu et al. 2013, arXiv:1211.5063.
    """
    check_double(model)
    tape = model.forward(ids[None])
    _, dlogits = cross_entropy(tape.logits[:, -1:], np.array([[target]]))
    norms = np.zeros(len(ids))
    with np.errstate(over="ignore", invalid="ignore"):  # it may explode: that is a result
        for step in walk_back(model, tape, np.array([len(ids) - 1]), dlogits[0]):
            norms[len(ids) - 1 - step.t] = _norm(step.dh[-1])
    return norms


def _norm(vector: np.ndarray) -> float:
    norm = float(np.linalg.norm(vector))
    return norm if math.isfinite(norm) else math.inf


@dataclass(frozen=True)
class Flow:
    """The gradients of one network, over several places of a text."""

    norms: np.ndarray  # (T,) by lag: ‖∂L_T/∂h_{T−lag}‖ relative to lag 0, geometric means
    half_life: float  # steps until it has halved, from a line through its logarithm; negative
    # where it doubles instead, infinite where it stays

    @property
    def reach(self) -> int:
        """At how many lags from the first on it is more than a thousandth of that at lag 0."""
        small = np.flatnonzero(self.norms <= 1e-3 * self.norms[0])
        return int(small[0]) if len(small) else len(self.norms)


def flow_over(model: CharRNN, text: np.ndarray, steps: int, places: int = 8) -> Flow:
    """Gradients over the last `steps` characters before several places of a text (N,), each
    relative to its own lag 0, averaged by their logarithms.

    A place whose prediction is so sure and right that no gradient is left tells nothing.
    """
    ends = np.linspace(steps, len(text) - 1, places).astype(int)
    norms = [gradient_flow(model, text[end - steps : end], int(text[end])) for end in ends]
    told = [one / one[0] for one in norms if 0 < one[0] < math.inf]
    if not told:
        return Flow(np.eye(1, steps)[0], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.exp(np.mean(np.log(told), axis=0))  # (T,); 0 where one of them is 0
    mean[np.isnan(mean)] = 0.0  # some vanished where others exploded
    return Flow(mean, half_life(mean))


def half_life(norms: np.ndarray) -> float:
    """Steps in which a gradient halves: ln ½ over the slope of its logarithm against the lag.

    Only what is finite and not negligible against lag 0 is fitted.
    """
    lags = np.arange(len(norms))
    kept = np.isfinite(norms) & (norms > _NEGLIGIBLE * norms[0])
    if kept.sum() < 2:
        return 0.0
    slope = float(np.polyfit(lags[kept], np.log(norms[kept]), 1)[0])
    return math.log(0.5) / slope if slope else math.inf


def fresh_network(
    cell: str, vocab_size: int, hidden_size: int, scheme: str = "pytorch", gain: float = 1.0
) -> CharRNN:
    """An untrained network of one layer in float64, its recurrent weights times `gain`."""
    architecture = Architecture(cell, vocab_size, 0, hidden_size, 1)
    params: Params = initial_params(architecture, scheme, np.random.default_rng(1))
    params["rnn.weight_hh_l0"] = params["rnn.weight_hh_l0"] * np.float32(gain)
    return in_double(CharRNN(architecture, params))


def in_double(model: CharRNN) -> CharRNN:
    """The same network with its weights in float64."""
    params = {name: param.astype(np.float64) for name, param in model.params.items()}
    return CharRNN(model.architecture, params)


def check_double(model: CharRNN) -> None:
    """Raise ValueError unless a network computes in float64."""
    if model.dtype != np.float64:
        raise ValueError(
            f"Gradients over many steps need a network in float64, not in {model.dtype}; give "
            "`in_double` of it."
        )


def spectral_radius(model: CharRNN, layer: int = 0) -> float:
    """The largest |eigenvalue| of W_hh; for gated cells of the candidate's block."""
    weight = model.params[f"rnn.weight_hh_l{layer}"]
    size = weight.shape[1]
    block = {"lstm": 2, "gru": 2}.get(model.architecture.cell, 0)
    return float(np.abs(np.linalg.eigvals(weight[block * size : (block + 1) * size])).max())
