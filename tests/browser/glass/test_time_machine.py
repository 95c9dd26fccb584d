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
    page = glass("time_machine", snapshot="256")
    when, sample = page.locator(".machine .when"), page.locator(".machine .present")
    play, pause = (page.get_by_role("button", name=name) for name in ("Play", "Pause"))
    expect(when).to_have_text("After 256 updates")
    letters = page.locator(".machine .reading span")
    colors = "els => els.map(el => el.style.background).join()"
    before = place_of_marker(page), sample.text_content(), letters.evaluate_all(colors)
    play.click()
    expect(when).to_have_text("After 362 updates")
    page.get_by_role("slider", name="Speed").press("End")  # 12 moments a second
    expect(when).to_have_text("After 4,920 updates")
    expect(play).to_be_visible()  # it ends by itself
    after = place_of_marker(page), sample.text_content(), letters.evaluate_all(colors)
    assert after[0] > before[0]
    assert after[1] != before[1]
    assert after[2] != before[2]
    expect(page).to_have_url(re.compile("snapshot=4920"))
    play.click()  # from the beginning again
    expect(when).not_to_have_text("After 4,920 updates")
    pause.click()
    expect(play).to_be_visible()
    stopped = when.text_content()
    page.wait_for_timeout(300)  # longer than a moment lasts
    expect(when).to_have_text(stopped or "")


RING = """() => {
  const figure = document.querySelector("[aria-label^='Surprise of kinds']");
  figure.scrollIntoView({block: "center"});
  const ring = figure._fullData.find(trace => trace.name.endsWith(": learned"));
  const box = figure.getBoundingClientRect(), {xaxis, yaxis} = figure._fullLayout;
  return [box.left + xaxis._offset + xaxis.l2p(ring.x[0]),
          box.top + yaxis._offset + yaxis.l2p(ring.y[0]), Math.round(2 ** ring.x[0] - 1)];
}"""


def test_a_click_on_a_milestone_takes_the_film_there(glass: Glass) -> None:
    page = glass("time_machine", snapshot="4096")
    expect(page.locator(".machine .when")).to_have_text("After 4,096 updates")
    x, y, updates = page.evaluate(RING)
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    expect(page.locator(".machine .when")).to_have_text(f"After {updates:,} updates")
    expect(page).to_have_url(re.compile(f"snapshot={updates}"))


def test_slider_keys_curve_and_text_choose(glass: Glass) -> None:
    page = glass("time_machine", snapshot="128", time_place="3")
    when = page.locator(".machine .when")
    expect(when).to_have_text("After 128 updates")
    page.get_by_role("slider", name="Moment of training").press("End")
    expect(when).to_have_text("After 4,920 updates")
    expect(page.locator(".machine .present")).to_have_text(
        page.locator(".machine .final").text_content() or ""
    )
    expect(page).to_have_url(re.compile("snapshot=4920"))
    page.locator(".machine .reading").press("ArrowLeft")
    expect(when).to_have_text("After 4,096 updates")
    letter = page.locator(".machine .reading span[data-i='20']")
    letter.click()
    expect(page.locator(".machine .question")).to_contain_text(letter.text_content() or "")
    expect(page).to_have_url(re.compile("place=20"))
    page.locator(".machine .reading").press("ArrowDown")
    expect(page).to_have_url(re.compile("place=21"))
    page.locator(".machine .curve").click(position={"x": 48, "y": 40})
    expect(when).to_have_text("After 0 updates")
