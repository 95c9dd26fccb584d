"""`import rnnlab`: what a notebook does with it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import rnnlab
from rnnlab import figures
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.training.config import ConfigError
from tests.conftest import ROOT
from tests.pages.conftest import TINY, train

TEXT = "To be, or not to be"
HEAVY = {"torch", "plotly", "streamlit", "numpy", "scipy", "sklearn", "pandas"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """Two runs that were trained by the engine without torch."""
    store = RunStore(tmp_path_factory.mktemp("runs"))
    train(store, TINY.replace(train_share=0.9, validation_share=0.1), "prose")
    train(store, TINY.replace(model="window", engine="torch", threads=1), "no recurrent one")
    return store


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch, store: RunStore) -> None:
    """These runs, and the corpora that ship."""
    monkeypatch.setenv("RNNLAB_RUNS", str(store.root))
    monkeypatch.setenv("RNNLAB_DATA", str(ROOT / "data"))


def in_fresh_process(code: str) -> str:
    """What a new Python prints; without the folders that this test names."""
    environment = {k: v for k, v in os.environ.items() if k not in ("RNNLAB_RUNS", "RNNLAB_DATA")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_it_loads_nothing_else() -> None:
    loaded = in_fresh_process("import rnnlab, sys; dir(rnnlab); print(*sys.modules)").split()
    assert not HEAVY & set(loaded)
    assert [name for name in loaded if name.startswith("rnnlab")] == ["rnnlab"]


def test_a_network_is_opened_and_writes_without_torch_and_charts() -> None:
    code = (
        "import rnnlab, sys; net = rnnlab.open('gallery/shakespeare-lstm'); "
        "text = net.sample('HAMLET:', length=200, temperature=0.8, seed=1); "
        "assert len(text) == 200; print(*sys.modules)"
    )
    assert not (HEAVY - {"numpy"}) & set(in_fresh_process(code).split())


def test_the_five_lines_of_the_readme(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RNNLAB_RUNS", str(tmp_path))
    net = rnnlab.train(corpus="play", cell="lstm", hidden_size=16, budget=2, budget_unit="seconds")
    assert np.isfinite(net.history["val_loss"][-1])
    assert len(net.sample("HAMLET:", length=200, temperature=0.8, seed=1)) == 200
    tape = net.read(TEXT)
    figure = rnnlab.figures.units_heatmap(tape.trace("h")[0], TEXT, name="h")
    np.testing.assert_allclose(figure.data[0].z, tape.layers[-1]["h"][:, 0].T)  # (H, T)
    assert [each.run.id for each in rnnlab.list_runs()] == [net.run.id]
    assert net.run.status().state == "finished"


def test_training_goes_on_from_the_settings_of_another_run(
    store: RunStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = rnnlab.open("prose")
    other = rnnlab.train(net.config, name="again", seed=7, runs=tmp_path)
    assert other.config == net.config.replace(seed=7)
    assert other.run.name == "again"
    assert f"Run {other.run.id} in {other.run.folder}" in capsys.readouterr().err


def test_what_cannot_be_trained_is_a_sentence_and_leaves_no_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no setting 'hiden_size'"):
        rnnlab.train(hiden_size=64, runs=tmp_path)
    with pytest.raises(ConfigError, match="cell"):
        rnnlab.train(cell="transformer", runs=tmp_path)
    with pytest.raises(ValueError, match=r"no preset or experiment 'quik-lstm'; there are .*quick"):
        rnnlab.train("quik-lstm", runs=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_ends_badly_says_how_and_is_kept(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"Run .* failed: Training diverged .* Learning rate"):
        rnnlab.train(
            TINY.replace(optimizer="sgd", clipping="none", cell="rnn_relu"),
            learning_rate=100.0,
            initialization="identity",
            runs=tmp_path,
        )
    assert [each.run.status().state for each in rnnlab.list_runs(runs=tmp_path)] == ["failed"]


def test_ctrl_c_stops_the_run_and_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed_once_it_learns(seconds: float) -> None:
        time.sleep(seconds)
        (net,) = rnnlab.list_runs(runs=tmp_path)
        if net.run.status().step:
            raise KeyboardInterrupt

    class Clock:
        sleep = staticmethod(pressed_once_it_learns)

    monkeypatch.setattr("rnnlab.runs.jobs.foreground.time", Clock)
    with pytest.raises(KeyboardInterrupt):
        rnnlab.train(TINY, budget=600, budget_unit="seconds", runs=tmp_path)
    (net,) = rnnlab.list_runs(runs=tmp_path)
    assert net.run.status().state == "interrupted"
    assert net.run.can_resume
    assert len(net.sample(length=5)) == 5
    assert "is stopped and kept" in capsys.readouterr().err


def test_a_sample_is_the_same_for_the_same_seed_and_is_without_its_prime(store: RunStore) -> None:
    net = rnnlab.open("prose")
    assert net.sample("The", seed=3) == net.sample("The", seed=3) != net.sample("The", seed=4)
    assert len(net.sample("The", length=7)) == 7


def test_a_tape_holds_every_value_of_every_layer(store: RunStore) -> None:
    net = rnnlab.open("prose")
    tape = net.read("The clock")
    for layer in range(net.config.num_layers):
        for name in tape.names(layer):
            assert tape.trace(name, layer).shape == (1, 9, net.config.hidden_size)
    np.testing.assert_array_equal(tape.trace("h"), tape.trace("h", net.config.num_layers - 1))
    logits = net.model.forward(net.vocabulary.encode("The clock")[None]).logits
    np.testing.assert_array_equal(tape.logits, logits)


def test_a_text_that_cannot_be_read_is_a_sentence(store: RunStore) -> None:
    net = rnnlab.open("prose")
    with pytest.raises(ValueError, match="nothing to read"):
        net.read("")
    with pytest.raises(ValueError, match="'☃' never occurred"):
        net.read("☃")
    with pytest.raises(ValueError, match=r"no character RNN .* cannot write on"):
        rnnlab.open("no recurrent one").sample("The")
    with pytest.raises(ValueError, match=r"no character RNN .* cannot read"):
        rnnlab.open("no recurrent one").read("The")


def test_every_network_that_writes_characters_writes_at_the_door() -> None:
    """Those of single tasks and those by hand, too; what chooses between labels does not."""
    labs = ROOT / "checkpoints" / "labs"
    for name in ("surname-1", "by-hand-stack-1"):
        assert len(rnnlab.open(labs / name).sample(length=20)) == 20
    with pytest.raises(ValueError, match="predicts the next character"):
        rnnlab.open(labs / "language-classic-2").sample("t")


def test_the_last_measured_loss_is_that_of_the_whole_part(store: RunStore) -> None:
    net = rnnlab.open("prose")
    measured = net.evaluate("validation")
    assert measured.loss == pytest.approx(net.history["val_loss"][-1], abs=1e-5)
    assert net.evaluate("training").characters > 5 * measured.characters
    with pytest.raises(ValueError, match="nothing to predict"):
        net.evaluate("test")
    with pytest.raises(ValueError, match="no part 'tests'"):
        net.evaluate("tests")


def test_it_says_what_it_is(store: RunStore) -> None:
    net = rnnlab.open("prose")
    assert net.run.id in repr(net)
    assert f"{net.run.status().val_loss:.4f}" in repr(net)
    assert isinstance(net.run, Run)


def test_unknown_names_are_a_sentence() -> None:
    with pytest.raises(AttributeError, match="no attribute 'opn'"):
        rnnlab.opn  # noqa: B018
    with pytest.raises(AttributeError, match=r"no figure 'heatmap'; there are .*units_heatmap"):
        figures.heatmap  # noqa: B018
    assert set(rnnlab.__all__) == set(dir(rnnlab))


def test_every_chart_has_its_name_at_the_door() -> None:
    """But for those of single labs, and what only lays out the figures of others."""
    charts = set()
    for path in (ROOT / "rnnlab" / "figures").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            gives = ast.unparse(node.returns) if getattr(node, "returns", None) else ""  # type: ignore[attr-defined]
            if isinstance(node, ast.FunctionDef) and gives == "go.Figure":
                charts.add(node.name)
    charts = {name for name in charts if not name.startswith("_")} - {"lay_out"}
    assert charts == set(figures.__all__)
    assert all(callable(getattr(figures, name)) for name in charts)


def test_type_checkers_are_told_of_the_same_charts() -> None:
    tree = ast.parse((ROOT / "rnnlab" / "figures" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    told = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(told) == set(figures.__all__)
    for name, module in told.items():
        assert getattr(figures, name).__module__ == module
