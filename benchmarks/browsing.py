"""How long a person waits in the browser, measured by the page itself from the click on."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.lab import job_manager, train
from benchmarks.row import Row
from benchmarks.starting import free_port, is_healthy
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.folders import PROJECT
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 5
UNITS, CHARACTERS = 128, 300
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]

# Milliseconds from the click to the first frame in which a condition holds. The click is the next
# one of the mouse; `sees` is the body of a function, asked in every frame.
_STOPWATCH = """sees => {
  const holds = new Function(sees);
  window.rnnlabWaited = new Promise((resolve) => {
    const begin = () => {
      const began = performance.now();
      const look = () => {
        if (holds()) resolve(performance.now() - began);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    window.addEventListener("mousedown", begin, { capture: true, once: true });
  });
}"""
_FIRST_LOSS = """
  const metrics = [...document.querySelectorAll("[data-testid=stMetric]")];
  return metrics.some((m) => /Training loss[^]*\\d\\.\\d/.test(m.innerText));
"""
_HEATMAP = "[aria-label*='of the hidden units'].rnnlab-plot-figure"
_DRAWN = f"""
  const el = document.querySelector("{_HEATMAP}");
  const z = el?.querySelector(".heatmaplayer image") && el._fullData?.[0].z;
  return z && z.length === {UNITS} && z[0].length === {CHARACTERS};
"""
_SHOWN_UNIT = """
  const line = document.querySelector("[aria-label^='Line of'].rnnlab-plot-figure");
  const texts = [...document.querySelectorAll("[data-testid=stBidiComponentRegular], div")];
  window.rnnlabText ??= texts.map((e) => e.shadowRoot).find((r) => r?.querySelector(".colored"));
  const legend = window.rnnlabText.querySelector(".legend .low").textContent;
  return legend.includes("unit %s:") && line?._fullData?.[0].name === "unit %s";
"""


def first_loss() -> Row:
    """Seconds from a click on Start to the first loss on the page, with a warm worker."""
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as runs, _page(Path(runs), "train") as (page, server):
            _wait_for_warm_worker(server)
            start = page.get_by_role("button", name="Start", exact=True)
            rounds.append(_seconds(page, start.click, _FIRST_LOSS))
    return _row("app/first-loss", rounds, 1.0)


def units_heatmap() -> Row:
    """Seconds from a click on the page Hidden units to its heatmap, 300 characters × 128 units.

    The session has drawn figures before. In the details also: the next part of the text.
    """
    rounds, later = [], []
    with _trained() as runs, _page(runs, "hidden_units") as (page, _):
        _show_all_units(page)
        for _ in range(ROUNDS):
            _go(page, "Runs")
            page.wait_for_selector(_HEATMAP, state="detached")
            page.wait_for_function("document.querySelector('.rnnlab-plot-figure')?._fullData")
            link = page.get_by_test_id("stSidebarNavLink").filter(has_text="Hidden units")
            rounds.append(_seconds(page, link.click, _DRAWN))
            _settle(page)
            start = page.locator(_HEATMAP).evaluate("el => el._fullData[0].x0") + CHARACTERS
            moved = _DRAWN.replace("return", f"return el?._fullData?.[0].x0 === {start} &&")
            later.append(
                _seconds(page, page.locator(".st-key-text_later button:visible").first.click, moved)
            )
            _settle(page)
    return _row("units/heatmap", rounds, 1.0, next_part=later)


def another_unit() -> Row:
    """Seconds from a click on a row of the heatmap to the text and the line of that unit."""
    rounds = []
    with _trained() as runs, _page(runs, "hidden_units") as (page, _):
        _show_all_units(page)
        for number in range(2 * ROUNDS):
            row = 9 + 11 * number
            unit = page.locator(_HEATMAP).evaluate(f"el => el._fullData[0].y[{row}]")
            box = page.locator(f"{_HEATMAP} .nsewdrag").bounding_box()
            assert box is not None
            x, y = box["x"] + box["width"] / 2, box["y"] + (row + 0.5) / UNITS * box["height"]
            page.mouse.move(x, y)
            page.wait_for_selector(".hovertext")
            click = lambda x=x, y=y: page.mouse.click(x, y)  # noqa: E731 - of this round
            rounds.append(_seconds(page, click, _SHOWN_UNIT.replace("%s", str(unit))))
            _settle(page)
    return _row("units/another", rounds, 0.3)


def _row(name: str, rounds: list[float], limit: float, **more: list[float]) -> Row:
    return Row(name, statistics.median(rounds), "s", "limit", limit, {"rounds": rounds, **more})


def _seconds(page: Page, click: Callable[[], None], sees: str) -> float:
    page.evaluate(_STOPWATCH, sees)
    click()
    return page.evaluate("window.rnnlabWaited") / 1000


def _show_all_units(page: Page) -> None:
    _settle(page)
    page.get_by_role("combobox", name="Units at once", exact=True).click()
    page.get_by_role("option", name=str(UNITS), exact=True).click()
    page.wait_for_function(f"() => {{ {_DRAWN} }}")
    _settle(page)


def _go(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    _settle(page)


def _settle(page: Page) -> None:
    """Until the page has run to its end and drawn its figures."""
    page.wait_for_timeout(200)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(800)


@contextlib.contextmanager
def _page(runs: Path, name: str) -> Iterator[tuple[Page, psutil.Process]]:
    """A page of a fresh app in a browser, and the process of the app."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise OSError(
            "These rows are measured with Playwright; pip install -r requirements-dev.txt."
        ) from None
    chromium = _chromium()
    with _app(runs) as (url, server), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{url}/{name}")
        page.get_by_role("heading", level=1).wait_for()
        _settle(page)
        yield page, server
        browser.close()


def _chromium() -> str:
    named = os.environ.get("RNNLAB_BROWSER")
    found = named or shutil.which("chromium") or shutil.which("google-chrome")
    if not found or not Path(found).exists():
        raise OSError(
            "These rows are measured in Chromium, and none is installed; install one, or name it "
            "in the environment variable RNNLAB_BROWSER."
        )
    return found


@contextlib.contextmanager
def _app(runs: Path) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    server = psutil.Popen(
        [*command, "--server.port", str(port)],
        cwd=PROJECT,
        env={**os.environ, "RNNLAB_RUNS": str(runs)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not is_healthy(port):
            time.sleep(0.05)
        yield f"http://localhost:{port}", server
    finally:
        server.terminate()
        server.wait(30)


def _wait_for_warm_worker(server: psutil.Process) -> None:
    """Until the spare worker has loaded torch and rests."""
    while True:
        for child in server.children():
            if child.cpu_times().user > 0.5 and child.cpu_percent(interval=1.0) < 5:
                return
        time.sleep(0.1)


@contextlib.contextmanager
def _trained() -> Iterator[Path]:
    """A store with one run of 128 units: from the gallery, else trained now for some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        runs = RunStore(PROJECT / "checkpoints").gallery()
        run = next((run for run in runs if run.config.hidden_size == UNITS), None)
        if run is not None:
            shutil.copytree(run.folder, Path(folder) / run.folder.name)
            yield Path(folder)
            return
        with job_manager() as jobs:
            made: Run = train(jobs, PRESETS["demo-30s"].config.changed(budget=5))
            shutil.copytree(made.folder, Path(folder) / made.id)
        yield Path(folder)
