"""The choice of a trained network offers only those that the page can look at."""

from __future__ import annotations

import pytest

from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage

OTHER = "A GRU on Reber's grammar"
on_both = pytest.mark.parametrize("page_name", ["generate", "hidden_units"])


@pytest.fixture
def another_task(small_lab: RunStore, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of the runs learned to do something else than to write; its id."""
    writes = property(lambda run: run.name != OTHER)
    monkeypatch.setattr(Run, "writes_text", writes)
    return next(run.id for run in small_lab.runs() if run.name == OTHER)


@on_both
def test_only_networks_that_write_are_offered(
    another_task: str, open_page: OpenPage, page_name: str
) -> None:
    page = open_page(page_name)
    (picker,) = (box for box in page.selectbox if box.label == "Run")
    assert len(picker.options) == 2
    assert not any(OTHER in option for option in picker.options)


@on_both
def test_a_link_to_another_network_says_where_it_belongs(
    another_task: str, open_page: OpenPage, page_name: str
) -> None:
    page = open_page(page_name, run=another_task)
    assert "no character RNN that writes on from a text" in page.warning[0].value
    assert not page.exception


def test_two_texts_are_compared_among_networks_that_write(
    another_task: str, open_page: OpenPage
) -> None:
    page = open_page("generate")
    page.toggle(key="generate_compare").set_value(True).run()
    assert OTHER not in page.selectbox(key="generate_other_run").options
