"""Generate: what it writes, what it refuses in a sentence, and what it passes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.training.config import RunConfig
from tests.pages.conftest import OpenPage, play_run, run_named

HOSTILE = "<script>alert(1)</script> **bold** $x$ [link](http://a)"


def players(app: AppTest) -> list[dict[str, Any]]:
    """What the players on the page were given."""
    found = app.get("bidi_component")
    return [json.loads(each.proto.json) for each in found if "player" in each.proto.component_name]


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.button if each.label == label)


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("generate")
    assert "No network has been trained here yet" in page.markdown[-1].value
    assert not players(page)


def test_the_first_visit_shows_a_text_with_its_units(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate")
    (shown,) = players(page)
    assert len(shown["text"]) == 600
    assert shown["prime"] == "\n"
    assert set(shown["text"]) <= set(small_lab.open("gallery/tanh-rnn").vocabulary().symbols)
    assert len(shown["units"]) == 12
    assert shown["valueName"] == "h"
    assert not page.error


def test_equal_settings_write_equal_texts_and_each_setting_matters(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run=play_run(small_lab).id)
    first = players(page)[0]
    assert players(page.run())[0]["text"] == first["text"]
    texts = {first["text"]}
    page.slider("generate_temperature_left").set_value(1.5).run()
    texts.add(players(page)[0]["text"])
    page.number_input("generate_top_k_left").set_value(20).run()
    texts.add(players(page)[0]["text"])
    page.slider("generate_top_p_left").set_value(0.6).run()
    texts.add(players(page)[0]["text"])
    page.toggle("generate_greedy_left").set_value(True).run()
    texts.add(players(page)[0]["text"])
    assert len(texts) == 5
    button(page, "Write another").click().run()
    assert not page.exception


def test_another_value_shows_other_numbers_for_the_same_text(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run=play_run(small_lab).id)
    before = players(page)[0]
    page.button_group("value").set_value("f").run()
    after = players(page)[0]
    assert (after["text"], after["id"]) == (before["text"], before["id"])
    assert after["valueName"] == "f"
    assert after["values"]["kind"] == "sequential"


def test_unknown_characters_are_named_and_dropped_with_one_click(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run=play_run(small_lab).id)
    page.text_area("generate_prime").set_value("the ☃ and 😀").run()
    assert "☃" in page.error[0].value
    assert "😀" in page.error[0].value
    assert page.text_area("generate_prime").value == "the ☃ and 😀"
    button(page, "Drop unknown characters").click().run()
    assert page.text_area("generate_prime").value == "the  and "
    assert not page.error
    assert players(page)[0]["prime"] == "the  and "


@pytest.mark.parametrize(
    "prime", [HOSTILE, "", " ", "\n" * 50, "ש" * 40, "a" * 4_999, "\x00\x1b[31m", "‮abc"]
)
def test_hostile_seed_texts_are_refused_or_shown_as_text(
    prime: str, small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run=play_run(small_lab).id)
    page.text_area("generate_prime").set_value(prime).run()
    assert not page.exception
    assert page.error or players(page)
    assert page.text_area("generate_prime").value == prime
    for error in page.error:
        assert "<script>" not in error.value
        assert "**" not in error.value.replace("\\*", "")


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("generate_length", 2_000),
        ("generate_length", 1),
        ("generate_seed", 2**32 - 1),
        ("generate_top_k_left", 1_000),
    ],
)
def test_extremes_of_the_numbers_write(
    control: str, value: int, small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run=play_run(small_lab).id)
    page.number_input(control).set_value(value).run()
    assert not page.exception
    assert not page.error
    assert players(page)


def test_two_settings_side_by_side_use_the_same_random_numbers(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run=play_run(small_lab).id)
    page.toggle("generate_compare").set_value(True).run()
    left, right = players(page)
    assert left["text"] != right["text"]
    assert left["group"] == right["group"] == "generate"
    assert any("The texts part at position" in text.value for text in page.text)
    page.slider("generate_temperature_right").set_value(0.8).run()
    left, right = players(page)
    assert left["text"] == right["text"]
    assert any("Both texts are the same" in text.value for text in page.text)


def test_two_runs_side_by_side(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("generate", run=play_run(small_lab).id, value="c")
    page.toggle("generate_compare").set_value(True).run()
    other = run_named(small_lab, "A GRU on Reber's grammar").id
    page.selectbox("generate_other_run").set_value(other).run()
    left, right = players(page)
    assert (left["valueName"], right["valueName"]) == ("c", "h")  # a GRU has no c
    assert set(right["text"]) <= set(small_lab.open(other).vocabulary().symbols)
    assert any("know different characters" in caption.value for caption in page.caption)


def test_an_early_snapshot_writes_another_text(small_lab: RunStore, open_page: OpenPage) -> None:
    early = open_page("generate", run=play_run(small_lab).id, snapshot="0")
    late = open_page("generate", run=play_run(small_lab).id)
    assert early.select_slider("snapshot").value == "0"
    assert players(early)[0]["text"] != players(late)[0]["text"]


def test_a_text_is_passed_on_to_hidden_units(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("generate", run=play_run(small_lab).id, snapshot="0")
    text = players(page)[0]["text"]
    button(page, "Look at this text in Hidden units").click().run()
    assert page.title[0].value == "Hidden units"
    assert page.session_state.text == "generated"
    assert page.select_slider("snapshot").value == "0"
    assert page.query_params["run"] == play_run(small_lab).id
    colored = next(
        json.loads(each.proto.json)
        for each in page.get("bidi_component")
        if "colored_text" in each.proto.component_name
    )
    assert ("\n" + text).startswith(colored["text"])


def test_a_run_that_is_gone_is_said_and_another_one_shown(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("generate", run="../../etc/passwd")
    assert "is not the name of a run" in page.warning[0].value
    assert players(page)


def test_a_run_without_weights_is_said(small_lab: RunStore, open_page: OpenPage) -> None:
    fresh = small_lab.create(RunConfig(corpus="play"), name="fresh **bold**")
    page = open_page("generate", run=fresh.id)
    assert "has no weights yet" in page.error[0].value
    assert "**bold**" not in page.error[0].value  # as text, not as Markdown


def test_diverged_weights_are_said(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    broken = {name: np.full_like(value, np.nan) for name, value in run.weights("best").items()}
    write_weights(run.folder / "weights" / "7777.safetensors", broken, half=True)
    page = open_page("generate", run=run.id, snapshot="7777")
    assert "training diverged" in page.error[0].value.replace("\\", "")
    page.select_slider("snapshot").set_value("best").run()
    assert players(page)


def test_damaged_files_are_said(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    for path in (run.folder / "weights").iterdir():
        path.write_bytes(path.read_bytes()[:50])
    assert "cut off" in open_page("generate", run=run.id).error[0].value
    (run.folder / "vocabulary.json").write_text("{")
    assert open_page("generate", run=run.id).error
