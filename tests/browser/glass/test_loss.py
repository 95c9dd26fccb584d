"""What a loss means: units, hover and the writing ladder, as a person uses them."""

from __future__ import annotations

import json
import math

import pytest
from playwright.sync_api import expect

from tests.browser.glass.conftest import PLAY, Glass, ready
from tests.serving import ROOT

BARS = "[aria-label^='Losses of n-gram models'].rnnlab-plot-figure"


def test_the_ladder_that_ships_is_drawn_in_every_unit_and_told_under_the_mouse(
    glass: Glass,
) -> None:
    page = glass("loss")
    rungs = json.loads((ROOT / "checkpoints" / PLAY / "ladder.json").read_text())["validation"]
    heights = page.locator(BARS).evaluate("el => [...el._fullData[0].y]")
    assert heights == pytest.approx(rungs, abs=1e-4)
    page.get_by_test_id("stMain").get_by_role("radio", name="bits").click()
    page.wait_for_function(f'document.querySelector("{BARS}")._fullData[0].y[0] > 6')
    heights = page.locator(BARS).evaluate("el => [...el._fullData[0].y]")
    assert heights == pytest.approx([x / math.log(2) for x in rungs], abs=1e-4)
    box = page.locator(f"{BARS} .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.9 * box["height"])  # the 3-gram
    expect(page.locator(f"{BARS} .hoverlayer")).to_contain_text(f"{rungs[3] / math.log(2):.3f}")


def test_another_order_writes_another_text_and_the_network_the_same(glass: Glass) -> None:
    page = glass("loss")
    texts = page.get_by_test_id("stCode")
    expect(texts).to_have_count(2)
    before = texts.all_inner_texts()
    page.get_by_test_id("stMain").get_by_role("radio", name="5-gram").click()
    expect(texts.first).not_to_have_text(before[0])
    ready(page)
    after = texts.all_inner_texts()
    assert after[0] != before[0]
    assert after[1] == before[1]
