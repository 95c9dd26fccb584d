"""What a prediction depends on: networks side by side, by gradient and by occlusion."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.inspection.gradients.connectivity import connectivity, drawn_others, occlusion, shares
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage, play_run, run_named, said

TYPED = "the clock told the truth, and told it twice"


def of_text(page: AppTest) -> dict[str, Any]:
    """What the component was given."""
    found = [json.loads(each.proto.json) for each in page.get("bidi_component")]
    return next(data for data in found if "panels" in data)


def numbers(panel: dict[str, Any], decades: float) -> np.ndarray:
    """The triangle of a panel."""
    counts = np.frombuffer(base64.b64decode(panel["levels"]["counts"]), np.uint16)
    levels = counts * panel["levels"]["step"]
    return np.where(levels > 0, panel["top"] * 10 ** (levels - decades), 0)


def open_typed(open_page: OpenPage, run: str, text: str = TYPED, **query: str) -> AppTest:
    page = open_page("connectivity", run=run, text="Own text", **query)
    page.text_area(key="text_typed").set_value(text).run()
    return page


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("connectivity").markdown[-1].value


@pytest.mark.parametrize("by", ["gradient", "occlusion"])
def test_what_is_drawn_is_what_is_measured(
    small_lab: RunStore, open_page: OpenPage, by: str
) -> None:
    run = play_run(small_lab)
    page = open_typed(open_page, run.id, connectivity_by=by)
    ids = run.vocabulary().encode(TYPED)
    model, read, targets = run.model("best"), ids[:-1], ids[1:]
    found = connectivity(model, read, targets)
    if by == "occlusion":
        found = occlusion(model, read, targets, drawn_others(ids)[:-1]).change
    below = np.tril_indices(len(read))
    data = of_text(page)
    assert [panel["title"] for panel in data["panels"]] == [run.name, "Gallery: tanh RNN"]
    shown = numbers(data["panels"][0], data["decades"])
    np.testing.assert_allclose(shown, shares(found)[below], rtol=1e-3, atol=1e-8)
    page.segmented_control(key="connectivity_numbers").set_value("sizes").run()
    data = of_text(page)
    assert data["unit"] == ("nats" if by == "occlusion" else "logits")
    shown = numbers(data["panels"][0], data["decades"])
    np.testing.assert_allclose(shown, found[below], rtol=1e-3, atol=1e-7)


def test_a_link_shows_the_same_networks_and_the_same_character(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run_id = play_run(small_lab).id
    page = open_page(
        "connectivity",
        run=run_id,
        connectivity_t="130",
        at="100",
        connectivity_colors="linear",
        **{"with": [""]},
    )
    data = of_text(page)
    assert (data["start"], data["held"], data["log"]) == (100, 30, False)
    assert len(data["panels"]) == 1
    page.multiselect(key=f"connectivity_beside_{run_id}").set_value(["gallery/tanh-rnn"]).run()
    assert page.query_params["with"] == "gallery/tanh-rnn"
    assert len(of_text(page)["panels"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"connectivity_t": "-3"},
        {"connectivity_t": "☃"},
        {"connectivity_t": "9" * 40},
        {"connectivity_by": "magic"},
    ],
)
def test_nonsense_in_the_address_is_passed_over(
    small_lab: RunStore, open_page: OpenPage, query: dict[str, str]
) -> None:
    page = open_page("connectivity", run=play_run(small_lab).id, **query, **{"with": "no such run"})
    assert of_text(page)["held"] is None
    assert len(of_text(page)["panels"]) == 1


def test_a_network_that_cannot_read_the_text_is_left_out_with_a_sentence(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    other = run_named(small_lab, "A GRU on Reber's grammar").id
    page = open_page("connectivity", run=play_run(small_lab).id, **{"with": other})
    assert len(of_text(page)["panels"]) == 1
    assert "is left out" in page.info[0].value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("a", "at least two characters"), ("☃", "no input for it"), ("aaaa", "no other one")],
)
def test_texts_that_are_too_little_get_a_sentence(
    small_lab: RunStore, open_page: OpenPage, text: str, sentence: str
) -> None:
    page = open_typed(open_page, play_run(small_lab).id, text)
    assert sentence in said(page)
    assert not page.exception


def test_a_network_of_single_items_says_what_it_never_learned(
    small_lab: RunStore, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnlab.api.item_end", lambda *_: 0)
    page = open_page("connectivity", run=run_named(small_lab, "A GRU on Reber's grammar").id)
    assert any("single items" in caption.value for caption in page.caption)
    assert len(of_text(page)["panels"]) == 1


def test_without_its_text_a_run_reads_what_it_wrote(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("connectivity", run=play_run(small_lab).id)
    assert len(of_text(page)["text"]) == 120


def test_two_characters_are_enough(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_typed(open_page, play_run(small_lab).id, "ab")
    assert not page.error
    assert not page.exception
    assert [panel["width"] for panel in of_text(page)["panels"]] == [3, 3]


def test_a_network_without_weights_leaves_the_others_alone(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    shutil.rmtree(small_lab.open("gallery/tanh-rnn").folder / "weights")
    page = open_page("connectivity", run=play_run(small_lab).id)
    assert said(page).startswith("Gallery: tanh RNN: ")
    assert len(of_text(page)["panels"]) == 1
    page = open_page("connectivity", run="gallery/tanh-rnn")
    assert page.error
    assert not page.exception
