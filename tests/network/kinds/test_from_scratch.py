"""The network from three linear layers, with torch as the oracle."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from rnnlab.network.char_rnn import ParameterError, Params
from rnnlab.network.kinds.from_scratch import (
    FromScratchRNN,
    FromScratchSizes,
    fresh_from_scratch_params,
)
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.torch_engine.modules import FromScratchModule
from rnnlab.training.networks import architecture_of, fresh_params, make_model, model_from_params

V, H, O, B, T = 7, 5, 4, 3, 11  # noqa: E741 - vocabulary, hidden, outputs, batch, time
both = pytest.mark.parametrize("is_tanh", [False, True])


def network(is_tanh: bool, outputs: int = O, dtype: type = np.float64) -> FromScratchRNN:
    """One with fresh weights."""
    sizes = FromScratchSizes(V, H, is_tanh, outputs)
    params = fresh_from_scratch_params(sizes.shapes(), np.random.default_rng(1))
    return FromScratchRNN(sizes, {name: p.astype(dtype) for name, p in params.items()})


def by_definition(params: Params, ids: np.ndarray, h: torch.Tensor, is_tanh: bool) -> torch.Tensor:
    """Logits (B, T, O) out of torch's own linear layers."""
    layers = {}
    for name in ("i2h", "i2o", "o2o"):
        weight, bias = (torch.from_numpy(params[f"{name}.{kind}"]) for kind in ("weight", "bias"))
        layers[name] = nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype)
        layers[name].load_state_dict({"weight": weight, "bias": bias})
    logits = []
    for column in torch.from_numpy(ids).T:
        both_in = torch.cat([nn.functional.one_hot(column, V).to(h.dtype), h], dim=1)
        h, o = layers["i2h"](both_in), layers["i2o"](both_in)
        h = h.tanh() if is_tanh else h
        logits.append(layers["o2o"](torch.cat([h, o], dim=1)))
    return torch.stack(logits, dim=1)


@both
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_forward_is_what_torch_computes(
    ids: np.ndarray, is_tanh: bool, dtype: type, tolerance: float
) -> None:
    model = network(is_tanh, dtype=dtype)
    start = np.random.default_rng(2).uniform(-0.9, 0.9, (B, H)).astype(dtype)
    with torch.no_grad():
        expected = by_definition(model.params, ids, torch.from_numpy(start), is_tanh)
    reading = model.forward(ids, start)
    np.testing.assert_allclose(reading.logits, expected, rtol=0, atol=tolerance)
    assert reading.logits.dtype == dtype


@both
def test_the_module_that_learns_is_the_network_that_writes(ids: np.ndarray, is_tanh: bool) -> None:
    model = network(is_tanh, dtype=np.float32)
    module = FromScratchModule(model.architecture, dropout=0.5, on_logits=False).eval()
    module.load_state_dict({name: torch.from_numpy(p) for name, p in model.params.items()})
    with torch.no_grad():
        logits, state = module(torch.from_numpy(ids.T.copy()), None)
    reading = model.forward(ids)
    np.testing.assert_allclose(reading.logits, logits.swapaxes(0, 1), rtol=0, atol=1e-5)
    np.testing.assert_allclose(reading.final_state, state, rtol=0, atol=1e-5)


@both
def test_reading_in_two_pieces_is_reading_at_once(ids: np.ndarray, is_tanh: bool) -> None:
    model = network(is_tanh)
    first = model.forward(ids[:, :4])
    second = model.forward(ids[:, 4:], first.final_state)
    whole = np.concatenate([first.logits, second.logits], axis=1)
    np.testing.assert_allclose(whole, model.forward(ids).logits, rtol=0, atol=1e-14)


def test_without_activation_logits_are_affine_in_the_state(ids: np.ndarray) -> None:
    a, b = np.random.default_rng(3).uniform(-5, 5, (2, B, H))
    linear, curved = network(is_tanh=False), network(is_tanh=True)

    def bend(model: FromScratchRNN) -> float:
        middle = model.forward(ids, (a + b) / 2).logits
        ends = model.forward(ids, a).logits + model.forward(ids, b).logits
        return float(np.abs(middle - ends / 2).max())

    assert bend(linear) < 1e-12
    assert bend(curved) > 1e-2


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"model": "scratch"}, 10_856),
        ({"model": "scratch-tanh"}, 10_856),
        ({"cell": "rnn_tanh"}, 7_707),
        ({"cell": "lstm"}, 25_563),
        ({"cell": "gru"}, 19_611),
    ],
)
def test_parameters_are_as_many_as_published(changes: dict[str, str], count: int) -> None:
    sizes = architecture_of(RunConfig(hidden_size=64, **changes), 27)
    assert sizes.parameter_count() == count
    params = fresh_params(sizes, "pytorch", np.random.default_rng(0))
    assert sum(p.size for p in params.values()) == count


@both
def test_stored_weights_make_the_same_network_again(ids: np.ndarray, is_tanh: bool) -> None:
    config = RunConfig(model="scratch-tanh" if is_tanh else "scratch", hidden_size=H)
    sizes = architecture_of(config, V)
    params = fresh_params(sizes, "pytorch", np.random.default_rng(6))
    again = model_from_params(config, params)
    assert again.architecture == sizes
    expected = make_model(sizes, params).forward(ids).logits
    np.testing.assert_array_equal(again.forward(ids).logits, expected)


def test_weights_of_another_kind_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"'i2h\.weight' is missing"):
        model_from_params(RunConfig(model="scratch"), {"decoder.weight": np.zeros((3, 2))})


@pytest.mark.parametrize(
    "changes", [{"num_layers": 2}, {"embedding_size": 3}, {"initialization": "orthogonal"}]
)
def test_what_three_layers_do_not_have_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="set embedding size 0, 1 layer"):
        architecture_of(RunConfig(model="scratch", **changes), V)
