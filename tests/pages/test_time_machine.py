"""Time machine: what the film is made of, and what was learned when."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.components.time_machine.reading import SHOWN, WRITTEN
from rnnlab.inspection.writing import SamplingSettings, write
from rnnlab.network.losses import softmax
from rnnlab.network.reading import window
from rnnlab.runs.run import Run
from rnnlab.runs.selection import snapshots
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import read_weights, write_weights
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.excerpt import excerpt
from rnnlab.text.features import simple_features
from rnnlab.training.tasks.base import split_of
from tests.pages.conftest import OpenPage, play_run, run_named


def film(page: AppTest) -> dict[str, Any]:
    """What the player was given."""
    (player,) = (
        each for each in page.get("bidi_component") if "time_player" in each.proto.component_name
    )
    return json.loads(player.proto.json)


def numbers(packed: dict[str, str], *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["counts"]), "<f4").reshape(shape)


def unseen(run: Run, data: Path) -> str:
    return split_of(run.config, CorpusLibrary(data).load("play")).validation.text


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("time_machine")
    assert "No network has been trained here yet" in page.markdown[-1].value


@pytest.mark.parametrize("name", ["An LSTM on the play", "Gallery: tanh RNN"])
def test_every_frame_is_what_the_weights_of_its_snapshot_do(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage, name: str
) -> None:
    run = run_named(small_lab, name)
    page = open_page("time_machine", run=run.id, unit="3", at="40", time_prime="The", time_seed="7")
    shown = film(page)
    steps = [each.step for each in snapshots(run)]
    assert shown["steps"] == steps == run.snapshots()
    part = excerpt(unseen(run, empty_lab / "data"), 40, 300)
    assert shown["text"] == part.text
    vocabulary, count = run.vocabulary(), len(part.before)
    values = np.frombuffer(base64.b64decode(shown["values"]["counts"]), np.int8)
    values = values.reshape(len(steps), 300) * shown["values"]["step"]
    for m in (0, len(steps) - 1):
        model = run.model(steps[m])
        ids = vocabulary.encode(part.before + part.text)
        tape = window(model, ids, 0, len(ids))
        np.testing.assert_allclose(values[m], tape.trace("h", 0)[0, count:, 3], atol=0.005)
        chances = numbers(shown["chances"], len(steps), 300)[m]
        p = softmax(tape.logits[0])[np.arange(count - 1, count + 299), ids[count:]]
        np.testing.assert_allclose(chances, p, atol=1e-5)
        sampling = SamplingSettings("The", WRITTEN, temperature=0.8, seed=7)
        assert shown["samples"][m] == write(model, vocabulary, sampling).text[:SHOWN]
    assert numbers(shown["scores"], len(steps), len(simple_features(""))).max() <= 1
    assert numbers(shown["points"], len(steps), len(vocabulary), 2).std() > 0


def test_another_unit_changes_its_colors_and_nothing_that_is_written(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("time_machine", run=play_run(small_lab).id, unit="3")
    before = film(page)
    page.number_input("unit").set_value(4).run()
    after = film(page)
    assert after["valueName"] == "h of unit 4"
    assert after["values"] != before["values"]
    assert (after["samples"], after["shares"]) == (before["samples"], before["shares"])
    page.number_input("time_seed").set_value(2).run()
    assert film(page)["samples"] != before["samples"]


def test_a_link_opens_at_its_snapshot_and_place(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("time_machine", snapshot="8", time_place="25", learned="half of the way")
    assert (film(page)["snapshot"], film(page)["place"]) == (8, 25)
    assert page.segmented_control("learned").value == "half"
    page = open_page("time_machine", snapshot="soon", time_place="-3", unit="x", learned="never")
    assert (film(page)["snapshot"], film(page)["place"]) == (None, 10)
    assert not page.error


def test_a_link_with_the_older_key_still_opens_there(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    assert film(open_page("time_machine", **{"moment": "8"}))["snapshot"] == 8
    assert film(open_page("time_machine", **{"moment": "8", "snapshot": "4"}))["snapshot"] == 4


def test_a_seed_text_that_cannot_be_read_is_named(small_lab: RunStore, open_page: OpenPage) -> None:
    assert "☃" in open_page("time_machine", time_prime="☃").error[0].value


def test_a_snapshot_that_diverged_is_named_and_left_out(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    path = run.folder / "weights" / f"{run.snapshots()[3]}.safetensors"
    broken = {name: value * np.nan for name, value in read_weights(path).items()}
    write_weights(path, broken, half=False)
    page = open_page("time_machine", run=run.id)
    assert f"After update {run.snapshots()[3]} the network's" in page.error[0].value
    assert film(page)["steps"] == [s for s in run.snapshots() if s != run.snapshots()[3]]


def test_two_snapshots_are_enough_and_none_is_said(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    for step in run.snapshots()[1:]:
        (run.folder / "weights" / f"{step}.safetensors").unlink()
    (run.folder / "weights" / "best.safetensors").unlink()
    page = open_page("time_machine", run=run.id)
    assert film(page)["steps"] == [0, 30]
    for path in (run.folder / "weights").iterdir():
        path.unlink()
    assert "no weights yet" in open_page("time_machine", run=run.id).info[0].value


def test_without_its_text_a_run_is_measured_on_what_it_wrote(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("time_machine", run=play_run(small_lab).id)
    assert page.segmented_control("learned").options == ["half of the way", "90 % of the way"]
    assert any("wrote itself" in caption.value for caption in page.caption)
    assert not page.error
