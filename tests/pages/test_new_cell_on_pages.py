"""Every page shows a cell that was added: where one is chosen, and for a run that has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components.gradient_check import torch
from rnnlab.network.cells import CELLS
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from tests.coupled_lstm import CoupledLSTM
from tests.pages.conftest import ROOT, TINY, OpenPage, train

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py"))
CELL, TITLE = CoupledLSTM.name, CoupledLSTM.title


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CELLS, CELL, CoupledLSTM)


@pytest.fixture
def run(empty_lab: Path) -> Run:
    """A run that has it, the only one of the lab."""
    store = RunStore(empty_lab / "checkpoints")
    return train(store, TINY.replace(cell=CELL), "A run of a new cell")


def test_every_page_opens_with_a_run_that_has_it(
    run: Run, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in PAGES:
        opened = open_page(page, run=run.id)
        assert not opened.error, (page, opened.error[0].value)


@pytest.mark.parametrize("part", ["Matrix", "Half-life", "Spectral radius", "Truncation"])
def test_gradients_through_time_show_it_among_all_cells(
    run: Run, open_page: OpenPage, part: str
) -> None:
    page = open_page("bptt", run=run.id, bptt_part=part, bptt_cells="All cells")
    assert not page.error


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
    page = open_page("gradient_check", gc_cell=CELL)
    assert not page.error
    assert TITLE in page.segmented_control(key="gc_cell").options
