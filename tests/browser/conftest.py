"""A real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium: RNNLAB_BROWSER, or one that is installed."""
    named = os.environ.get("RNNLAB_BROWSER")
    if named:
        assert Path(named).exists(), f"RNNLAB_BROWSER names {named}, which does not exist"
        return named
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium is installed and RNNLAB_BROWSER names none")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests."""
    expect.set_options(timeout=30_000)  # a busy machine takes seconds for a page
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def is_ours(url: str) -> bool:
    """Whether an address is of this computer, or none at all, such as a picture in place."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", None)


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """One for light and one for dark, for all tests: what a browser has fetched once stays. Each
    page is a session of the app of its own all the same."""
    opened: dict[str, BrowserContext] = {}

    def context(color_scheme: str) -> BrowserContext:
        if color_scheme not in opened:
            size = {"width": 1440, "height": 900}
            opened[color_scheme] = browser.new_context(color_scheme=color_scheme, viewport=size)
        return opened[color_scheme]

    yield context
    for each in opened.values():
        each.close()


@pytest.fixture
def new_page(contexts: Callable[[str], BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Opens pages, each a session of the app of its own.

    Errors of their scripts, dialogs, which only a text that came alive would open, and whatever
    they ask of another computer fail the test.
    """
    pages, errors = [], []

    def open_page(color_scheme: str = "light") -> Page:
        page = contexts(color_scheme).new_page()
        pages.append(page)
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"dialog {dialog.message}"))
        page.on("request", lambda asked: None if is_ours(asked.url) else errors.append(asked.url))
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not errors, f"errors in the browser: {errors}"
