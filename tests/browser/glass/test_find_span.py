"""Find a unit, by example: two clicks mark a span, a click on a match makes it the example."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.glass.conftest import Glass, ready


def test_two_clicks_mark_a_span_and_a_match_becomes_the_example(glass: Glass) -> None:
    page = glass("find_unit", look="By example", at="3000", tau="0.1", steps_before="0")
    text = page.get_by_label("Text, colored by selected units on")
    signs = text.locator("[data-i]")
    signs.nth(52).click()
    expect(page.get_by_text("Now click its last character")).to_be_visible()
    signs.nth(50).click()
    expect(page).to_have_url(re.compile("span=50&span=52"))
    expect(text.locator(".span")).to_have_count(3)
    ready(page)
    match = page.locator(".matches li").first
    run = match.locator(".run").text_content()
    match.click()
    expect(page).not_to_have_url(re.compile("at=3000"))
    ready(page)
    marked = text.locator(".span").all_text_contents()
    assert "".join(marked).replace("\n", "") == (run or "").replace("\u00a0", " ")
