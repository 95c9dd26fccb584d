"""One cell, one step: stepping and clicking move the frame, the numbers and the address."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.glass.conftest import Glass, ready


def framed(page: Page) -> int:
    """Which character of the text is framed, from the beginning of the text."""
    text = page.get_by_label(re.compile("colored by c of unit"))
    return int(text.locator(".selected").get_attribute("data-i") or -1)


def equations(page: Page) -> str:
    return page.locator(".katex-html").first.inner_text()


def test_stepping_and_clicking_move_the_frame_and_the_numbers(glass: Glass) -> None:
    page = glass("one_step", one_step_t="50")
    assert framed(page) == 50
    seen = {equations(page)}
    page.get_by_role("button", name="Next Shortcut").click()
    expect(page).to_have_url(re.compile(r"[?&]one_step_t=51\b"))
    ready(page)
    assert framed(page) == 51
    seen.add(equations(page))
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"[?&]one_step_t=52\b"))
    ready(page)
    assert framed(page) == 52
    seen.add(equations(page))
    text = page.get_by_label(re.compile("colored by c of unit"))
    text.locator("[data-i='70']").click()
    expect(page).to_have_url(re.compile(r"[?&]one_step_t=70\b"))
    ready(page)
    assert framed(page) == 70
    assert len(seen | {equations(page)}) == 4


def test_clicks_open_a_sum_and_go_back_to_a_unit_that_added_to_it(glass: Glass) -> None:
    page = glass("one_step", one_step_t="50", unit="7")
    expect(page.get_by_role("heading", name="What the memory says to f")).to_be_visible()
    figure = page.get_by_label("What input, memory and biases add")
    figure.locator(".bars .point path").last.click(force=True)
    expect(page.get_by_role("heading", name="What the memory says to o")).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]gate=o\b"))
    ready(page)
    units = page.get_by_label("The units of the previous step that add most")
    name = units.locator(".ytick text").last.text_content() or ""  # the axis runs downwards
    units.locator(".bars .point path").first.click(force=True)
    expect(page).to_have_url(re.compile(rf"[?&]{name.replace(' ', '=')}\b"))
    expect(page).to_have_url(re.compile(r"[?&]one_step_t=49\b"))
