"""Memory, measured: what is under the mouse, and a run that is taken out and put back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.glass.conftest import Glass

CHART = "[aria-label^='Loss against the number of characters'].rnnlab-plot-figure"
NAMES = f'[...document.querySelector("{CHART}")._fullData].map(each => each.name)'


def test_each_curve_tells_its_loss_where_the_mouse_is(glass: Glass) -> None:
    page = glass("memory")
    losses = page.locator(CHART).evaluate(
        "el => [...el._fullData].filter(each => each.x.length === 128).map(each => each.y[15])"
    )
    (loss,) = losses  # the play has one run in the gallery
    box = page.locator(f"{CHART} .nsewdrag").bounding_box()
    assert box is not None
    places = "el => [4, 0].map(power => el._fullLayout.xaxis.d2p(2 ** power))"
    at_16, _ = page.locator(CHART).evaluate(places)
    page.mouse.move(box["x"] + at_16, box["y"] + box["height"] / 2)
    expect(page.locator(f"{CHART} .hoverlayer")).to_contain_text(f"{loss:.3f}")


def test_a_network_beside_it_can_be_taken_out(glass: Glass) -> None:
    page = glass("memory", run="gallery/shakespeare-lstm")
    before = page.evaluate(NAMES)
    page.get_by_role("button", name="tanh RNN").first.click()
    page.wait_for_function(f"{NAMES}.length < {len(before)}")
    assert not any("tanh" in name for name in page.evaluate(NAMES))
