"""Find a unit: a click on a bar shows that unit, and a finding opens in one click."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.glass.conftest import Glass, ready


def test_a_click_on_a_bar_colors_the_text_by_that_unit(glass: Glass) -> None:
    page = glass("find_unit", feature="vowel")
    figure = page.get_by_label("The units with the largest correlation").locator(".nsewdrag").first
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + box["height"] * 1.5 / 12)  # the second of 12 bars
    page.wait_for_url("**shown=**")
    ready(page)
    shown = page.get_by_role("combobox", name="Unit shown below").input_value()
    expect(page.get_by_role("heading", name=f"The text, colored by {shown}")).to_be_visible()
    expect(page.locator(".text span.marked").first).to_be_visible()


def test_a_finding_opens_in_one_click(glass: Glass) -> None:
    page = glass("find_unit")
    cards = page.get_by_test_id("stExpander").first
    cards.get_by_role("button", name="Show").last.click()  # quotes in the play: no unit follows
    expect(page.get_by_text("No unit follows this feature better than chance")).to_be_visible()
    expect(page.get_by_role("combobox", name="Find a unit for")).to_have_value("in quotes")
