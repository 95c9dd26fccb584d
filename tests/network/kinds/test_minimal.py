"""The networks written out by hand, against torch, against the plain tanh RNN, and the published
one against a second writing of it that shares no code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from rnnlab.inspection.gradient_check.check import TensorCheck, check_gradients
from rnnlab.network.char_rnn import ParameterError
from rnnlab.network.initialization import initial_params
from rnnlab.network.kinds.minimal import (
    MinimalSizes,
    ParallelNet,
    StackedNet,
    as_char_rnn,
    make_minimal,
    minimal_sizes,
    summed_loss,
)
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import State

V, H, T = 7, 5, 9  # vocabulary, hidden units, time
IDS = np.random.default_rng(3).integers(0, V - 1, (1, T))
TARGETS = np.random.default_rng(4).integers(0, V, (1, T))
EXACT = 1e-10


def net(is_stack: bool, num_layers: int, seed: int = 1) -> Any:
    """A network with every parameter far from zero, float64."""
    sizes = MinimalSizes(is_stack, V, H, num_layers)
    params = initial_params(sizes, "pytorch", np.random.default_rng(seed))
    return make_minimal(sizes, {name: p.astype(np.float64) for name, p in params.items()})


def carried(num_layers: int) -> State:
    """A state that is not zero anywhere, as one carried from an earlier sequence."""
    rng = np.random.default_rng(2)
    return [{"h": rng.uniform(-0.9, 0.9, (1, H))} for _ in range(num_layers)]


def published(
    params: dict[str, np.ndarray], num_layers: int, state: State, dropout: float, seed: int
) -> tuple[float, dict[str, np.ndarray], list[np.ndarray]]:
    """The published network in vectors and explicit sums: loss, gradients, state after.

    Written from its description alone. Where its code changes an earlier state in place, the later
    reader of that state gets the changed one, so both are kept here under names of their own.
    """
    rng = np.random.default_rng(seed)
    w = {name: p.reshape(-1) if ".bias" in name else p for name, p in params.items()}
    kept = 1.0 - dropout
    entering = {(0, k): state[k]["h"][0] for k in range(num_layers)}  # state before character t
    seen: dict[tuple[int, int], np.ndarray] = {}  # what the tanh of (t, k) was given of it
    made: dict[tuple[int, int], np.ndarray] = {}
    probabilities, loss = [], 0.0
    for t in range(T):
        for k in range(num_layers):
            mask = (rng.random((H, 1)) < kept)[:, 0] if dropout else np.ones(H)
            seen[t, k] = entering[t, k] * mask
            sums = w[f"rnn.weight_ih_l{k}"][:, IDS[0, t]] + w[f"rnn.bias_l{k}"]
            sums = sums + np.einsum("ij,j->i", w[f"rnn.weight_hh_l{k}"], seen[t, k])
            made[t, k] = np.tanh(sums) * (1 / kept)
            entering[t + 1, k] = made[t, k]
        scores = np.einsum("vh,h->v", w["decoder.weight"], made[t, num_layers - 1])
        scores = np.exp(scores + w["decoder.bias"])
        probabilities.append(scores / scores.sum())
        loss += float(np.log(1.0 / probabilities[t][TARGETS[0, t]]))
    # What stands in memory as the state of (t, k) when the backward pass begins: masked, except
    # for the last one, which no later character has touched.
    stored = {(t, k): seen.get((t + 1, k), made[t, k]) for t, k in made}
    grads = {name: np.zeros_like(p) for name, p in w.items()}
    later = [np.zeros(H) for _ in range(num_layers)]
    for t in range(T - 1, -1, -1):
        dy = probabilities[t] - np.eye(V)[TARGETS[0, t]]
        grads["decoder.weight"] += np.einsum("v,h->vh", dy, stored[t, num_layers - 1])
        grads["decoder.bias"] += dy
        for k in range(num_layers):
            back = np.einsum("vh,v->h", w["decoder.weight"], dy) + later[k]
            da = back - stored[t, k] ** 2 * back
            grads[f"rnn.weight_ih_l{k}"][:, IDS[0, t]] += da
            grads[f"rnn.weight_hh_l{k}"] += np.einsum("i,j->ij", da, seen[t, k])
            grads[f"rnn.bias_l{k}"] += da
            later[k] = np.einsum("ij,i->j", w[f"rnn.weight_hh_l{k}"], da)
    shaped = {name: grad.reshape(params[name].shape) for name, grad in grads.items()}
    return loss, shaped, [made[T - 1, k] for k in range(num_layers)]


@pytest.mark.parametrize("dropout", [0.0, 0.5, 0.3])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
def test_the_published_net_is_reproduced_with_its_bugs(num_layers: int, dropout: float) -> None:
    model, state = net(False, num_layers), carried(num_layers)
    loss, grads, after = published(model.params, num_layers, state, dropout, seed=6)
    reading = model.forward(IDS, state, dropout=dropout, rng=np.random.default_rng(6))
    own_loss, dlogits = summed_loss(reading.logits, TARGETS)
    assert own_loss == pytest.approx(loss, rel=0, abs=EXACT)
    for name, grad in model.backward(reading, dlogits).items():
        np.testing.assert_allclose(grad, grads[name], rtol=0, atol=EXACT, err_msg=name)
    for own, expected in zip(reading.final_state, after, strict=True):
        np.testing.assert_allclose(own["h"][0], expected, rtol=0, atol=EXACT)


@pytest.mark.parametrize("num_layers", [1, 2, 3])
def test_the_stack_and_its_gradient_equal_torch(num_layers: int) -> None:
    model, state = net(True, num_layers), carried(num_layers)
    layers = torch.nn.RNN(V, H, num_layers, dtype=torch.float64)
    decoder = torch.nn.Linear(H, V, dtype=torch.float64)
    named = {f"rnn.{name}": p for name, p in layers.named_parameters()}
    named |= {f"decoder.{name}": p for name, p in decoder.named_parameters()}
    torch_names = {n: n.replace("rnn.bias_l", "rnn.bias_ih_l") for n in model.params}
    with torch.no_grad():
        for k in range(num_layers):
            named[f"rnn.bias_hh_l{k}"].zero_()
        for name, param in model.params.items():
            p = named[torch_names[name]]
            p.copy_(torch.tensor(param).view(p.shape))
    h0 = torch.tensor(np.stack([layer["h"] for layer in state]))  # (L, 1, H)
    x = torch.nn.functional.one_hot(torch.tensor(IDS.T), V).double()  # (T, 1, V)
    out, last = layers(x, h0)
    logits = decoder(out)
    loss = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), torch.tensor(TARGETS[0]), reduction="sum"
    )
    loss.backward()
    reading = model.forward(IDS, state)
    own_loss, dlogits = summed_loss(reading.logits, TARGETS)
    assert own_loss == pytest.approx(loss.item(), rel=0, abs=EXACT)
    np.testing.assert_allclose(reading.logits[0], logits[:, 0].detach().numpy(), rtol=0, atol=EXACT)
    for k, layer in enumerate(reading.final_state):
        np.testing.assert_allclose(layer["h"], last[k].detach().numpy(), rtol=0, atol=EXACT)
    for name, grad in model.backward(reading, dlogits).items():
        expected = named[torch_names[name]].grad
        assert expected is not None
        found = torch.tensor(grad).view(expected.shape)
        torch.testing.assert_close(found, expected, rtol=0, atol=EXACT)


def test_one_layer_of_either_is_the_same_net() -> None:
    parallel, stacked = net(False, 1), net(True, 1)
    readings = [model.forward(IDS, carried(1)) for model in (parallel, stacked)]
    np.testing.assert_array_equal(readings[0].logits, readings[1].logits)
    _, dlogits = summed_loss(readings[0].logits, TARGETS)
    other = stacked.backward(readings[1], dlogits)
    for name, grad in parallel.backward(readings[0], dlogits).items():
        np.testing.assert_allclose(grad, other[name], rtol=0, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("is_stack", [False, True])
def test_what_it_writes_with_computes_the_same(is_stack: bool) -> None:
    model = net(is_stack, 3)
    plain = as_char_rnn(model.architecture, model.params)
    assert plain.architecture.num_layers == (3 if is_stack else 1)
    np.testing.assert_allclose(
        plain.forward(IDS).logits, model.forward(IDS).logits, rtol=0, atol=1e-13
    )


def test_all_but_the_last_layer_of_the_parallel_net_are_idle() -> None:
    model = net(False, 3)
    before = model.forward(IDS).logits
    for k in range(2):
        for kind in ("weight_ih", "weight_hh", "bias"):
            model.params[f"rnn.{kind}_l{k}"] += 1.0
    np.testing.assert_array_equal(model.forward(IDS).logits, before)


@pytest.mark.parametrize("is_stack", [False, True])
def test_texts_side_by_side_do_not_see_each_other(is_stack: bool) -> None:
    model = net(is_stack, 2)
    ids = np.random.default_rng(5).integers(0, V, (3, T))
    together = model.forward(ids).logits
    for b in range(3):
        alone = model.forward(ids[b : b + 1]).logits[0]
        np.testing.assert_allclose(alone, together[b], rtol=0, atol=1e-13)


@pytest.mark.parametrize("is_stack", [False, True])
def test_a_text_may_be_cut_anywhere(is_stack: bool) -> None:
    model = net(is_stack, 2)
    first = model.forward(IDS[:, :4], carried(2))
    rest = model.forward(IDS[:, 4:], first.final_state)
    whole = model.forward(IDS, carried(2))
    parts = np.concatenate([first.logits, rest.logits], axis=1)
    np.testing.assert_allclose(parts, whole.logits, rtol=0, atol=1e-13)


def test_reading_with_dropout_leaves_the_state_it_was_given_alone() -> None:
    state = carried(2)
    before = [layer["h"].copy() for layer in state]
    net(False, 2).forward(IDS, state, dropout=0.5, rng=np.random.default_rng(0))
    for layer, kept in zip(state, before, strict=True):
        np.testing.assert_array_equal(layer["h"], kept)


def test_the_summed_loss_is_the_mean_loss_times_the_length() -> None:
    logits = net(True, 1).forward(IDS).logits
    loss, dlogits = summed_loss(logits, TARGETS)
    mean, of_mean = cross_entropy(logits, TARGETS)
    assert loss == pytest.approx(T * mean, rel=1e-13)
    np.testing.assert_allclose(dlogits, T * of_mean, rtol=0, atol=1e-14)


def checked(model: StackedNet | ParallelNet, dropout: float = 0.0) -> dict[str, TensorCheck]:
    """The gradient check of a network; the same units are dropped each time."""
    state = carried(model.architecture.num_layers)

    def read() -> Any:
        return model.forward(IDS, state, dropout=dropout, rng=np.random.default_rng(6))

    reading = read()
    grads = model.backward(reading, summed_loss(reading.logits, TARGETS)[1])
    return check_gradients(model.params, grads, lambda: summed_loss(read().logits, TARGETS)[0])


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
def test_the_gradient_of_the_stack_passes_the_check(num_layers: int, dropout: float) -> None:
    for name, check in checked(net(True, num_layers), dropout).items():
        assert check.passes, (name, check.error)


def test_the_gradient_of_one_parallel_layer_passes_the_check() -> None:
    assert all(check.passes for check in checked(net(False, 1)).values())


def test_the_gradient_of_the_parallel_net_fails_for_its_idle_layers_only() -> None:
    for name, check in checked(net(False, 3)).items():
        is_idle = name.endswith(("_l0", "_l1"))
        assert check.passes is not is_idle, (name, check.error)
        if is_idle:
            assert not check.numeric.any()  # the loss does not depend on them at all
            assert np.abs(check.analytic).max() > 1e-3
            assert check.error == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_gradient_fails_with_the_published_dropout(num_layers: int) -> None:
    """Everywhere but at the output's bias, whose gradient looks at no hidden state."""
    for name, check in checked(net(False, num_layers), 0.5).items():
        assert check.passes is (name == "decoder.bias"), (name, check.error)


@pytest.mark.parametrize(("is_stack", "expected"), [(False, 58_049), (True, 66_113)])
def test_parameters_are_counted(is_stack: bool, expected: int) -> None:
    sizes = MinimalSizes(is_stack, 65, 128, 2)
    inputs = 128 if is_stack else 65
    first, second = 128 * (65 + 128 + 1), 128 * (inputs + 128 + 1)
    assert sizes.parameter_count() == expected == first + second + 65 * 129


@pytest.mark.parametrize("is_stack", [False, True])
def test_sizes_are_read_from_the_weights(is_stack: bool) -> None:
    model = net(is_stack, 3)
    assert minimal_sizes(model.params, is_stack) == model.architecture
    with pytest.raises(ParameterError, match=r"no matrix 'decoder\.weight'"):
        minimal_sizes({}, is_stack)
