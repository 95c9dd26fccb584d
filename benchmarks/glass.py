"""How long the pages Under the glass take to answer, with a run of the gallery."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.browser import go, open_page, seconds_until, settle
from benchmarks.row import Row
from rnnlab.folders import PROJECT

LIMIT = 1.0  # seconds
_ROUNDS = 3
_TITLES = {
    "loss": "What a loss means",
    "find_unit": "Find a unit",
    "surgery": "Surgery",
    "time_machine": "Time machine",
    "bptt": "Gradients through time",
    "connectivity": "What a prediction depends on",
    "one_step": "One cell, one step",
    "memory": "Memory, measured",
    "gradient_check": "Gradient check theatre",
    "two_models": "Two models, one text",
}
# The page is there: it ran to its end, and each of its figures is drawn.
_THERE = """
  const app = document.querySelector("[data-testid=stApp]");
  const figures = [...document.querySelectorAll(".rnnlab-plot-figure")];
  return document.querySelector("h1")?.innerText === "%s"
    && app.dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-testid=stSkeleton]")
    && document.querySelector("[data-testid=stMain] [data-testid^=stBidiComponent]")
    && figures.every((el) => el._fullLayout?.width > 100);
"""


def opened(name: str) -> Row:
    """Seconds from a click in the side bar to a page with all its figures.

    The value is of a page that was open before, as its results are remembered; `first` in the
    details is the first time, when everything is computed.
    """
    title = _TITLES[name]
    there = _THERE % title
    with _gallery() as runs, open_page(runs, "hidden_units") as (page, _):
        link = page.get_by_test_id("stSidebarNavLink").filter(has_text=title)
        first = seconds_until(page, link.click, there)
        rounds = []
        for _ in range(_ROUNDS):
            settle(page)
            go(page, "Hidden units")
            rounds.append(seconds_until(page, link.click, there))
    details = {"first": first, "rounds": rounds}
    return Row(f"glass/{name}", statistics.median(rounds), "s", "limit", LIMIT, details)


@contextmanager
def _gallery() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        shutil.copytree(PROJECT / "checkpoints" / "gallery", runs / "gallery")
        yield runs


GLASS: dict[str, Callable[[], Row]] = {f"glass/{name}": partial(opened, name) for name in _TITLES}
