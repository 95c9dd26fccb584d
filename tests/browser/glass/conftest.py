"""The gallery of the lab, open in a server of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.serving import ROOT, Server, serve

PLAY = "gallery/play-lstm"  # its text ships, so it can be looked at on any machine
DRAWN = (
    "() => [...document.querySelectorAll('.rnnlab-plot-figure')]"
    ".every(el => el._fullLayout?.width > 100)"
)

Glass = Callable[..., Page]


@pytest.fixture(scope="session")
def gallery_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with the runs that ship and nothing else."""
    runs = tmp_path_factory.mktemp("glass") / "runs"
    shutil.copytree(ROOT / "checkpoints" / "gallery", runs / "gallery")
    with serve(runs, ROOT / "data") as started:
        yield started


@pytest.fixture
def glass(gallery_server: Server, new_page: Callable[..., Page]) -> Glass:
    """Opens a page of the section Under the glass, by default with the run of the play.

    `glass("loss", color_scheme="dark", at="300")`: what stands in the address, by keyword.
    """

    def opened(name: str, *, color_scheme: str = "light", run: str = PLAY, **query: str) -> Page:
        page = new_page(color_scheme)
        asked = "&".join(f"{key}={value}" for key, value in {"run": run, **query}.items())
        page.goto(f"{gallery_server.url}/{name}?{asked}")
        ready(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        return page

    return opened


def ready(page: Page) -> None:
    """Wait until the page has run to its end and all its figures are drawn."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_function(DRAWN)
