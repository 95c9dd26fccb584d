"""What a prediction depends on: the past lights up under the mouse, and a click holds it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.glass.conftest import Glass, ready

HELD = re.compile(r"[?&]connectivity_t=140(&|$)")


def lit(text: Locator) -> list[int]:
    """The characters of a text that have a color."""
    return text.evaluate("el => [...el.children].flatMap((c, i) => c.style.background ? [i] : [])")


def focus(page: Page, panel: int = 0) -> Locator:
    return page.locator(".panel .text").nth(panel).locator(".focus")


def test_the_past_of_a_character_lights_up_and_a_click_holds_it(glass: Glass) -> None:
    sent: list[object] = []
    page = glass("connectivity", run="gallery/shakespeare-lstm", at="100")
    page.on("websocket", lambda socket: socket.on("framesent", sent.append))
    expect(page.locator(".panel")).to_have_count(3)
    texts = [page.locator(".panel .text").nth(k) for k in range(3)]
    first = texts[0]
    first.scroll_into_view_if_needed()
    first.locator("[data-i='30']").hover()
    for panel, text in enumerate(texts):
        expect(focus(page, panel)).to_have_attribute("data-i", "30")
        assert lit(text) == list(range(30))
    expect(page.locator(".pasts .tip")).to_contain_text("depends most on")
    expect(page.locator(".said").first).to_contain_text("Really came:")
    assert not sent  # all of that happened in the browser

    first.locator("[data-i='40']").click()
    first.locator("[data-i='20']").hover()
    expect(focus(page)).to_have_attribute("data-i", "40")
    expect(page.locator(".pasts .tip")).to_contain_text("20 characters before")
    page.wait_for_url(HELD)
    ready(page)
    assert lit(texts[2]) == list(range(40))

    first.focus()
    for position in (141, 142):
        page.keyboard.press("ArrowRight")
        page.wait_for_url(re.compile(rf"[?&]connectivity_t={position}(&|$)"))
        ready(page)
    expect(focus(page, 2)).to_have_attribute("data-i", "42")
    page.keyboard.press("Escape")
    first.locator("[data-i='50']").hover()
    expect(focus(page, 1)).to_have_attribute("data-i", "50")
    page.wait_for_url(re.compile(r"^((?![?&]connectivity_t=).)*$"))


def test_occlusion_has_the_same_hover_with_its_own_numbers(glass: Glass) -> None:
    page = glass("connectivity", at="100", connectivity_t="140", color_scheme="dark")
    text = page.locator(".panel .text").first
    expect(focus(page)).to_have_attribute("data-i", "40")
    expect(page.locator(".legend .what")).to_have_text("gradient:")
    page.get_by_role("radio", name="occlusion").click()
    expect(page.locator(".legend .what")).to_have_text("occlusion:")
    ready(page)
    expect(page.locator(".said .rank").first).to_contain_text("rank correlation")
    assert lit(text) == list(range(40))
    text.locator("[data-i='38']").hover()
    expect(page.locator(".pasts .tip")).to_contain_text("occlusion: ")
    expect(page.locator(".pasts .tip")).to_contain_text("probable, by")
    maps = page.get_by_label("how much each predicted character depends").locator(".nsewdrag").first
    maps.scroll_into_view_if_needed()
    box = maps.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 59.5 / 119 * box["height"])
    expect(focus(page)).to_have_attribute("data-i", "60")
