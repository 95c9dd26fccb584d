"""Both engines learn the same, torch's way, and go on from a saved state as if never stopped."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import cross_entropy
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engines.base import Engine, Update
from rnnlab.training.engines.factory import available_devices, make_engine, measured_speed
from rnnlab.training.engines.torch_engine.engine import laid_out
from rnnlab.training.optimizers import grad_norm
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from rnnlab.training.tasks.next_character import NextCharacter
from tests.conftest import ROOT

OPTIMIZERS = ("sgd", "rmsprop", "adagrad", "adagrad_root", "adam", "adamw")
RATES = {"sgd": 0.5, "adagrad": 0.05, "adagrad_root": 0.05}


def fresh(
    config: RunConfig, corpus: Corpus, dtype: str = "float64"
) -> tuple[NextCharacter, Engine]:
    """A task and an engine that has made no update."""
    task = make_task(config, corpus)
    return task, make_engine(config, task.architecture, first_params(task), dtype)


def learn(config: RunConfig, task: NextCharacter, engine: Engine, steps: range) -> list[Update]:
    """Some updates at the configured rate."""
    settings = (config.learning_rate, config.clipping, config.grad_clip)
    return [engine.update(task.batcher.batch(step), *settings) for step in steps]


def curve(config: RunConfig, corpus: Corpus, updates: int = 50) -> np.ndarray:
    """(updates, 2) losses and gradient norms in float64."""
    made = learn(config, *fresh(config, corpus), range(updates))
    return np.array([(update.loss, update.grad_norm) for update in made])


@pytest.mark.parametrize("weight_decay", [0.0, 0.02])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_fifty_updates_of_both_engines_give_the_same_curve(
    small: RunConfig, prose: Corpus, optimizer: str, weight_decay: float
) -> None:
    config = small.replace(
        optimizer=optimizer,
        weight_decay=weight_decay,
        learning_rate=RATES.get(optimizer, 0.01),
    )
    by_torch, by_hand = (curve(config.replace(engine=e), prose) for e in ("torch", "numpy"))
    np.testing.assert_allclose(by_hand, by_torch, rtol=0, atol=1e-6)
    assert by_torch[-1, 0] < by_torch[0, 0] - 0.1  # something was learned at all


@pytest.mark.parametrize(
    "changes",
    [
        {"clipping": "norm", "grad_clip": 0.05},
        {"clipping": "value", "grad_clip": 0.003},
        {"clipping": "none"},
        {"cell": "rnn_tanh", "num_layers": 2},
        {"cell": "rnn_relu", "embedding_size": 0},
        {"cell": "gru", "num_layers": 3, "hidden_size": 5},
        {"batching": "windows"},
        {"batching": "random", "batch_size": 1},
    ],
    ids=str,
)
def test_curves_agree_with_any_clipping_cell_and_batching(
    small: RunConfig, prose: Corpus, changes: dict[str, object]
) -> None:
    config = small.replace(**changes)
    by_torch, by_hand = (curve(config.replace(engine=e), prose) for e in ("torch", "numpy"))
    np.testing.assert_allclose(by_hand, by_torch, rtol=0, atol=1e-6)


def test_curves_agree_on_items(small: RunConfig, names: Corpus) -> None:
    config = small.replace(batching="items")
    by_torch, by_hand = (curve(config.replace(engine=e), names) for e in ("torch", "numpy"))
    np.testing.assert_allclose(by_hand, by_torch, rtol=0, atol=1e-6)


@pytest.mark.parametrize("batching", ["streams", "items"])
def test_the_gradient_of_the_sum_is_that_of_the_mean_times_the_characters(
    small: RunConfig, names: Corpus, batching: str
) -> None:
    config = small.replace(batching=batching, loss="mean")
    batch = make_task(config, names).batcher.batch(0)
    for engine in ("torch", "numpy"):
        chosen = config.replace(engine=engine)
        mean, total = (
            learn(c, *fresh(c, names), range(1))[0] for c in (chosen, chosen.replace(loss="sum"))
        )
        assert total.loss == mean.loss
        ratio = batch.counted / len(batch.inputs)
        assert total.grad_norm == pytest.approx(ratio * mean.grad_norm, rel=1e-9)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_torch_engine_learns_as_a_plain_torch_loop_does(
    small: RunConfig, prose: Corpus, optimizer: str
) -> None:
    config = small.replace(optimizer=optimizer, weight_decay=0.02, grad_clip=0.3)
    task, engine = fresh(config, prose)
    ours = [update.loss for update in learn(config, task, engine, range(30))]
    np.testing.assert_allclose(ours, plain_torch_losses(config, task, 30), rtol=0, atol=1e-9)


def plain_torch_losses(config: RunConfig, task: NextCharacter, updates: int) -> list[float]:
    """An LSTM trained as a tutorial would: the oracle for flat vectors, clipping and carrying."""
    sizes = task.architecture
    parts = nn.ModuleDict(
        {
            "embedding": nn.Embedding(sizes.vocab_size, sizes.embedding_size),
            "rnn": nn.LSTM(sizes.embedding_size, sizes.hidden_size, batch_first=True),
            "decoder": nn.Linear(sizes.hidden_size, sizes.vocab_size),
        }
    ).double()
    params = first_params(task)
    parts.load_state_dict({name: torch.tensor(p).double() for name, p in params.items()})
    kinds = {
        **{"sgd": "SGD", "rmsprop": "RMSprop", "adagrad": "Adagrad", "adagrad_root": "Adagrad"},
        **{"adam": "Adam", "adamw": "AdamW"},
    }
    kind = getattr(torch.optim, kinds[config.optimizer])
    if config.optimizer == "adagrad_root":  # a sum that begins at ε is an ε under the root
        kind = partial(kind, initial_accumulator_value=1e-8, eps=0.0)
    optimizer = kind(parts.parameters(), config.learning_rate, weight_decay=config.weight_decay)
    losses, state = [], None
    for batch in map(task.batcher.batch, range(updates)):
        x, y = torch.tensor(batch.inputs), torch.tensor(batch.targets)
        h, state = parts["rnn"](parts["embedding"](x), state if batch.carry else None)
        state = tuple(s.detach() for s in state)
        loss = nn.functional.cross_entropy(parts["decoder"](h).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parts.parameters(), config.grad_clip)
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("engine", ["torch", "numpy"])
@pytest.mark.parametrize(
    "changes",
    [
        {"dropout": 0.4, "num_layers": 2},
        {"cell": "gru", "optimizer": "rmsprop", "embedding_size": 0},
        {"cell": "rnn_tanh", "optimizer": "adagrad", "dropout": 0.2},
        {"optimizer": "sgd"},
    ],
    ids=str,
)
def test_a_stopped_run_goes_on_bit_for_bit(
    small: RunConfig, prose: Corpus, engine: str, changes: dict[str, object]
) -> None:
    config = small.replace(engine=engine, **changes)
    task, whole = fresh(config, prose, "float32")
    expected = learn(config, task, whole, range(17))
    _, first = fresh(config, prose, "float32")
    learn(config, task, first, range(9))
    saved = first.state()
    learn(config, task, first, range(9, 12))  # a state is a copy: this must not change it
    _, second = fresh(config, prose, "float32")
    second.load_state(saved)
    assert learn(config, task, second, range(9, 17)) == expected[9:]
    for name, param in whole.params().items():
        np.testing.assert_array_equal(second.params()[name], param)


@pytest.mark.parametrize("order", [("torch", "numpy"), ("numpy", "torch")])
@pytest.mark.parametrize("cell", ["lstm", "rnn_tanh"])
def test_one_engine_goes_on_from_the_state_of_the_other(
    small: RunConfig, prose: Corpus, order: tuple[str, str], cell: str
) -> None:
    config = small.replace(cell=cell)
    task, whole = fresh(config, prose)
    expected = learn(config, task, whole, range(12))
    _, first = fresh(config.replace(engine=order[0]), prose)
    learn(config, task, first, range(6))
    _, second = fresh(config.replace(engine=order[1]), prose)
    second.load_state(first.state())
    got = learn(config, task, second, range(6, 12))
    np.testing.assert_allclose([u.loss for u in got], [u.loss for u in expected[6:]], atol=1e-9)


@pytest.mark.parametrize("engine", ["torch", "numpy"])
def test_states_of_other_settings_are_refused(small: RunConfig, prose: Corpus, engine: str) -> None:
    config = small.replace(engine=engine)
    task, trained = fresh(config, prose)
    learn(config, task, trained, range(2))
    _, larger = fresh(config.replace(hidden_size=8), prose)
    with pytest.raises(ValueError, match=r"has shape \(28, 5\), but this run needs \(32, 5\)"):
        larger.load_state(trained.state())
    _, plain = fresh(config.replace(optimizer="sgd"), prose)
    with pytest.raises(ValueError, match="'exp_avg', which this run's optimizer does not use"):
        plain.load_state(trained.state())
    with pytest.raises(ValueError, match=r"no 'exp_avg.embedding.weight'"):
        trained.load_state(plain.state())


@pytest.mark.parametrize("engine", ["torch", "numpy"])
def test_evaluation_leaves_training_alone(small: RunConfig, prose: Corpus, engine: str) -> None:
    config = small.replace(engine=engine, dropout=0.3)
    task, disturbed = fresh(config, prose)
    _, undisturbed = fresh(config, prose)
    got = []
    for step in range(8):
        got += learn(config, task, disturbed, range(step, step + 1))
        disturbed.evaluate(task.evaluation_batches(task.split.validation))
        disturbed.params()
    assert got == learn(config, task, undisturbed, range(8))


def test_both_engines_evaluate_alike(small: RunConfig, prose: Corpus, names: Corpus) -> None:
    for config, corpus in ((small, prose), (small.replace(batching="items"), names)):
        results = []
        for engine in ("torch", "numpy"):
            task, made = fresh(config.replace(engine=engine), corpus)
            results.append(made.evaluate(task.evaluation_batches(task.split.validation)))
        assert results[0].loss == pytest.approx(results[1].loss, abs=1e-9)
        assert results[0].accuracy == results[1].accuracy
        assert results[0].characters == results[1].characters


@pytest.mark.parametrize("engine", ["torch", "numpy"])
def test_state_crosses_batches_but_gradient_does_not(
    small: RunConfig, prose: Corpus, engine: str
) -> None:
    """The second update is that of a batch begun from the carried state as a given number."""
    config = small.replace(engine=engine)
    task, made = fresh(config, prose)
    learn(config, task, made, range(1))
    saved = made.state()
    params = {name: saved[f"params.{name}"] for name in task.architecture.shapes()}
    model, batch = CharRNN(task.architecture, params), task.batcher.batch(1)
    start = [{"h": saved["carried.h"][0], "c": saved["carried.c"][0]}]
    tape = model.forward(batch.inputs, start)
    loss, dlogits = cross_entropy(tape.logits, batch.targets)
    second = learn(config, task, made, range(1, 2))[0]
    assert second.loss == pytest.approx(loss, abs=1e-12)
    assert second.grad_norm == pytest.approx(grad_norm(model.backward(tape, dlogits)), rel=1e-9)
    cold, _ = cross_entropy(model.forward(batch.inputs).logits, batch.targets)
    assert abs(second.loss - cold) > 1e-6


@pytest.mark.parametrize("engine", ["torch", "numpy"])
def test_params_are_float32_copies(small: RunConfig, prose: Corpus, engine: str) -> None:
    config = small.replace(engine=engine)
    task, made = fresh(config, prose)
    before = made.params()
    assert {name: p.shape for name, p in before.items()} == task.architecture.shapes()
    assert {p.dtype for p in before.values()} == {np.dtype("float32")}
    kept = {name: p.copy() for name, p in before.items()}
    learn(config, task, made, range(3))
    for name, p in before.items():
        np.testing.assert_array_equal(p, kept[name])
        assert not np.array_equal(p, made.params()[name])


def test_a_missing_device_is_refused_with_a_sentence(small: RunConfig, prose: Corpus) -> None:
    missing = {"cuda", "mps"} - set(available_devices())
    assert missing
    for device in missing:
        with pytest.raises(ConfigError, match=f"Device is '{device}', but torch finds only .*cpu"):
            fresh(small.replace(device=device), prose)


def test_the_choice_of_threads_is_kept_when_a_run_resumes(small: RunConfig, prose: Corpus) -> None:
    config = small.replace(threads=0, device="cpu")
    task, made = fresh(config, prose, "float32")
    for step in range(5000):
        learn(config, task, made, range(step, step + 1))
        if made.description != "cpu, timing threads":
            break
    chosen = int(made.state()["threads"])
    assert made.description == f"cpu, {chosen} thread{'s' if chosen > 1 else ''}"
    _, resumed = fresh(config, prose, "float32")
    resumed.load_state(made.state())
    assert resumed.description == made.description


def test_a_fixed_number_of_threads_is_used(small: RunConfig, prose: Corpus) -> None:
    task, made = fresh(small.replace(device="cpu", threads=2), prose)
    learn(small, task, made, range(1))
    assert torch.get_num_threads() == 2
    assert made.description == "cpu, 2 threads"
    assert "threads" not in made.state()


def test_speed_is_measured_in_sane_numbers() -> None:
    speed = measured_speed()
    for factor in (speed.rnn, speed.lstm, speed.gru, speed.arithmetic):
        assert 0.01 < factor < 100
    assert speed.arithmetic_on_all > 0.001  # on a busy machine, however long threads wait


def test_tensors_apart_as_on_a_gpu_learn_as_one_vector_does(
    small: RunConfig, prose: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(params: list[nn.Parameter], device: torch.device) -> list[nn.Parameter]:
        return laid_out(params, torch.device("meta"))

    config = small.replace(num_layers=2, grad_clip=0.3, weight_decay=0.02, optimizer="rmsprop")
    task, together = fresh(config, prose)
    expected = learn(config, task, together, range(20))
    monkeypatch.setattr("rnnlab.training.engines.torch_engine.engine.laid_out", apart)
    _, first = fresh(config, prose)
    got = learn(config, task, first, range(10))
    _, second = fresh(config, prose)
    second.load_state(first.state())
    got += learn(config, task, second, range(10, 20))
    for ours, theirs in zip(got, expected, strict=True):
        assert ours.loss == pytest.approx(theirs.loss, abs=1e-12)
        assert ours.grad_norm == pytest.approx(theirs.grad_norm, abs=1e-12)


def test_learning_does_not_load_the_compiler_of_torch() -> None:
    """It would double the time until a first loss."""
    program = """
import sys
from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.factory import make_engine
import numpy as np
sizes = Architecture("lstm", 5, 3, 4, 2)
params = initial_params(sizes, "pytorch", np.random.default_rng(1))
engine = make_engine(RunConfig(dropout=0.1), sizes, params)
ids = np.zeros((2, 3), np.int64)
engine.update(Batch(ids, ids, carry=False), 0.1, "norm", 1.0)
engine.evaluate([Batch(ids, ids, carry=False)])
assert "torch" in sys.modules
assert "torch._dynamo" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
