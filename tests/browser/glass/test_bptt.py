"""Gradients through time: hover, a click on a row, and the slider that moves the eigenvalues."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.glass.conftest import Glass, ready

MATRIX = "Whose loss reaches which step"


def on_the_figure(page: Page, name: str, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a share of the first panel of a figure lies."""
    panel = page.get_by_label(name).locator(".nsewdrag").first
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    assert box is not None
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_a_cell_of_the_matrix_tells_its_gradient_and_a_click_shows_its_row(glass: Glass) -> None:
    page = glass("bptt", at="300")
    page.mouse.move(*on_the_figure(page, MATRIX, 0.2, 0.5))
    hover = page.locator(".hoverlayer .hovertext").first
    expect(hover).to_contain_text("loss at t = 34")
    expect(hover).to_contain_text(re.compile(r"‖ = \d\.\d\de-"))
    page.mouse.click(*on_the_figure(page, MATRIX, 0.2, 0.5))
    expect(page).to_have_url(re.compile("t=34"))
    ready(page)
    expect(page.get_by_role("slider", name="Loss at t")).to_have_value(re.compile("34"))


def test_the_eigenvalues_follow_the_slider(glass: Glass) -> None:
    page = glass("bptt", bptt_part="Spectral radius", bptt_radius="1.95", color_scheme="dark")
    expect(page.get_by_text("Half-life at 1.95")).to_be_visible()
    figure = '.rnnlab-plot-figure[aria-label^="Eigenvalues"]'
    widest = f"() => Math.max(...document.querySelector('{figure}')._fullData[1].customdata)"
    assert abs(page.evaluate(widest) - 1.95) < 1e-3
    slider = page.get_by_role("slider", name="Spectral radius")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_text("Half-life at 2", exact=True)).to_be_visible()
    ready(page)
    assert abs(page.evaluate(widest) - 2) < 1e-3
