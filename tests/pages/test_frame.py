"""What holds for every page: numbers of the address, and the run that goes along."""

from __future__ import annotations

import pytest
import streamlit as st

from pages.components.navigation import navigation
from rnnlab.runs.store import RunStore
from tests.pages.conftest import ROOT, OpenPage


def test_every_page_is_in_the_side_bar_and_every_entry_has_its_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(st, "Page", lambda path, url_path, **more: url_path)
    listed = {address for section in navigation().values() for address in section}
    assert listed - {""} == {path.stem for path in (ROOT / "pages").glob("[a-z]*.py")}


@pytest.mark.parametrize(
    ("page", "name"),
    [("one_step", "unit"), ("hidden_units", "unit"), ("time_machine", "time_seed")],
)
@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_a_number_beyond_all_numbers_in_the_address_is_forgotten(
    small_lab: RunStore, open_page: OpenPage, page: str, name: str, number: str
) -> None:
    opened = open_page(page, **{name: number})
    assert not opened.exception
    assert not opened.error


def test_the_run_of_one_page_is_that_of_the_next(small_lab: RunStore, open_page: OpenPage) -> None:
    run_id = next(run.id for run in small_lab.runs() if run.name == "A GRU on Reber's grammar")
    app = open_page("one_step", run=run_id)
    for page in ("surgery", "hidden_units"):
        del app.query_params["run"]  # as a click in the side bar does
        app.switch_page(f"pages/{page}.py").run()
        assert app.selectbox("run_picked").value == run_id
        assert app.query_params["run"] in (run_id, [run_id])


def test_a_run_that_was_deleted_since_is_not_missed(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run_id = next(run.id for run in small_lab.runs() if run.name == "An LSTM on the play")
    app = open_page("one_step", run=run_id)
    small_lab.delete(run_id)
    del app.query_params["run"]
    app.switch_page("pages/hidden_units.py").run()
    assert not app.exception
    assert app.selectbox("run_picked").value != run_id
