"""The NumPy engine trains the networks by hand as they were published: summed loss, every gradient
clipped by value, Adagrad with ε under the root, state carried to the next sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnlab.network.kinds.minimal import make_minimal, summed_loss
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.loop import Controls, train
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params

MODELS = ("by-hand-parallel", "by-hand-stack")
CONFIG = RunConfig(
    model="by-hand-parallel",
    cell="rnn_tanh",
    hidden_size=6,
    num_layers=2,
    seq_length=5,
    batch_size=1,
    loss="sum",
    optimizer="adagrad_root",
    learning_rate=0.1,
    clipping="value",
    grad_clip=5.0,
    initialization="normal",
    engine="numpy",
    budget=40,
    budget_unit="steps",
)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("model", MODELS)
def test_updates_are_those_of_the_published_recipe(
    prose: Corpus, model: str, dropout: float
) -> None:
    """Against the recipe in a few plain lines; longer than an epoch, so that the state is reset."""
    config = CONFIG.replace(model=model, dropout=dropout, max_characters=200)
    task = make_task(config, prose)
    engine = make_engine(config, task.architecture, first_params(task), "float64")
    params = {name: p.astype(np.float64) for name, p in first_params(task).items()}
    net = make_minimal(task.architecture, params)  # type: ignore[arg-type]
    squares = {name: np.zeros_like(p) for name, p in params.items()}
    text, place, state = task.vocabulary.encode(task.split.training.text), 0, None
    for step in range(60):
        if place + 1 >= len(text):
            place, state = 0, None
        stop = min(place + 5, len(text) - 1)
        inputs, targets = text[None, place:stop], text[None, place + 1 : stop + 1]
        rng = np.random.default_rng((config.seed, step))
        reading = net.forward(inputs, state, dropout=dropout, rng=rng)
        loss, dlogits = summed_loss(reading.logits, targets)
        for name, grad in net.backward(reading, dlogits).items():
            clipped = np.minimum(np.maximum(grad, -5), 5)
            squares[name] += clipped**2
            params[name] -= 0.1 * clipped / np.sqrt(squares[name] + 1e-8)
        place, state = stop, reading.final_state
        update = engine.update(task.batcher.batch(step), 0.1, "value", 5.0)
        assert update.loss * (targets.size) == pytest.approx(loss, rel=0, abs=1e-9)
    saved = engine.state()
    for name, param in params.items():
        np.testing.assert_allclose(saved[f"params.{name}"], param, rtol=0, atol=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_a_loaded_state_goes_on_exactly(prose: Corpus, model: str) -> None:
    config = CONFIG.replace(model=model, dropout=0.3)
    task = make_task(config, prose)
    whole, first, rest = (
        make_engine(config, task.architecture, first_params(task)) for _ in range(3)
    )
    for step in range(20):
        whole.update(task.batcher.batch(step), 0.1, "value", 5.0)
    for step in range(9):
        first.update(task.batcher.batch(step), 0.1, "value", 5.0)
    rest.load_state(first.state())
    for step in range(9, 20):
        rest.update(task.batcher.batch(step), 0.1, "value", 5.0)
    for name, param in whole.params().items():
        np.testing.assert_array_equal(param, rest.params()[name])


@pytest.mark.parametrize("model", MODELS)
def test_weights_start_as_small_normal_numbers_and_zero_biases(prose: Corpus, model: str) -> None:
    task = make_task(CONFIG.replace(model=model, hidden_size=200), prose)
    for name, param in first_params(task).items():
        if "bias" in name:
            assert not param.any()
        else:
            # Means of at least 2,000 numbers: off by that much once in 10⁹ times.
            assert param.std() == pytest.approx(0.01, rel=0.1)
            assert abs(param.mean()) < 0.0015


def test_every_thousandth_update_is_evaluated_when_the_config_says_so(prose: Corpus) -> None:
    config = CONFIG.replace(evaluation="each-1000", budget=2500)
    task = make_task(config, prose)
    engine = make_engine(config, task.architecture, first_params(task))
    found = list(train(task, engine, config, Controls(), Stopwatch()))
    evaluated = [m for m in found if m.val_loss is not None]
    assert [m.step for m in evaluated] == [1000, 2000, 2500]
    for measurement in evaluated:
        assert measurement.sample is not None
        assert len(measurement.sample.text) == 200
        assert measurement.sample.temperature == 1.0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"engine": "torch"}, "own backward pass and no other; choose the engine 'numpy'"),
        ({"batch_size": 2}, "batch size 1"),
        ({"embedding_size": 8}, "embedding size 0"),
        ({"cell": "lstm"}, "cell 'rnn_tanh'"),
    ],
)
def test_what_they_do_not_have_is_refused_with_a_sentence(
    prose: Corpus, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        make_task(CONFIG.replace(**changes), prose)


@pytest.mark.parametrize("model", MODELS)
def test_a_text_is_evaluated_as_one_stream_by_the_net_itself(prose: Corpus, model: str) -> None:
    """In other streams, a state of zeros in the middle of the text could change its habits."""
    config = CONFIG.replace(model=model)
    task = make_task(config, prose)
    engine = make_engine(config, task.architecture, first_params(task), "float64")
    for step in range(30):
        engine.update(task.batcher.batch(step), 0.1, "value", 5.0)
    part = task.split.validation
    found = engine.evaluate(task.evaluation_batches(part))
    ids = task.vocabulary.encode(part.text)[None]
    params = {n: engine.state()[f"params.{n}"] for n in first_params(task)}
    net = make_minimal(task.architecture, params)  # type: ignore[arg-type]
    loss, _ = summed_loss(net.forward(ids[:, :-1]).logits, ids[:, 1:])
    assert found.characters == len(part.text) - 1
    assert found.loss == pytest.approx(loss / found.characters, rel=1e-12)


def test_the_parallel_net_learns_as_its_last_layer_alone(prose: Corpus) -> None:
    """Started from the same weights, a net of one layer makes the same updates."""
    two = make_task(CONFIG, prose)
    one = make_task(CONFIG.replace(model="by-hand-stack", num_layers=1), prose)
    whole = first_params(two)
    last = {name: whole[name.replace("_l0", "_l1")] for name in one.architecture.shapes()}
    published = make_engine(two.config, two.architecture, whole, "float64")
    alone = make_engine(one.config, one.architecture, last, "float64")
    for step in range(100):
        batch = two.batcher.batch(step)
        losses = [e.update(batch, 0.1, "value", 5.0).loss for e in (published, alone)]
        assert losses[0] == pytest.approx(losses[1], rel=1e-9)
    for name, param in alone.params().items():
        found = published.params()[name.replace("_l0", "_l1")]
        np.testing.assert_allclose(found, param, rtol=0, atol=1e-6)
