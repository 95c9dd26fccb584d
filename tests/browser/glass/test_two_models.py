"""Two models, one text: what stands under the mouse, and another kind of passages."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.glass.conftest import PLAY, Glass, ready


def test_a_character_tells_what_each_network_expected(glass: Glass) -> None:
    page = glass("two_models", other=PLAY, other_snapshot="64", text="Unseen")
    page.locator(".colored .text span").nth(40).hover()
    tip = page.locator(".colored .tip")
    expect(tip).to_contain_text("A gave it")
    expect(tip).to_contain_text("B gave it")
    before = page.locator(".passages li").first.text_content()
    page.get_by_role("radio", name="Hardest for B").click()
    expect(page.get_by_text("bits for B")).to_be_visible()
    ready(page)
    assert page.locator(".passages li").first.text_content() != before
