"""Find a unit, by example: a marked span, the units it selects, and the like of it elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlab.inspection.units.matching import selected_units, switched_on
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage, given, play_run

BY = "By example"


def selected(store: RunStore, text: str, span: tuple[int, int], threshold: float) -> int:
    """How many units the core selects, at the beginning of a text."""
    run = store.open(play_run(store).id)
    h = run.model("best").forward(run.vocabulary().encode(text)[None]).trace("h")[0]
    return len(selected_units(switched_on(h, threshold), *span, before=1, after=1))


@pytest.mark.parametrize("threshold", [0.05, 0.1])
def test_the_units_of_the_core_are_selected(
    small_lab: RunStore, open_page: OpenPage, threshold: float
) -> None:
    page = open_page(
        "find_unit", run=play_run(small_lab).id, look=BY, tau=str(threshold), span=["20", "21"]
    )
    text = given(page, "colored_text")[-1]
    assert text["span"] == [20, 22]
    count = selected(small_lab, text["text"], (20, 22), threshold)
    words = [m.value for m in page.markdown] + [i.value for i in page.info]
    said = (f"**{count} of 12 units**",) if count else ("No unit is on", "would be on")
    assert any(each in word for word in words for each in said)


def test_no_steps_around_the_span_select_more_units(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("find_unit", run=play_run(small_lab).id, look=BY, tau="0.0", span=["20", "20"])
    for side in ("before", "after"):
        page.number_input(key=f"steps_{side}").set_value(0)
    page.run()
    run = play_run(small_lab)
    ids = run.vocabulary().encode(given(page, "colored_text")[-1]["text"])
    count = int((run.model("best").forward(ids[None]).trace("h")[0, 20] >= 0).sum())
    matches = given(page, "span_matches")[-1]
    assert matches["selected"] == count > 0
    assert len(matches["matches"]) == 50


def test_an_address_that_makes_no_sense_is_mended(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page(
        "find_unit", run=play_run(small_lab).id, look=BY, tau="77", span=["900", "x"], layers="9"
    )
    assert not page.error
    assert page.slider(key="tau").value == 0.3


@pytest.mark.parametrize("text", ["a", "ab"])
def test_the_shortest_texts_can_be_marked(
    small_lab: RunStore, open_page: OpenPage, text: str
) -> None:
    page = open_page("find_unit", run=play_run(small_lab).id, look=BY, text="Own text", tau="0.0")
    page.text_area(key="text_typed").set_value(text).run()
    assert not page.exception
    assert given(page, "colored_text")[-1]["span"] == [0, len(text)]


def test_without_its_corpus_what_the_run_wrote_is_searched(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("find_unit", run=play_run(small_lab).id, look=BY, tau="0.0", steps_before="0")
    assert not page.exception
    assert any("wrote itself" in caption.value for caption in page.caption)
