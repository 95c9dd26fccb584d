"""Two texts side by side, and units in the order of what they are worth."""

from __future__ import annotations

import html
import re

import numpy as np

from rnnlab.figures.surgery import one_above_the_other, one_of_two, parting_chart, ranking_chart
from rnnlab.inspection.interventions.clamping import CostRanking

ONE, OTHER = "a <b>\nand", "a {b}\nor "


def shown(marked: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", marked))


def test_a_text_is_shown_letter_for_letter() -> None:
    marked = one_of_two(ONE, OTHER)
    assert shown(marked) == "a <b>↵\nand"
    assert "<b>" not in marked
    assert marked.count("outline") == 1  # the first difference
    framed = re.search(r"outline[^>]*>([^<]*)<", marked)
    assert framed is not None
    assert html.unescape(framed[1]) == "<"


def test_equal_texts_have_no_mark() -> None:
    assert "outline" not in one_of_two(ONE, ONE)
    assert "background" not in one_above_the_other(ONE, ONE)


def test_lines_stand_above_each_other() -> None:
    lines = re.findall("<div>(.*?)</div>", one_above_the_other(ONE, OTHER, width=4))
    assert [shown(line) for line in lines] == ["a␣<b", "a␣{b", ">↵an", "}↵or", "d", "␣"]


def rankings() -> list[CostRanking]:
    one = CostRanking("h", 0, np.array([0.1, 0.5, -0.2]), np.array([0.01, 0.4, 0.01]), 1.0, 100)
    return [one, CostRanking("h", 1, np.array([0.2, 0.0, 0.3]), np.full(3, 0.01), 1.0, 100)]


def test_units_of_all_layers_stand_in_one_order() -> None:
    figure = ranking_chart(rankings(), [(1, 2)])
    order = list(figure.layout.xaxis.categoryarray)
    assert order == ["1·1", "2·2", "2·0", "1·0", "2·1", "1·2"]
    beyond, within, chosen = figure.data
    assert list(beyond.x) == ["2·2", "2·0", "1·0", "1·2"]
    assert list(within.x) == ["1·1", "2·1"]
    assert (list(chosen.x), list(chosen.y)) == (["2·2"], [0.3])


def test_units_of_one_layer_go_by_their_number() -> None:
    assert list(ranking_chart(rankings()[:1], []).layout.xaxis.categoryarray) == ["1", "0", "2"]


def test_pairs_that_never_part_reach_the_end() -> None:
    (bars,) = parting_chart([3, None], length=50, seed=7).data
    assert (list(bars.x), list(bars.y), list(bars.text)) == ([3, 50], ["7", "8"], ["3", "never"])
