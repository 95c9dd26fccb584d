"""Surgery: a click on a bar takes its unit along, a click on a character exchanges it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.glass.conftest import Glass, ready


def test_a_click_on_a_bar_takes_its_unit_to_the_other_parts(glass: Glass) -> None:
    page = glass("surgery", surgery_part="Ranking")
    drawn = page.get_by_label("What holding each unit at its mean costs")
    bars = drawn.locator(".nsewdrag")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box is not None
    dearest = page.evaluate(
        "() => [...document.querySelectorAll('.rnnlab-plot-figure')]"
        ".find(el => el._fullLayout)._fullLayout.xaxis.categoryarray[0]"
    )
    page.mouse.click(box["x"] + box["width"] / 128 / 2, box["y"] + box["height"] * 0.8)
    button = page.get_by_role("button", name=f"Write again, with h of unit {dearest}", exact=True)
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_text(f"With h of unit {dearest} changed")).to_be_visible()
    ready(page)
    assert f"units={dearest}" in page.url
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_click_on_a_character_exchanges_that_one(glass: Glass) -> None:
    page = glass("surgery", surgery_part="Edit one character", surgery_place="20")
    text = page.locator(".colored .text")
    assert text.locator(".selected").get_attribute("data-i") == "20"
    text.locator("span[data-i='35']").click()
    expect(text.locator(".selected")).to_have_attribute("data-i", "35")
    expect(page.get_by_label("Exchange the character at", exact=True)).to_have_value("35")
    ready(page)
    assert "place=35" in page.url
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
