"""Hidden units: what is read, which figures follow from it, and what is refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks.base import split_of
from tests.pages.conftest import ROOT, OpenPage, given, play_run, run_named


def shown_text(app: AppTest) -> str:
    return given(app, "colored_text")[0]["text"]


def heatmap(app: AppTest) -> dict[str, Any]:
    """The first trace of the first figure."""
    return json.loads(given(app, "plot")[0]["traces"][0])


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("hidden_units")
    assert "No network has been trained here yet" in page.markdown[-1].value
    assert not page.get("bidi_component")


def test_the_first_visit_shows_all_figures(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("hidden_units")
    assert len(given(page, "plot")) == 4  # heatmap, lines, path, history
    assert len(given(page, "units_passages")[0]["passages"]) == 8
    play = CorpusLibrary(ROOT / "data").load("play").text
    assert play.startswith(shown_text(page))
    assert len(shown_text(page)) == 300
    assert not page.error


def test_a_link_opens_at_its_place_and_unit(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page(
        "hidden_units", run=play_run(small_lab).id, at="1000", unit="5", value="c", snapshot="0"
    )
    play = CorpusLibrary(ROOT / "data").load("play").text
    assert shown_text(page) == play[1000:1300]
    assert given(page, "colored_text")[0]["name"] == "c of unit 5"
    assert heatmap(page)["name"] == "c"


def test_another_unit_changes_the_text_and_not_the_heatmap(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id)
    before, colors = given(page, "plot")[0], given(page, "colored_text")[0]["values"]
    page.number_input("unit").set_value(7).run()
    assert given(page, "plot")[0] == before
    assert given(page, "colored_text")[0]["name"] == "h of unit 7"
    assert given(page, "colored_text")[0]["values"] != colors


def liveliest(page: AppTest) -> int:
    """The unit that varies most on the text shown, from the values that were sent to draw."""
    page.selectbox("units_order").set_value("variance").run()
    return int(heatmap(page)["y"][0])


def test_the_page_opens_on_the_unit_that_varies_most(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id)
    chosen = page.number_input("unit").value
    assert given(page, "colored_text")[0]["name"] == f"h of unit {chosen}"
    assert chosen == liveliest(page)
    other = (chosen + 1) % 12
    page.number_input("unit").set_value(other).run()
    page.slider("at").set_value(600).run()
    assert page.number_input("unit").value == other  # another text is no reason to leave it
    page.number_input("unit").set_value(None).run()
    assert page.number_input("unit").value == liveliest(page)


@pytest.mark.parametrize("unit", ["12", "-1", "x", ""])
def test_a_unit_that_does_not_exist_is_not_opened(
    unit: str, small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id, unit=unit)
    assert page.number_input("unit").value == liveliest(page)


def test_unit_zero_can_be_linked_to(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id, unit="0")
    assert given(page, "colored_text")[0]["name"] == "h of unit 0"


def test_another_run_opens_on_a_unit_of_its_own(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id, unit="3")
    page.selectbox("run_picked").set_value("gallery/tanh-rnn").run()
    assert page.number_input("unit").value == liveliest(page)


def test_a_unit_that_never_moves_has_no_passages(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    dead = {name: value.copy() for name, value in run.weights("best").items()}
    output = dead["rnn.bias_ih_l0"].reshape(4, -1)[3]  # the gate that shows c, of each unit
    output[5] = -1e4
    write_weights(run.folder / "weights" / "7777.safetensors", dead, half=True)
    page = open_page("hidden_units", run=run.id, snapshot="7777", unit="5")
    assert not given(page, "units_passages")
    assert any("Unit 5 never moves: it stays at 0.00" in each.value for each in page.caption)


def test_every_value_and_every_order_can_be_seen(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id)
    for value in ("h", "c", "i", "f", "g", "o"):
        page.button_group("value").set_value(value).run()
        assert heatmap(page)["name"] == value
    for order in ("index", "variance", "similarity"):
        page.selectbox("units_order").set_value(order).run()
        assert sorted(heatmap(page)["y"], key=int) == [str(unit) for unit in range(12)]
    assert not page.exception


def test_lines_stand_beside_each_other(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id, unit="3")
    page.multiselect("units_others").set_value([1, 9]).run()
    names = {json.loads(trace)["name"] for trace in given(page, "plot")[1]["traces"]}
    assert names == {"unit 3", "unit 1", "unit 9"}


def test_lowest_passages_are_those_of_the_other_sign(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id)
    highest = given(page, "units_passages")
    page.button_group("units_lowest").set_value("lowest").run()
    assert given(page, "units_passages") != highest


def test_a_change_of_run_forgets_what_it_does_not_have(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id, value="c", unit="11")
    other = run_named(small_lab, "A GRU on Reber's grammar").id
    page.selectbox("run_picked").set_value(other).run()
    assert not page.exception
    assert not page.error
    assert heatmap(page)["name"] == "h"


def test_unseen_text_is_the_beginning_of_the_validation_part(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("hidden_units", run=play_run(small_lab).id, text="Unseen", at="7")
    run = play_run(small_lab)
    corpus = CorpusLibrary(empty_lab / "data").load("play")
    assert shown_text(page) == split_of(run.config, corpus).validation.text[7:307]
    assert any("did not learn from" in caption.value for caption in page.caption)


def own_text(page: AppTest, text: str) -> AppTest:
    page.button_group("text").set_value("own").run()
    page.text_area("text_typed").set_value(text).run()
    assert not page.exception
    return page


def test_a_typed_text_is_read_page_by_page(small_lab: RunStore, open_page: OpenPage) -> None:
    page = own_text(open_page("hidden_units", run=play_run(small_lab).id), "the king " * 150)
    assert shown_text(page) == ("the king " * 150)[:300]
    page.slider("at").set_value(600).run()
    assert shown_text(page) == ("the king " * 150)[600:900]
    assert any("has read the 200 characters before it" in c.value for c in page.caption)


@pytest.mark.parametrize("text", ["a", "\n", "the " * 2_000])
def test_short_and_long_texts_are_read(text: str, small_lab: RunStore, open_page: OpenPage) -> None:
    page = own_text(open_page("hidden_units", run=play_run(small_lab).id), text)
    assert shown_text(page) == text[:300]
    assert not page.error


def test_no_text_is_said(small_lab: RunStore, open_page: OpenPage) -> None:
    page = own_text(open_page("hidden_units", run=play_run(small_lab).id), "")
    assert "no text to read" in page.info[0].value
    assert not page.get("bidi_component")


def test_unknown_characters_are_named_and_dropped(small_lab: RunStore, open_page: OpenPage) -> None:
    page = own_text(
        open_page("hidden_units", run=play_run(small_lab).id), "a <script>☃</script> **b**"
    )
    assert "☃" in page.error[0].value
    assert page.text_area("text_typed").value == "a <script>☃</script> **b**"
    next(each for each in page.button if each.label == "Drop unknown characters").click().run()
    assert not page.error
    assert "☃" not in page.text_area("text_typed").value
    assert shown_text(page) == page.text_area("text_typed").value


def test_without_its_corpus_the_page_reads_what_the_run_wrote(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    run = play_run(small_lab)
    page = open_page("hidden_units", run=run.id)
    assert run.written().startswith(shown_text(page))
    assert any("is not on this computer" in each.value for each in page.caption)


def test_diverged_weights_are_said_and_another_snapshot_shown(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    broken = {name: np.full_like(value, np.inf) for name, value in run.weights("best").items()}
    write_weights(run.folder / "weights" / "7777.safetensors", broken, half=True)
    page = open_page("hidden_units", run=run.id, snapshot="7777")
    assert "training diverged" in page.error[0].value.replace("\\", "")
    page.select_slider("snapshot").set_value("best").run()
    assert not page.exception
    assert given(page, "plot")


def test_damaged_snapshots_are_said(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    (run.folder / "weights" / "0.safetensors").write_bytes(b"nothing")
    page = open_page("hidden_units", run=run.id, snapshot="0")
    assert "no safetensors file" in page.error[0].value
    (run.folder / "vocabulary.json").unlink()
    assert "no vocabulary yet" in open_page("hidden_units", run=run.id).error[0].value
