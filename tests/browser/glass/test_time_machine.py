"""Time machine: the film plays, stops, and goes where it is asked to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.glass.conftest import Glass


def place_of_marker(page: Page) -> float:
    """Where the marker stands on the loss curve, in pixels."""
    moved = page.locator(".machine .marker").get_attribute("transform")
    found = re.match(r"translate\(([\d.]+)", moved or "")
    assert found is not None
    return float(found[1])


def test_it_plays_by_itself_and_stops(glass: Glass) -> None:
    page = glass("time_machine")
    when, sample = page.locator(".machine .when"), page.locator(".machine .present")
    expect(when).to_have_text("After 0 updates")
    start, untrained = place_of_marker(page), sample.text_content()
    colors = "els => els.map(el => el.style.background).join()"
    letters = page.locator(".machine .reading span")
    colored = letters.evaluate_all(colors)
    page.get_by_role("button", name="Play").click()
    expect(when).to_have_text("After 8 updates")
    page.get_by_role("slider", name="Speed").press("End")  # 12 moments a second
    expect(page.locator(".machine .rate")).to_have_text("12 moments/s")
    expect(when).to_have_text("After 4,920 updates")
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # it ends by itself
    expect(page).to_have_url(re.compile("moment=4920"))
    page.get_by_role("button", name="Play").click()  # from the beginning again
    expect(when).not_to_have_text("After 4,920 updates")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stopped = when.text_content()
    assert place_of_marker(page) > start
    assert sample.text_content() != untrained
    assert letters.evaluate_all(colors) != colored
    page.wait_for_timeout(300)  # longer than a moment lasts
    expect(when).to_have_text(stopped or "")


def test_slider_keys_curve_and_text_choose(glass: Glass) -> None:
    page = glass("time_machine", moment="128", place="3")
    when = page.locator(".machine .when")
    expect(when).to_have_text("After 128 updates")
    page.get_by_role("slider", name="Moment of training").press("End")
    expect(when).to_have_text("After 4,920 updates")
    expect(page.locator(".machine .present")).to_have_text(
        page.locator(".machine .final").text_content() or ""
    )
    expect(page).to_have_url(re.compile("moment=4920"))
    page.locator(".machine .reading").press("ArrowLeft")
    expect(when).to_have_text("After 4,096 updates")
    letter = page.locator(".machine .reading span[data-i='20']")
    letter.click()
    expect(page.locator(".machine .question")).to_contain_text(letter.text_content() or "")
    expect(page).to_have_url(re.compile("place=20"))
    page.locator(".machine .curve").click(position={"x": 48, "y": 40})
    expect(when).to_have_text("After 0 updates")
