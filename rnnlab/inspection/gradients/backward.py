"""How far back a prediction is felt: gradients of single losses by each earlier hidden state.

The backward pass of training adds up what all losses say. Here it carries one row a prediction
instead, as if the text stood in the batch once for each of them; the forward pass, being the same
for all, is shared. Fused layers of a library cannot do this: their gradient by an output holds
only the direct path.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import Values
from rnnlab.network.char_rnn import Architecture, CharRNN, Params
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import Tape


@dataclass(frozen=True)
class StepBack:
    """What R quantities feel of one step of a text."""

    t: int  # the step, from 0
    first: int  # rows below this one belong to earlier predictions: all zero, and not carried here
    dh: list[np.ndarray]  # per layer, (R − first, H): derivatives by h_t, over all paths
    du: list[np.ndarray]  # per layer, (R − first, blocks · H): by what W_hh made of h_{t−1}
    dx: np.ndarray  # (R − first, D) by what the lowest layer was given at t; D = V for one-hot


def backward_per_prediction(
    model: CharRNN, tape: Tape, places: np.ndarray, dlogits: np.ndarray, lowest: int = 0
) -> Iterator[StepBack]:
    """Go back through a text with R quantities, each made of the logits at one place.

    Args:
        tape: from `model.forward`, of batch size 1, without clamps and dropout.
        places: (R,) at which step each quantity takes its logits, in ascending order.
        dlogits: (R, V) its derivative by them.
        lowest: layer, from 0, at which to stop going down; `dx` is then by what that one was
            given, and of those below nothing is told.
    Yields:
        One `StepBack` a step, from the last place to the first character.
    Source: Cashman et al. 2019, RNNbow, arXiv:1907.12545.
    """
    direct = dlogits @ model.params["decoder.weight"]  # (R, H) by the top h at the own place
    layers = range(lowest, tape.num_layers)
    none = np.zeros((0, direct.shape[1]), direct.dtype)
    d: list[Values] = [dict.fromkeys(model.cell.states, none) for _ in range(tape.num_layers)]
    for t in range(int(places[-1]), -1, -1):
        first, own_end = (int(n) for n in np.searchsorted(places, [t, t + 1]))
        # Rows whose place is t join; so far nothing has come to them.
        new = np.zeros((own_end - first, direct.shape[1]), direct.dtype)
        for k in layers:
            d[k] = {name: np.concatenate([new, rows]) for name, rows in d[k].items()}
        above = np.zeros_like(d[-1]["h"])
        above[: own_end - first] = direct[first:own_end]
        dh, du = [none] * tape.num_layers, [none] * tape.num_layers
        for k in reversed(layers):
            d[k]["h"] = d[k]["h"] + above
            dh[k] = d[k]["h"]
            d[k], du[k], above = _one_step_back(model, tape, k, t, d[k])
        yield StepBack(t, first, dh, du, above)


def _one_step_back(
    model: CharRNN, tape: Tape, k: int, t: int, d: Values
) -> tuple[Values, np.ndarray, np.ndarray]:
    """The derivatives by layer k's state before step t, by what W_hh made of that, and by what the
    layer was given at t."""
    values = {name: value[t] for name, value in tape.layers[k].items()}  # (1, H) for all rows
    before = {
        name: tape.layers[k][name][t - 1] if t else tape.initial_state[k][name]
        for name in model.cell.states
    }
    da, du, earlier = model.cell.backward(values, before, d)
    earlier["h"] = earlier.get("h", 0) + du @ model.params[f"rnn.weight_hh_l{k}"]
    return earlier, du, da @ model.params[f"rnn.weight_ih_l{k}"]


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
        for step in backward_per_prediction(model, tape, np.array([len(ids) - 1]), dlogits[0]):
            norms[len(ids) - 1 - step.t] = _norm(step.dh[-1])
    return norms


def _norm(vector: np.ndarray) -> float:
    norm = float(np.linalg.norm(vector))
    return norm if math.isfinite(norm) else math.inf


@dataclass(frozen=True)
class GradientFlow:
    """The gradients of one network, over several places of a text."""

    norms: np.ndarray  # (T,) by lag: ‖∂L_T/∂h_{T−lag}‖ relative to lag 0, geometric means
    half_life: float  # steps until it has halved, from a line through its logarithm; negative
    # where it doubles instead, infinite where it stays

    @property
    def reach(self) -> int:
        """At how many lags from the first on it is more than a thousandth of that at lag 0."""
        small = np.flatnonzero(self.norms <= 1e-3 * self.norms[0])
        return int(small[0]) if len(small) else len(self.norms)


def flow_over(model: CharRNN, text: np.ndarray, steps: int, places: int = 8) -> GradientFlow:
    """Gradients over the last `steps` characters before several places of a text (N,), each
    relative to its own lag 0, averaged by their logarithms.

    A place whose prediction is so sure and right that no gradient is left tells nothing.
    """
    ends = np.linspace(steps, len(text) - 1, places).astype(int)
    norms = [gradient_flow(model, text[end - steps : end], int(text[end])) for end in ends]
    told = [one / one[0] for one in norms if 0 < one[0] < math.inf]
    if not told:
        return GradientFlow(np.eye(1, steps)[0], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.exp(np.mean(np.log(told), axis=0))  # (T,); 0 where one of them is 0
    mean[np.isnan(mean)] = 0.0  # some vanished where others exploded
    return GradientFlow(mean, half_life(mean))


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
    block = model.cell.candidate_block
    return float(np.abs(np.linalg.eigvals(weight[block * size : (block + 1) * size])).max())
