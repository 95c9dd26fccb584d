"""Character RNNs written out by hand: no library does the gradient, and every value is a column.

One character at a time: its one-hot vector x, tanh layers with one bias each, and a softmax over
the characters. Two networks have the same parts and differ in how the layers are put together:

- `StackedNet`: each layer reads the one below it, dropout is inverted and lies between the layers.
- `ParallelNet`: a published network with three bugs, as it is. The input goes to every layer and
  the output is read from the last one only, so the others are idle. Its backward pass sends
  gradient to all of them. Its dropout masks the state before, in place, and enlarges the new one
  beyond what tanh can give, and the backward pass knows nothing of either.

With one layer and without dropout they are the same network. A value of a layer is (H, 1), one
column; an evaluation reads B texts side by side as B columns, which the equations do not notice.

Source:
    min-char-rnn: Karpathy 2015, https://gist.github.com/karpathy/d4dee566867f8291f086; the parallel
    network: Sasson 2023, https://github.com/j0sephsasson/numpy-RNN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, ParameterError, Params, check_params
from rnnlab.network.tape import State


@dataclass(frozen=True)
class MinimalSizes:
    """Kind and sizes of a network written out by hand."""

    is_stack: bool  # else the published one, whose layers stand side by side
    vocab_size: int  # V
    hidden_size: int  # H
    num_layers: int  # L

    cell = "rnn_tanh"

    @property
    def outputs(self) -> int:
        """How many characters it chooses between."""
        return self.vocab_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter; biases are columns."""
        vocab, hidden = self.vocab_size, self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {}
        for k in range(self.num_layers):
            shapes[f"rnn.weight_ih_l{k}"] = (hidden, hidden if k and self.is_stack else vocab)
            shapes[f"rnn.weight_hh_l{k}"] = (hidden, hidden)
            shapes[f"rnn.bias_l{k}"] = (hidden, 1)
        return shapes | {"decoder.weight": (vocab, hidden), "decoder.bias": (vocab, 1)}

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


@dataclass(frozen=True, eq=False)
class MinimalStep:
    """What was computed at one character, per layer where it says so."""

    x: np.ndarray  # (V, B) one-hot
    before: list[np.ndarray]  # per layer, (H, B): the state that it went on from
    inputs: list[np.ndarray]  # what each layer was given, and at last the decoder
    masks: list[np.ndarray | float]  # dropout above each layer, (H, B); 1 where there is none
    h: list[np.ndarray]  # per layer, (H, B): the new state
    logits: np.ndarray  # (V, B)


@dataclass(frozen=True, eq=False)
class MinimalReading:
    """What a forward pass leaves behind for the backward pass, and for the reader."""

    steps: list[MinimalStep]

    @property
    def logits(self) -> np.ndarray:
        """(B, T, V)."""
        return np.stack([step.logits.T for step in self.steps], axis=1)

    @property
    def final_state(self) -> State:
        """The state after the last character, batch first as in all networks, as copies."""
        return [{"h": h.T.copy()} for h in self.steps[-1].h]


class MinimalRNN:
    """What both networks have in common; they differ in `forward_step` and `backward_step`.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape or precision.
    """

    def __init__(self, architecture: MinimalSizes, params: Params) -> None:
        check_params(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params
        self.dtype = params["decoder.weight"].dtype

    def forward(
        self,
        ids: np.ndarray,
        state: State | None = None,
        *,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> MinimalReading:
        """Read (B, T) characters, T ≥ 1, one after the other, from a state; zeros if None."""
        h = self._columns(len(ids), state)
        steps = []
        for t in range(ids.shape[1]):
            steps.append(self.forward_step(self._one_hot(ids[:, t]), h, dropout, rng))
            h = steps[-1].h
        return MinimalReading(steps)

    def backward(self, reading: MinimalReading, dlogits: np.ndarray) -> Params:
        """The gradient of every parameter, given that of the logits, (1, T, V): from the last
        character to the first."""
        grads = {name: np.zeros_like(param) for name, param in self.params.items()}
        dh_next = [np.zeros_like(h) for h in reading.steps[-1].h]  # nothing comes after the last
        for t in reversed(range(len(reading.steps))):
            dh_next, _ = self.backward_step(reading.steps[t], dlogits[:, t].T, dh_next, grads)
        return grads

    def forward_step(
        self,
        x: np.ndarray,
        before: list[np.ndarray],
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> MinimalStep:
        """Read one character x, (V, B), going on from a state."""
        raise NotImplementedError

    def backward_step(
        self, step: MinimalStep, dy: np.ndarray, dh_next: list[np.ndarray], grads: Params
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Add what one character contributes to the gradients.

        Args:
            dy: the derivative by its logits, (V, 1).
            dh_next: that by each layer's state, from the character after, (H, 1).
        Returns:
            the same for the character before, and per layer the derivative by what its tanh was
            given, (H, 1).
        """
        raise NotImplementedError

    def layer(self, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The parameters of a layer: from the input (H, V or H), from the state (H, H), bias."""
        kinds = ("weight_ih", "weight_hh", "bias")
        weight_ih, weight_hh, bias = (self.params[f"rnn.{kind}_l{k}"] for kind in kinds)
        return weight_ih, weight_hh, bias

    def _columns(self, batch_size: int, state: State | None) -> list[np.ndarray]:
        """A state as columns, per layer (H, B), copied; zeros if None."""
        if state is None:
            shape = (self.architecture.hidden_size, batch_size)
            return [np.zeros(shape, self.dtype) for _ in range(self.architecture.num_layers)]
        return [layer["h"].T.copy() for layer in state]

    def _one_hot(self, ids: np.ndarray) -> np.ndarray:
        """B characters as columns with a single 1, (V, B)."""
        x = np.zeros((self.architecture.vocab_size, len(ids)), self.dtype)
        x[ids, np.arange(len(ids))] = 1
        return x


class StackedNet(MinimalRNN):
    """Layers on top of each other, and a backward pass that knows all that the forward one did."""

    def forward_step(
        self,
        x: np.ndarray,
        before: list[np.ndarray],
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> MinimalStep:
        """Each layer reads what the one below it passes up."""
        h, inputs, masks = [], [x], []
        for k in range(self.architecture.num_layers):
            weight_ih, weight_hh, bias = self.layer(k)
            h.append(np.tanh(weight_ih @ inputs[k] + weight_hh @ before[k] + bias))  # (H, B)
            masks.append(inverted_mask(h[k], dropout, rng))
            inputs.append(h[k] * masks[k])  # the way up is thinned, the way on is not
        logits = self.params["decoder.weight"] @ inputs[-1] + self.params["decoder.bias"]  # (V, B)
        return MinimalStep(x, before, inputs, masks, h, logits)

    def backward_step(
        self, step: MinimalStep, dy: np.ndarray, dh_next: list[np.ndarray], grads: Params
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """From the output down, layer by layer."""
        grads["decoder.weight"] += dy * step.inputs[-1].T  # (V, H): a column times a row
        grads["decoder.bias"] += dy
        dx = self.params["decoder.weight"].T @ dy  # (H, 1), by what the decoder was given
        dh_before, das = list(dh_next), list(dh_next)
        for k in reversed(range(self.architecture.num_layers)):
            weight_ih, weight_hh, _ = self.layer(k)
            dh = dx * step.masks[k] + dh_next[k]
            da = (1 - step.h[k] * step.h[k]) * dh  # through tanh
            grads[f"rnn.weight_ih_l{k}"] += da * step.inputs[k].T
            grads[f"rnn.weight_hh_l{k}"] += da * step.before[k].T
            grads[f"rnn.bias_l{k}"] += da
            dx = weight_ih.T @ da  # by what the layer was given: the layer below
            dh_before[k], das[k] = weight_hh.T @ da, da
        return dh_before, das


class ParallelNet(MinimalRNN):
    """The published network, bugs included; for the lesson that finds them."""

    def forward_step(
        self,
        x: np.ndarray,
        before: list[np.ndarray],
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> MinimalStep:
        """Every layer reads the character; the output reads the last layer."""
        keep = 1 - dropout
        h = []
        for k in range(self.architecture.num_layers):
            weight_ih, weight_hh, bias = self.layer(k)
            if dropout and rng is not None:
                # In place: the backward pass will find what is left of this state.
                before[k] *= rng.random(before[k].shape) < keep
            new = np.tanh(weight_ih @ x + weight_hh @ before[k] + bias)  # (H, B)
            h.append(new / keep if dropout else new)
        logits = self.params["decoder.weight"] @ h[-1] + self.params["decoder.bias"]  # (V, B)
        return MinimalStep(x, before, [x], [], h, logits)

    def backward_step(
        self, step: MinimalStep, dy: np.ndarray, dh_next: list[np.ndarray], grads: Params
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """What the published code takes for the gradient."""
        grads["decoder.weight"] += dy * step.h[-1].T  # (V, H): a column times a row
        grads["decoder.bias"] += dy
        dh_before, das = list(dh_next), list(dh_next)
        for k in reversed(range(self.architecture.num_layers)):
            _, weight_hh, _ = self.layer(k)
            dh = self.params["decoder.weight"].T @ dy + dh_next[k]  # (H, 1)
            da = (1 - step.h[k] * step.h[k]) * dh  # through tanh
            grads[f"rnn.weight_ih_l{k}"] += da * step.x.T
            grads[f"rnn.weight_hh_l{k}"] += da * step.before[k].T
            grads[f"rnn.bias_l{k}"] += da
            dh_before[k], das[k] = weight_hh.T @ da, da
        return dh_before, das


def inverted_mask(
    h: np.ndarray, dropout: float, rng: np.random.Generator | None
) -> np.ndarray | float:
    """Zero for dropped units and 1 / (share kept) for the others, so that sums stay as they were;
    1 without dropout."""
    if not dropout or rng is None:
        return 1.0
    keep = 1 - dropout
    return ((rng.random(h.shape) < keep) / keep).astype(h.dtype)


def summed_loss(logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """The sum of −ln p[target] over a sequence, in nats, and its derivative by the logits.

    Args:
        logits: (1, T, V).
        targets: (1, T).
    """
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))  # the largest is 1: no overflow
    p = e / e.sum(axis=-1, keepdims=True)  # (1, T, V)
    target = targets[..., None]
    loss = -np.log(np.take_along_axis(p, target, axis=-1)).sum()
    dlogits = p.copy()
    np.put_along_axis(dlogits, target, np.take_along_axis(p, target, axis=-1) - 1, axis=-1)
    return float(loss), dlogits


def make_minimal(architecture: MinimalSizes, params: Params) -> MinimalRNN:
    """The network of this kind with these parameters."""
    return (StackedNet if architecture.is_stack else ParallelNet)(architecture, params)


def minimal_sizes(params: Params, is_stack: bool) -> MinimalSizes:
    """The sizes that these parameters have.

    Raises:
        ParameterError: they have no matrix for the output.
    """
    if "decoder.weight" not in params or params["decoder.weight"].ndim != 2:
        raise ParameterError("These weights have no matrix 'decoder.weight', so no network.")
    vocab_size, hidden_size = params["decoder.weight"].shape
    num_layers = sum(name.startswith("rnn.weight_hh_l") for name in params)
    return MinimalSizes(is_stack, vocab_size, hidden_size, num_layers)


def as_char_rnn(architecture: MinimalSizes, params: Params) -> CharRNN:
    """The plain tanh RNN that computes the same without dropout, to write with.

    Of the parallel network it takes the last layer alone: the others have no say.
    """
    layers = range(architecture.num_layers)
    used = layers if architecture.is_stack else layers[-1:]
    own: Params = {}
    for place, k in enumerate(used):
        bias = params[f"rnn.bias_l{k}"][:, 0]
        own[f"rnn.weight_ih_l{place}"] = params[f"rnn.weight_ih_l{k}"]
        own[f"rnn.weight_hh_l{place}"] = params[f"rnn.weight_hh_l{k}"]
        own |= {f"rnn.bias_ih_l{place}": bias, f"rnn.bias_hh_l{place}": np.zeros_like(bias)}
    own["decoder.weight"], own["decoder.bias"] = (
        params["decoder.weight"],
        params["decoder.bias"][:, 0],
    )
    vocab_size, hidden_size = architecture.vocab_size, architecture.hidden_size
    return CharRNN(Architecture("rnn_tanh", vocab_size, 0, hidden_size, len(used)), own)
