"""Every page shows a cell that was added: where one is chosen, and for a run that has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.components.gradient_check import torch
from rnnlab.network.cells import CELLS
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from tests.coupled_lstm import CoupledLSTM
from tests.pages.conftest import ROOT, TINY, OpenPage, run_named, said, train

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py"))
CELL, TITLE = CoupledLSTM.name, CoupledLSTM.title


@pytest.fixture(scope="module", autouse=True)
def registered() -> Iterator[None]:
    """The cell is there while these tests run, and no longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CELLS, CELL, CoupledLSTM)
        yield


@pytest.fixture(scope="module")
def trained_once(registered: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run that has it."""
    store = RunStore(tmp_path_factory.mktemp("new_cell"))
    train(store, TINY.replace(cell=CELL), "A run of a new cell")
    return store.root


@pytest.fixture
def run(empty_lab: Path, trained_once: Path) -> Run:
    """The run of the new cell, the only one of the lab."""
    shutil.copytree(trained_once, empty_lab / "checkpoints", dirs_exist_ok=True)
    return run_named(RunStore(empty_lab / "checkpoints"), "A run of a new cell")


@pytest.mark.thorough
def test_every_page_opens_with_a_run_that_has_it(run: Run, open_page: OpenPage) -> None:
    for page in PAGES:
        opened = open_page(page, run=run.id)
        assert not opened.error, (page, opened.error[0].value)


@pytest.mark.parametrize("part", ["Matrix", "Spectral radius", "Truncation"])
def test_gradients_through_time_are_drawn_of_it(run: Run, open_page: OpenPage, part: str) -> None:
    page = open_page("bptt", run=run.id, bptt_part=part)
    assert page.segmented_control(key="bptt_part").value == part
    assert not page.error


def test_half_lives_are_told_of_it_among_all_cells(run: Run, open_page: OpenPage) -> None:
    page = open_page("bptt", run=run.id, bptt_part="Half-life", bptt_cells="All cells")
    (table,) = page.dataframe
    names = table.value.iloc[:, 0].tolist()
    assert names == [*(f"{cell.title}, fresh" for cell in CELLS.values()), run.name]


def test_one_step_shows_its_equations_its_ledger_and_its_source(
    run: Run, open_page: OpenPage
) -> None:
    page = open_page("one_step", run=run.id)
    assert "f_t &= 1 - i_t" in page.latex[0].value
    assert "c = clamp" in page.code[0].value
    shown = {each.label for each in page.metric}
    assert "Sum of the ledger" in shown
    assert any("Greff" in each.value for each in page.caption)


def test_it_can_be_chosen_for_a_run_and_for_a_gradient_check(
    empty_lab: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "ask", lambda setting: None)
    cell = open_page("train").selectbox(key="train_cell")
    assert TITLE in cell.options
    page = open_page("gradient_check", gc_cell=TITLE)
    assert page.segmented_control(key="gc_cell").value == CELL
    assert not page.error
    page.segmented_control(key="gc_act").set_value("A wrong function").run()
    assert not page.exception
    assert "taken for a Coupled LSTM" in said(page)
    page.segmented_control(key="gc_act").set_value("Find the bug").run()
    assert not page.exception
