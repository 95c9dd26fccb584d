"""A new cell needs its class, its torch module and nothing else: everything then works with it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rnnlab.figures.cell_diagram import cell_flow, plan
from rnnlab.figures.one_step import equations, ledger_formula, sum_formula
from rnnlab.inspection.comparison import score_text
from rnnlab.inspection.gradient_check.check import CaseSetting, compared, make_case
from rnnlab.inspection.gradient_check.wrong_functions import with_wrong_function
from rnnlab.inspection.gradients.backward import flow_over, in_double, spectral_radius
from rnnlab.inspection.gradients.bptt import bound, decay, itemised, reading, truncation
from rnnlab.inspection.gradients.connectivity import connectivity, drawn_others, occlusion
from rnnlab.inspection.gradients.spectrum import block_names, candidate, eigenvalues, rescaled
from rnnlab.inspection.interventions.clamping import ranking, usual_values
from rnnlab.inspection.interventions.edit import one_edit
from rnnlab.inspection.interventions.paired_samples import effects, write_pairs
from rnnlab.inspection.milestones import examined
from rnnlab.inspection.one_step import (
    memory_attribution,
    of_each_character,
    one_step,
    salient_step,
    salient_unit,
    time_scales,
)
from rnnlab.inspection.predictions import predictions
from rnnlab.inspection.snapshots import seen
from rnnlab.inspection.text_loss import initial_state_effect, loss_by_character
from rnnlab.inspection.units.activations import sample_activations, top_passages
from rnnlab.inspection.units.matching import read_activity
from rnnlab.inspection.units.ordering import order_units, state_path
from rnnlab.inspection.units.probe import probe
from rnnlab.inspection.units.search import correlations, states_of
from rnnlab.inspection.writing import SamplingSettings, write
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.clamps import Clamp
from rnnlab.network.initialization import SCHEMES, initial_params
from rnnlab.network.sampling import sample
from rnnlab.network.tape import Tape
from rnnlab.text.batching import Batch
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.cost_model import Speed, seconds, work
from rnnlab.training.engines.factory import autograd, make_engine
from rnnlab.training.engines.torch_engine import modules
from rnnlab.training.labels import run_name
from rnnlab.training.networks import architecture_of, model_from_params
from tests.coupled_lstm import CoupledLayers, CoupledLSTM, Silent

TEXT = "to be or not to be, that is the question: " * 100
VOCABULARY = Vocabulary.from_text(TEXT)
IDS = VOCABULARY.encode(TEXT)
H, L = 6, 2
CELL = CoupledLSTM.name


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that somebody does who adds a cell."""
    monkeypatch.setitem(CELLS, CELL, CoupledLSTM)
    monkeypatch.setitem(modules.LAYERS, CoupledLSTM.torch_module, CoupledLayers)


@pytest.fixture
def model() -> CharRNN:
    """Two layers in float64, whose weights are large enough for their gates to open and close."""
    return network(CELL)


def network(cell: str) -> CharRNN:
    architecture = Architecture(cell, len(VOCABULARY), 4, H, L)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1))
    large = {name: 2 * p if "rnn" in name else p for name, p in params.items()}
    return in_double(CharRNN(architecture, large))


@pytest.fixture
def tape(model: CharRNN) -> Tape:
    return model.forward(IDS[None, :40])


def test_its_gradients_equal_finite_differences_and_those_of_torch() -> None:
    case = make_case(CaseSetting(CELL, num_layers=2))
    hand = case.gradients()
    found = compared(hand, case.differences(), case.loss)
    assert all(one.passes for one in found.values()), found
    loss, grads = autograd(case.model, case.ids, case.targets, case.state)
    assert loss == pytest.approx(case.loss, rel=1e-12)
    for name, grad in grads.items():
        np.testing.assert_allclose(hand[name], grad, rtol=1e-9, atol=1e-12, err_msg=name)


def test_both_engines_learn_the_same() -> None:
    config = RunConfig(cell=CELL, hidden_size=H, num_layers=L, embedding_size=4, device="cpu")
    sizes = architecture_of(config, len(VOCABULARY))
    assert isinstance(sizes, Architecture)
    params = initial_params(sizes, "pytorch", np.random.default_rng(2), forget_bias=1.0)
    windows = IDS[: 8 * 17].reshape(8, 17)
    batch = Batch(windows[:, :-1], windows[:, 1:], carry=True)
    learned = {}
    for name in ("torch", "numpy"):
        engine = make_engine(config.replace(engine=name), sizes, params, "float64")
        losses = [engine.update(batch, 0.01, "norm", 1.0).loss for _ in range(4)]
        assert losses[-1] < losses[0]
        saved = engine.state()
        again = make_engine(config.replace(engine=name), sizes, params, "float64")
        again.load_state(saved)
        engine.update(batch, 0.01, "norm", 1.0)
        again.update(batch, 0.01, "norm", 1.0)
        for key, value in engine.params().items():
            np.testing.assert_array_equal(again.params()[key], value)
        learned[name] = engine.params()
    for key, value in learned["torch"].items():
        np.testing.assert_allclose(learned["numpy"][key], value, rtol=1e-4, atol=1e-6)
    assert isinstance(model_from_params(config, learned["torch"]), CharRNN)


def test_a_run_can_be_described_with_it() -> None:
    config = RunConfig(cell=CELL)
    assert RunConfig.from_json(config.to_json()) == config
    assert run_name(config) == "Coupled LSTM 128 on play"
    with pytest.raises(ConfigError, match=r"choose one of rnn_tanh, .*coupled"):
        RunConfig(cell="unheard-of")
    amount = work(config, architecture_of(config, 65), 32, 64)
    plain = RunConfig(cell="gru")
    known = seconds(plain, work(plain, architecture_of(plain, 65), 32, 64), Speed())
    assert 0.5 < seconds(config, amount, Speed()) / known < 2


@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_can_begin_by_every_scheme(scheme: str) -> None:
    params = initial_params(
        Architecture(CELL, 5, 0, H, 1), scheme, np.random.default_rng(1), forget_bias=3.0
    )
    block = params["rnn.weight_hh_l0"][H : 2 * H]
    assert (scheme == "identity") == np.array_equal(block, np.eye(H))
    assert params["rnn.bias_ih_l0"].max() < 1  # no gate of its own to be biased


def test_it_writes_what_it_finds_likeliest(model: CharRNN) -> None:
    written = [c.id for c in itertools.islice(sample(model, IDS[:9], greedy=True), 12)]
    read = list(IDS[:9])
    for each in written:
        assert each == model.forward(np.array([read])).logits[0, -1].argmax()
        read.append(each)
    sampling = SamplingSettings("to be", length=20)
    assert len(write(model, VOCABULARY, sampling).text) == 20


def test_a_step_is_drawn_and_written_out(model: CharRNN, tape: Tape) -> None:
    step = one_step(model, tape, 1, 2, 30)
    assert [gate.name for gate in step.gates] == ["i", "g", "o"]
    for gate, squash in zip(step.gates, ("i", "g", "o"), strict=True):
        squashed = np.tanh(gate.total) if squash == "g" else 1 / (1 + np.exp(-gate.total))
        assert step.now[squash] == pytest.approx(squashed)
    drawn = plan(step)
    boxes = {box.name: box.value for box in drawn.boxes}
    assert boxes["f · c<sub>t−1</sub>"] + boxes["i · g"] == pytest.approx(boxes["c<sub>t</sub>"])
    assert {"f", "i", "g", "o", "h<sub>t</sub>"} <= set(boxes)
    assert cell_flow(step, "").layout.annotations
    lines = {line.left: line for line in equations(step)}
    assert list(lines) == ["i_t", "f_t", "g_t", "o_t", "c_t", "h_t"]
    assert lines["f_t"].numbers == f"1 - {lines['i_t'].result}"
    assert r"f_u\Big)\, i_s\, g_s" in ledger_formula(CoupledLSTM)
    assert "for" not in sum_formula(CoupledLSTM)
    lowest = one_step(model, tape, 0, 2, 30)
    assert of_each_character(model, lowest, "g").shape == (len(VOCABULARY),)


def test_who_wrote_its_memory_adds_up(model: CharRNN, tape: Tape) -> None:
    found = memory_attribution(CELL, tape, 1, 2, 39)
    assert found.name == "c"
    assert found.total == pytest.approx(found.state, rel=1e-12)
    scales = time_scales(CELL, tape, 1)
    kept = tape.layers[1]["f"][:, 0]
    np.testing.assert_allclose(scales, -1 / np.log(kept).mean(axis=0))
    assert 0 <= salient_unit(model, tape, 1) < H
    assert 20 <= salient_step(model, tape, 1, 2) < 40


def test_its_gradients_are_followed_through_time(model: CharRNN) -> None:
    read = reading(model, IDS[:31], 10)
    found = itemised(read)
    assert found.by_c is not None
    assert found.carried is not None
    last, kept = len(found.by_c) - 1, read.tape.layers[1]["f"][:, 0]  # (T, H)
    own = read.dlogits[last] @ model.params["decoder.weight"]  # ∂L/∂h of the last prediction
    shown = read.tape.layers[1]
    dc = own * shown["o"][last, 0] * (1 - np.tanh(shown["c"][last, 0]) ** 2)
    expected = [np.linalg.norm(dc * kept[s + 1 :].prod(axis=0)) for s in range(last + 1)]
    np.testing.assert_allclose(found.carried[last], expected)
    assert decay(found.of("c")).norms[0] == 1
    assert bound(read) is None
    assert truncation(read, np.array([len(found.by_h)])).reach.error[0] < 1e-12
    assert (block_names(CELL), candidate(CELL)) == (("i", "g", "o"), "g")
    other = rescaled(model, 0.7, ("g",))
    assert np.abs(eigenvalues(other, "g")).max() == pytest.approx(0.7)
    assert spectral_radius(other) == pytest.approx(0.7)
    assert flow_over(model, IDS[:60], 10, 3).norms[0] == 1


def test_every_other_analysis_reads_it(model: CharRNN) -> None:
    ids, targets = IDS[:30], IDS[1:31]
    by_hand = connectivity(model, ids, targets)
    assert (np.triu(by_hand, 1) == 0).all()
    assert occlusion(model, ids, targets, drawn_others(ids, 2)) is not None
    for name in CoupledLSTM.states:
        means = usual_values(model, IDS)[name, 1].mean
        assert len(ranking(model, IDS[:200], name, 1, means, skip=20).changes) == H
        assert sample_activations(model, IDS, name, 1, 300).trace.shape[1] == H
        assert read_activity(model, IDS, name, (0, 1), 300).values.shape[1] == 2 * H
    assert one_edit(model, IDS[:40], 5, 0) is not None
    pairs = write_pairs(
        model, VOCABULARY, "to", [Clamp(1, "c", 2, 0.5)], seed=1, length=20, temperature=1.0
    )
    assert effects(pairs)
    score = score_text(model, VOCABULARY, TEXT[:300])
    assert np.isfinite(score.bits[1:]).all()
    assert loss_by_character(model, VOCABULARY, TEXT[:300]) is not None
    assert initial_state_effect(model, IDS[:50], IDS[50:99]) is not None
    assert seen(model, IDS[:5], IDS[5:20], "f", 0).chances.shape == (15,)
    assert predictions(model, VOCABULARY, ids, targets) is not None
    label = np.array([c == " " for c in TEXT])
    assert examined(model, IDS, {"space": label}, "c", 1).scores.shape == (1, H)
    units = states_of(model, IDS, CoupledLSTM.states)
    assert len(units.units) == 2 * L * H
    trace = model.forward(IDS[None, :200]).trace("c", 1)[0]
    assert sorted(order_units(trace, "similarity")) == list(range(H))
    assert state_path(trace).path.shape[0] == 200
    assert top_passages(trace, 0, TEXT[:200])
    rows = model.forward(IDS[None]).trace("h", 1)[0].T
    best = int(np.abs(correlations(rows, label, np.array([0]))[:, 0]).argmax())
    assert probe(rows, label, IDS, best) is not None


def test_of_a_cell_that_tells_less_it_is_said_what_is_not_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing breaks: what needs to know more says so in a sentence."""
    monkeypatch.setitem(CELLS, Silent.name, Silent)
    model = network(Silent.name)
    tape = model.forward(IDS[None, :40])
    step = one_step(model, tape, 0, 1, 20)
    assert equations(step)
    with pytest.raises(ValueError, match="no drawing of a Silent cell"):
        plan(step)
    with pytest.raises(ValueError, match="there is a ledger for LSTM and GRU and Coupled LSTM"):
        memory_attribution(Silent.name, tape, 0, 1, 20)
    with pytest.raises(ValueError, match="no sum tells who wrote it"):
        time_scales(Silent.name, tape, 0)
    assert salient_unit(model, tape, 0) >= 0
    found = itemised(reading(model, IDS[:20]))
    assert found.by_c is None
    assert found.carried is None
    np.testing.assert_array_equal(found.of("c"), found.by_h)
    with pytest.raises(ValueError, match="No wrong function is known"):
        with_wrong_function(model)
    config = RunConfig(cell=Silent.name, hidden_size=H)
    sizes = architecture_of(config, len(VOCABULARY))
    with pytest.raises(ConfigError, match=r"has no layers of the cell 'silent'.*engine 'numpy'"):
        make_engine(config, sizes, initial_params(sizes, "pytorch", np.random.default_rng(1)))
