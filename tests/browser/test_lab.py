"""A lab from start to finish in a real browser: settings, training, losses, text, units, report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from rnnlab.experiments.experiment import LABS
from rnnlab.runs.results import epoch_losses
from rnnlab.runs.store import RunStore
from tests.browser.test_journey import main, ready
from tests.serving import ROOT, Server, serve

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Iterator[Server]:
    """A fresh app with Tiny Shakespeare and no runs at all."""
    runs = tmp_path_factory.mktemp("lab") / "runs"
    runs.mkdir()
    with serve(runs, ROOT / "data") as started:
        yield started


def test_lab_1_from_start_to_finish(server: Server, new_page: Opener, tmp_path: Path) -> None:
    page = new_page()
    page.goto(server.url)
    ready(page)
    page.get_by_test_id("stSidebarNavLink").filter(has_text=LABS["step_by_step"].title).click()
    expect(_step(page, "12. Analysis")).to_be_visible()
    ready(page)
    _choose_tiny_settings(page)
    _train(page, server)
    _generate(page)
    _watch_units(page)
    report = _download(page, tmp_path)
    _read(report, new_page())


def _choose_tiny_settings(page: Page) -> None:
    """Step 5: a network that learns within seconds."""
    _move(page, "Hidden size", "Home", 1)
    _move(page, "Use only the first characters", "ArrowLeft", 3)
    _move(page, "Epochs", "ArrowLeft", 1)
    expect(main(page).get_by_text(re.compile(r"2 epochs, in"))).to_be_visible()
    expect(main(page).get_by_text("18,000")).to_be_visible()  # characters of the training part


def _move(page: Page, label: str, key: str, times: int) -> None:
    slider = main(page).get_by_role("group", name=label, exact=True).get_by_role("slider")
    expect(slider).to_be_visible()
    for _ in range(times):
        slider.press(key)
    ready(page)


def _train(page: Page, server: Server) -> None:
    """Steps 8 and 9: it trains, and its losses stand in the table of the epochs."""
    main(page).get_by_role("button", name="2. Run it").click()
    test = main(page).get_by_test_id("stMetric").filter(has_text="Test loss at the end")
    expect(test.get_by_test_id("stMetricValue")).to_have_text(
        re.compile(r"\d\.\d{3}"), timeout=60_000
    )
    (run,) = RunStore(server.runs).runs()
    assert run.status().state == "finished"
    losses = epoch_losses(run)
    assert (len(losses.training), len(losses.validation)) == (2, 2)
    expect(test.get_by_test_id("stMetricValue")).to_have_text(f"{losses.test:.3f}")
    expect(_step(page, "12. Analysis")).to_be_visible()
    expect(main(page).get_by_text(f"to {losses.training[-1]:.3f} in the last")).to_be_visible()
    ready(page)


def _generate(page: Page) -> None:
    """Step 10: it writes on after a seed text; unknown characters are named."""
    seed = main(page).get_by_role("textbox", name="Seed text")
    seed.fill("Good ☃")
    seed.press("Control+Enter")
    expect(main(page).get_by_text("'☃'")).to_be_visible()
    seed.fill("Good morrow, ")
    seed.press("Control+Enter")
    expect(page.locator(".player .text")).to_contain_text("Good morrow, ")
    page.get_by_role("button", name="All at once").click()
    expect(page.locator(".player .count")).to_have_text("300 of 300")


def _watch_units(page: Page) -> None:
    """Step 11: the heatmap over the text that it wrote; a click on a row shows that unit."""
    main(page).get_by_role("radio", name="writes", exact=True).click()
    ready(page)
    expect(main(page).get_by_text("It reads the validation part")).to_have_count(0)
    heatmap = page.locator(".rnnlab-plot-figure:has(.heatmaplayer image)").first
    heatmap.scroll_into_view_if_needed()
    rows = heatmap.evaluate("el => el._fullData[0].y.length")
    unit = heatmap.evaluate("el => el._fullData[0].y[3]")
    box = heatmap.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 3.5 / rows * box["height"])
    expect(page.locator(".legendtext").filter(has_text=f"unit {unit}")).to_be_visible()


def _download(page: Page, folder: Path) -> Path:
    """Step 12: the report, with a remark that must stay text."""
    remarks = main(page).get_by_role("textbox", name="Your own remarks")
    remarks.fill("<img src=x onerror=alert(1)> I agree.")
    remarks.press("Control+Enter")
    expect(main(page).get_by_text("The report ends with your remarks")).to_be_visible()
    ready(page)
    with page.expect_download() as download:
        main(page).get_by_role("button", name="Download the report").click()
    path = folder / "report.html"
    download.value.save_as(path)
    return path


def _read(report: Path, page: Page) -> None:
    """The file opens alone, draws its figures and fetches nothing."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    expect(page.locator("figure .main-svg").first).to_be_visible()
    expect(page.locator("figure:has(.main-svg)")).to_have_count(3)
    expect(page.locator("pre").last).to_have_text("<img src=x onerror=alert(1)> I agree.")
    expect(page.locator("pre").first).to_contain_text("Good morrow, ")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def _step(page: Page, title: str) -> Locator:
    return main(page).get_by_role("heading", name=title)
