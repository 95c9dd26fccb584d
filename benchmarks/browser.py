"""A page of the lab in a real browser, and a stopwatch that runs in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.starting import free_port, is_healthy
from rnnlab.folders import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


def seconds_until(page: Page, click: Callable[[], None], sees: str) -> float:
    """Seconds from a click to the first frame in which a condition holds.

    Args:
        sees: the body of a JavaScript function, asked in every frame.
    """
    page.evaluate(_STOPWATCH, sees)
    click()
    return page.evaluate("window.rnnlabWaited") / 1000


def go(page: Page, title: str) -> None:
    """To a page through the side bar."""
    page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    settle(page)


def settle(page: Page) -> None:
    """Until the page has run to its end and drawn its figures."""
    page.wait_for_timeout(200)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(800)


@contextlib.contextmanager
def open_page(runs: Path, name: str) -> Iterator[tuple[Page, psutil.Process]]:
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
        settle(page)
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
