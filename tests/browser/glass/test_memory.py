"""Memory, measured: what is under the mouse, and what a click on a curve's name does."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.glass.conftest import Glass


def test_every_network_tells_its_loss_where_the_mouse_is(glass: Glass) -> None:
    page = glass("memory")
    figure = page.get_by_label("Loss against the number of characters").locator(".nsewdrag")
    box = figure.first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".hovertext, .hoverlayer .legend").first).to_be_visible()
    shown = page.locator(".hoverlayer").first.text_content()
    assert shown is not None
    assert "The Honest Clock" in shown or "LSTM" in shown
