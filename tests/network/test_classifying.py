"""Networks that say what a sequence is: both ends, a window, two linear layers, and votes."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.network.char_rnn import CharRNN, Params
from rnnlab.network.kinds.bidirectional import BidirectionalRNN
from rnnlab.network.kinds.window_mlp import WindowMLP
from rnnlab.network.losses import softmax
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.factory import torch_engine
from rnnlab.training.networks import architecture_of, fresh_params, make_model, model_from_params

torch_engine()  # before a test imports torch by itself

V, D, H, O = 9, 4, 5, 3  # vocabulary, embedding, hidden, outputs  # noqa: E741
LENGTHS = (6, 2, 1, 4)
BASE = RunConfig(task="language", embedding_size=D, hidden_size=H, batching="items")
KINDS = {
    f"both ways, {cell}, {layers} layer(s), embedding {embedding}": BASE.replace(
        bidirectional=True, cell=cell, num_layers=layers, embedding_size=embedding
    )
    for cell, layers, embedding in (
        ("lstm", 1, D),
        ("gru", 2, D),
        ("rnn_tanh", 3, 0),
        ("rnn_relu", 1, D),
    )
} | {
    "window": BASE.replace(model="window", window=3, num_layers=2),
    "one-hot window": BASE.replace(model="window", window=7, embedding_size=0),
    "two linear layers": BASE.replace(model="scratch-linear", embedding_size=0),
    "votes": BASE.replace(bidirectional=True, members=3, cell="gru"),
    "votes in one direction": BASE.replace(members=2),
}
by_kind = pytest.mark.parametrize("config", KINDS.values(), ids=KINDS)


def fresh(config: RunConfig, seed: int = 1) -> tuple[object, Params]:
    """Sizes and parameters far from zero, float64."""
    sizes = architecture_of(config, V, O)
    params = fresh_params(sizes, "pytorch", np.random.default_rng(seed), 0.5)
    return sizes, {name: 2 * p.astype(np.float64) for name, p in params.items()}


@pytest.fixture
def ids() -> np.ndarray:
    """(B, T) symbols, filled up with 0 behind the lengths."""
    block = np.random.default_rng(2).integers(1, V, (len(LENGTHS), max(LENGTHS)))
    for row, length in enumerate(LENGTHS):
        block[row, length:] = 0
    return block


@by_kind
def test_logits_are_those_of_torch(config: RunConfig, ids: np.ndarray) -> None:
    import torch

    from rnnlab.training.engines.torch_engine.modules import make_module

    sizes, params = fresh(config)
    module = make_module(sizes, config).double().eval()
    module.load_state_dict({name: torch.tensor(p) for name, p in params.items()})
    with torch.no_grad():
        expected = module(torch.tensor(ids.T), None)[0].numpy().swapaxes(0, 1)
    ends = np.arange(len(ids)), np.array(LENGTHS) - 1
    found = make_model(sizes, params).forward(ids).logits
    np.testing.assert_allclose(softmax(found[ends]), softmax(expected[ends]), atol=1e-10)


@by_kind
def test_parameters_are_counted_to_the_digit(config: RunConfig) -> None:
    from rnnlab.training.engines.torch_engine.modules import make_module

    sizes, _ = fresh(config)
    module = make_module(sizes, config)
    assert sizes.parameter_count() == sum(p.numel() for p in module.parameters())
    assert sizes.shapes() == {n: tuple(p.shape) for n, p in module.named_parameters()}


@by_kind
def test_stored_parameters_make_the_same_network(config: RunConfig, ids: np.ndarray) -> None:
    sizes, params = fresh(config)
    model = model_from_params(config, params)
    assert model.architecture.vocab_size == V
    assert model.architecture.outputs == O
    expected = make_model(sizes, params).forward(ids).logits
    np.testing.assert_array_equal(model.forward(ids).logits, expected)


def test_classic_network_of_the_tutorial_has_27156_parameters() -> None:
    config = BASE.replace(model="scratch-linear", embedding_size=0, hidden_size=128)
    assert architecture_of(config, 57, 18).parameter_count() == 185 * 128 + 128 + 185 * 18 + 18


def test_padding_is_never_read_from_either_end(ids: np.ndarray) -> None:
    sizes, params = fresh(KINDS["both ways, gru, 2 layer(s), embedding 4"])
    model = make_model(sizes, params)
    together = model.forward(ids).logits[:, 0]
    alone = [model.forward(row[None, :n]).logits[0, 0] for row, n in zip(ids, LENGTHS, strict=True)]
    np.testing.assert_allclose(together, np.stack(alone), atol=1e-12)


def test_both_final_states_are_joined_the_backward_one_after_the_first_symbol() -> None:
    config = BASE.replace(bidirectional=True, cell="lstm")
    sizes, params = fresh(config)
    reading = BidirectionalRNN(sizes, params).forward(np.array([[3, 1, 4, 1, 5]]))
    halves = []
    for suffix, order in (("", [3, 1, 4, 1, 5]), ("_reverse", [5, 1, 4, 1, 3])):
        names = [
            n for n in params if n.startswith("rnn.") and n.endswith("_reverse") == bool(suffix)
        ]
        own = {n.removesuffix("_reverse"): params[n] for n in names}
        own["embedding.weight"] = params["embedding.weight"]
        own |= {"decoder.weight": np.zeros((O, H)), "decoder.bias": np.zeros(O)}
        tape = CharRNN.from_params("lstm", own).forward(np.array([order]))
        halves.append(tape.trace("h")[0, -1])
    np.testing.assert_allclose(reading.joined[0], np.concatenate(halves), atol=1e-12)


def test_a_window_does_not_see_what_lies_behind_it() -> None:
    sizes, params = fresh(KINDS["window"])
    model = WindowMLP(sizes, params)
    near, far = np.array([[1, 2, 3, 4, 5]]), np.array([[1, 8, 3, 4, 5]])
    a, b = model.forward(near).logits, model.forward(far).logits
    np.testing.assert_array_equal(a[:, 4], b[:, 4])  # sees places 2, 3, 4
    assert not np.allclose(a[:, 3], b[:, 3])


def test_a_window_goes_on_over_the_cut_between_two_batches() -> None:
    sizes, params = fresh(KINDS["window"])
    model = WindowMLP(sizes, params)
    text = np.random.default_rng(3).integers(0, V, (2, 10))
    first = model.forward(text[:, :4])
    second = model.forward(text[:, 4:], first.final_state)
    whole = model.forward(text).logits
    np.testing.assert_array_equal(np.concatenate([first.logits, second.logits], 1), whole)


def test_two_linear_layers_are_linear_in_time() -> None:
    """Without an activation, exchanging one symbol adds the same to the logits, whatever else
    is read."""
    sizes, params = fresh(KINDS["two linear layers"])
    model = make_model(sizes, params)
    differences = [
        model.forward(np.array([[2, *rest]])).logits[0, -1]
        - model.forward(np.array([[7, *rest]])).logits[0, -1]
        for rest in ([1, 3, 5], [8, 8, 4])
    ]
    np.testing.assert_allclose(*differences, atol=1e-12)


def test_votes_are_the_mean_of_probabilities(ids: np.ndarray) -> None:
    sizes, params = fresh(KINDS["votes"])
    ensemble = make_model(sizes, params)
    expected = np.mean([softmax(m.forward(ids).logits) for m in ensemble.members], axis=0)
    np.testing.assert_allclose(softmax(ensemble.forward(ids).logits), expected, atol=1e-12)
    assert not np.allclose(*(m.forward(ids).logits for m in ensemble.members[:2]))


def test_networks_that_vote_learn_each_by_their_own_loss(ids: np.ndarray) -> None:
    """A step of plain SGD on a pair moves each as half a step would move it alone."""
    from rnnlab.text.batching import Batch
    from rnnlab.training.engines.factory import make_engine

    config = BASE.replace(members=2, optimizer="sgd", clipping="none", threads=1)
    sizes, params = fresh(config)
    targets = np.random.default_rng(4).integers(0, O, ids.shape)
    weights = np.random.default_rng(5).uniform(0.5, 2, ids.shape)
    batch = Batch(ids, targets, False, ids > 0, weights)
    both = make_engine(config, sizes, params, "float64")
    both.update(batch, 0.1, "none", 1.0)
    single = config.replace(members=1)
    for k in range(2):
        own = {n.removeprefix(f"members.{k}."): p for n, p in params.items() if f".{k}." in n[:10]}
        alone = make_engine(single, sizes.member, own, "float64")
        alone.update(batch, 0.05, "none", 1.0)
        for name, value in alone.params().items():
            np.testing.assert_allclose(both.params()[f"members.{k}.{name}"], value, atol=1e-6)


@pytest.mark.parametrize(
    "changes", [{"bidirectional": True}, {"members": 2}], ids=["both ways", "votes"]
)
def test_what_needs_the_whole_sequence_cannot_predict_the_next_character(
    changes: dict[str, object],
) -> None:
    with pytest.raises(ConfigError, match="'language'"):
        architecture_of(RunConfig(**changes), V)
