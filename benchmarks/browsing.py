"""How long a person waits in the browser, measured by the page itself from the click on."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.browser import go, open_page, seconds_until, settle
from benchmarks.lab import job_manager, train
from benchmarks.row import Row
from rnnlab.experiments.presets import PRESETS
from rnnlab.folders import PROJECT
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 5
UNITS, CHARACTERS = 128, 300
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
        with (
            tempfile.TemporaryDirectory() as runs,
            open_page(Path(runs), "train") as (page, server),
        ):
            _wait_for_warm_worker(server)
            start = page.get_by_role("button", name="Start", exact=True)
            rounds.append(seconds_until(page, start.click, _FIRST_LOSS))
    return _row("app/first-loss", rounds, 1.0)


def units_heatmap() -> Row:
    """Seconds from a click on the page Hidden units to its heatmap, 300 characters × 128 units.

    The session has drawn figures before. In the details also: the next part of the text.
    """
    rounds, later = [], []
    with _trained() as runs, open_page(runs, "hidden_units") as (page, _):
        _show_all_units(page)
        for _ in range(ROUNDS):
            go(page, "Runs")
            page.wait_for_selector(_HEATMAP, state="detached")
            page.wait_for_function("document.querySelector('.rnnlab-plot-figure')?._fullData")
            link = page.get_by_test_id("stSidebarNavLink").filter(has_text="Hidden units")
            rounds.append(seconds_until(page, link.click, _DRAWN))
            settle(page)
            start = page.locator(_HEATMAP).evaluate("el => el._fullData[0].x0") + CHARACTERS
            moved = _DRAWN.replace("return", f"return el?._fullData?.[0].x0 === {start} &&")
            later.append(
                seconds_until(
                    page, page.locator(".st-key-text_later button:visible").first.click, moved
                )
            )
            settle(page)
    return _row("units/heatmap", rounds, 1.0, next_part=later)


def another_unit() -> Row:
    """Seconds from a click on a row of the heatmap to the text and the line of that unit."""
    rounds = []
    with _trained() as runs, open_page(runs, "hidden_units") as (page, _):
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
            rounds.append(seconds_until(page, click, _SHOWN_UNIT.replace("%s", str(unit))))
            settle(page)
    return _row("units/another", rounds, 0.3)


def _row(name: str, rounds: list[float], limit: float, **more: list[float]) -> Row:
    return Row(name, statistics.median(rounds), "s", "limit", limit, {"rounds": rounds, **more})


def _show_all_units(page: Page) -> None:
    settle(page)
    page.get_by_role("combobox", name="Units at once", exact=True).click()
    page.get_by_role("option", name=str(UNITS), exact=True).click()
    page.wait_for_function(f"() => {{ {_DRAWN} }}")
    settle(page)


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
            made: Run = train(jobs, PRESETS["demo-30s"].config.replace(budget=5))
            shutil.copytree(made.folder, Path(folder) / made.id)
        yield Path(folder)
