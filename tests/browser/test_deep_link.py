"""A link into a server that has served nobody yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rnnlab.runs.store import RunStore
from tests.pages.conftest import TINY, train
from tests.serving import ROOT, serve

HEADINGS = {
    "": "RNN Lab",
    "start": "RNN Lab",
    "home": "RNN Lab",
    "generate": "Generate",
    "hidden_units?unit=3": "Hidden units",
}


@pytest.mark.parametrize("link", HEADINGS)
def test_link_into_a_fresh_server(link: str, new_page: Callable[..., Page], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    with serve(runs, ROOT / "data") as server:
        page = new_page()
        page.goto(f"{server.url}/{link}")
        expect(page.get_by_test_id("stMain").get_by_role("heading", level=1)).to_have_text(
            HEADINGS[link]
        )
        for title in ("Start", "Hidden units"):
            listed = page.get_by_test_id("stSidebarNavLink").filter(has_text=title)
            expect(listed).to_have_count(1)
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url == f"{server.url}/{link}"


def test_link_to_a_run_into_a_fresh_server(new_page: Callable[..., Page], tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    asked, _newer = (train(store, TINY, name) for name in ("The one of the link", "A newer one"))
    with serve(store.root, ROOT / "data") as server:
        page = new_page()
        page.goto(f"{server.url}/generate?run={asked.id}")
        run = page.get_by_test_id("stMain").get_by_role("combobox", name="Run", exact=True)
        expect(run).to_have_value(asked.name)
        assert page.url == f"{server.url}/generate?run={asked.id}"
