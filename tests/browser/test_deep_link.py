"""A link into a server that has served nobody yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.serving import ROOT, serve

HEADINGS = {"generate": "Generate", "hidden_units?unit=3": "Hidden units", "start": "RNN Lab"}


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
        expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(6)
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url == f"{server.url}/{link}"
