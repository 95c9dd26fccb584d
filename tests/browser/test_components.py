"""The components in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.components.browser.bridge import publish
from tests.serving import ROOT, free_port, is_healthy, wait_until

Opener = Callable[..., Page]
PLOT = ".rnnlab-plot-figure"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that shows one of each component, with the settings of the app."""
    folder = tmp_path_factory.mktemp("components")
    shutil.copy(Path(__file__).with_name("components_app.py"), folder / "app.py")
    publish.__wrapped__(folder / "static")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py")]
    command += ["--server.headless", "true", "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_healthy(port), 30, "the server answers")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def show(page: Page, url: str, view: str) -> None:
    """Open the page and choose what it shows."""
    page.goto(url)
    page.get_by_role("radio", name=view, exact=True).click()


def look(page: Page, expression: str) -> object:
    """A JavaScript expression about the figure `el`."""
    return page.locator(PLOT).first.evaluate(f"el => {expression}")


def settled(page: Page, expression: str) -> None:
    """Wait until an expression about the figure `el` is true."""
    script = f"() => {{ const el = document.querySelector('{PLOT}'); return el && ({expression}) }}"
    page.wait_for_function(script)


def points(page: Page) -> int:
    """How many points the first curve has now."""
    return int(look(page, "el._fullData[0].y.length"))


def test_zoom_and_hidden_curves_survive_new_data(url: str, new_page: Opener) -> None:
    page = new_page()
    show(page, url, "live")
    settled(page, "el._fullLayout && el.querySelector('.legend .traces')")
    page.locator(".legendtoggle").nth(1).click()
    settled(page, "el._fullData[1].visible === 'legendonly'")
    box = page.locator(f"{PLOT} .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 120, steps=4)
    page.mouse.up()
    settled(page, "!el._fullLayout.xaxis.autorange")
    zoomed = look(page, "[...el._fullLayout.xaxis.range, ...el._fullLayout.yaxis.range]")
    before = points(page)
    settled(page, f"el._fullData[0].y.length >= {before + 10}")  # two updates later
    assert look(page, "[...el._fullLayout.xaxis.range, ...el._fullLayout.yaxis.range]") == zoomed
    assert look(page, "el._fullData[1].visible") == "legendonly"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_take_the_colors_of_the_theme(url: str, new_page: Opener, scheme: str) -> None:
    page = new_page(scheme)
    show(page, url, "live")
    settled(page, "el._fullData?.length === 2")
    expected = {"light": "#0b63c4", "dark": "#62a8ff"}[scheme]
    assert look(page, "el._fullData[0].line.color") == expected
    ink = {"light": "#18212e", "dark": "#e8edf3"}[scheme]
    assert look(page, "el._fullLayout.font.color") == ink
    assert page.locator(PLOT).get_attribute("aria-label") == "Loss"


def test_no_button_of_a_figure_sends_it_away(url: str, new_page: Opener) -> None:
    page = new_page()
    show(page, url, "live")
    settled(page, "el.querySelector('.modebar-btn')")
    buttons = page.locator(f"{PLOT} .modebar-btn")
    titles = buttons.evaluate_all("els => els.map(el => el.dataset.title)")
    assert titles == ["Zoom", "Pan", "Zoom in", "Zoom out", "Reset axes"]  # no share, no studio
    assert page.locator(f"{PLOT} a[href]").count() == 0


def test_a_click_tells_unit_and_position_in_any_order(url: str, new_page: Opener) -> None:
    page = new_page()
    show(page, url, "units")
    page.get_by_text("Heatmap").click()
    settled(page, "el.querySelector('.heatmaplayer image')")
    box = page.locator(f"{PLOT} .nsewdrag").bounding_box()
    assert box is not None
    row, column = 20, 150  # the order is reversed: row 20 is unit 107
    x = box["x"] + (column + 0.5) / 300 * box["width"]
    y = box["y"] + (row + 0.5) / 128 * box["height"]
    page.mouse.move(x, y)
    expect(page.locator(".hovertext")).to_contain_text("unit 107")
    hovered = page.locator(".hovertext").text_content() or ""
    page.mouse.click(x, y)
    said = page.get_by_text("unit 107 position 150 value")
    expect(said).to_be_visible()
    exact = float(said.inner_text().rpartition(" ")[2])
    shown = float(hovered.rpartition("= ")[2].replace("−", "-"))
    assert f"position {column}" in hovered
    assert shown == pytest.approx(exact, abs=0.0101)  # one byte, then two decimals


def test_texts_are_shown_as_text(url: str, new_page: Opener) -> None:
    page = new_page()
    for view, place in (("units", ".colored .text"), ("player", ".player .text")):
        show(page, url, view)
        if view == "player":
            page.get_by_role("button", name="All at once").click()
        expect(page.locator(place)).to_contain_text("<script>window.hacked = 1</script>↵")
        expect(page.locator(place)).to_contain_text("*one* `two` $three$ <b>four</b>")
    assert page.evaluate("window.hacked") is None


def test_playing_sends_nothing(url: str, new_page: Opener) -> None:
    page = new_page()
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda f: sent.append(f)))
    show(page, url, "player")
    pause = page.get_by_role("button", name="Pause")
    expect(pause).to_be_visible()
    page.wait_for_timeout(200)  # what the choice of the view sends
    before = len(sent)
    expect(page.locator(".count")).to_contain_text(" of 300")
    place = int(page.locator(".count").inner_text().split()[0])
    page.wait_for_function(
        "place => Number([...document.querySelectorAll('*')].map(e => e.shadowRoot)"
        ".find(r => r?.querySelector('.player')).querySelector('.count').textContent.split(' ')[0])"
        " > place + 20",
        arg=place,
    )
    assert len(sent) == before
    pause.click()
    assert len(sent) == before


def test_player_is_led_by_keys_and_clicks(url: str, new_page: Opener) -> None:
    page = new_page()
    show(page, url, "player")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Back to the beginning").click()
    expect(page.locator(".count")).to_have_text("0 of 300")
    page.locator(".player").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".count")).to_have_text("2 of 300")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="All at once").click()
    expect(page.locator(".count")).to_have_text("300 of 300")
    page.locator(".text span[data-i='7']").click()
    expect(page.get_by_text("read 7 None")).to_be_visible()
    expect(page.locator(".question")).to_contain_text("Position 7: it wrote >")
    expect(page.locator(".count")).to_have_text("300 of 300")  # the click did not start it anew


def test_figure_in_a_tab_is_drawn_when_the_tab_opens(url: str, new_page: Opener) -> None:
    page = new_page()
    show(page, url, "hidden")
    page.get_by_role("tab", name="second").click()
    settled(page, "el._fullLayout?.width > 600")


def test_heatmap_and_another_unit_come_fast(url: str, new_page: Opener) -> None:
    """300 characters x 128 units, after the session's first figure; generous for a busy machine."""
    page = new_page()
    show(page, url, "live")
    settled(page, "el._fullData?.length === 2")
    page.get_by_role("radio", name="units", exact=True).click()
    expect(page.locator(".colored .text")).to_be_visible()
    began = time.perf_counter()
    page.get_by_text("Heatmap").click()
    settled(page, "el.querySelector('.heatmaplayer image')")
    drawn = time.perf_counter() - began
    box = page.locator(f"{PLOT} .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    expect(page.locator(".hovertext")).to_be_visible()
    began = time.perf_counter()
    page.mouse.click(box["x"] + 300, box["y"] + 150)
    expect(page.locator(".legend .name")).not_to_contain_text("unit 0:")
    changed = time.perf_counter() - began
    print(f"heatmap {drawn:.2f} s, another unit {changed:.2f} s")
    assert drawn < 3
    assert changed < 1.5
