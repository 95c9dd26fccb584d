"""Surgery: what is changed, what is shown of it, and what stands in the address."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.inspection.interventions.clamping import character_losses, ranking, usual_values
from rnnlab.inspection.interventions.paired_samples import effects, write_pairs
from rnnlab.network.clamps import Clamp, Offset
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks.base import split_of
from tests.pages.conftest import ROOT, OpenPage, given, play_run, said


def unseen(run: Run, length: int) -> np.ndarray:
    corpus = CorpusLibrary(ROOT / "data").load("play")
    return run.vocabulary().encode(split_of(run.config, corpus).validation.text[:length])


def means(run: Run, name: str) -> np.ndarray:
    text = run.vocabulary().kept(CorpusLibrary(ROOT / "data").load("play").text)
    return usual_values(run.model("best"), run.vocabulary().encode(text))[name, 0].mean


def traces(app: AppTest, place: int) -> list[dict[str, Any]]:
    return [json.loads(trace) for trace in given(app, "plot")[place]["traces"]]


def array(data: Any) -> np.ndarray:
    if isinstance(data, list):
        return np.array(data)
    return np.frombuffer(base64.b64decode(data["bdata"]), np.dtype(data["dtype"]))


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("surgery").markdown[-1].value


def test_it_writes_again_as_the_link_says(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    page = open_page(
        "surgery",
        run=run.id,
        units=["3", "7"],
        value="c",
        surgery_do="Add",
        surgery_by="0.5",
        surgery_prime="The ",
        surgery_seed="4",
        surgery_length="100",
    )
    changes = [Offset(0, "c", unit, 0.5) for unit in (3, 7)]
    pairs = write_pairs(
        run.model("best"), run.vocabulary(), "The ", changes, seed=4, length=100, temperature=0.8
    )
    (table,) = page.dataframe
    for line, effect in zip(table.value.to_dict("records"), effects(pairs), strict=True):
        assert line["Changed"].startswith(f"{effect.changed.mean():.2f}")
        assert line["Untouched"].startswith(f"{effect.untouched.mean():.2f}")
    assert array(traces(page, 1)[0]["x"]).tolist() == pairs.first_differences()
    assert any("c of units 3 and 7" in each.value for each in page.markdown)


def test_moved_by_nothing_the_text_is_the_same(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("surgery", run=play_run(small_lab).id, surgery_do="Add", surgery_length="100")
    assert "the same" in page.markdown[1].value
    judged = [line["Judged"] for line in page.dataframe[0].value.to_dict("records")]
    assert judged == ["no difference"] * 7
    page.slider("surgery_by").set_value(1.2).run()
    assert "part at" in page.markdown[1].value


def test_what_it_costs_is_the_loss_with_and_without(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    page = open_page(
        "surgery", run=run.id, surgery_part="What it costs", units="5", surgery_do="Hold at mean"
    )
    ids, model = unseen(run, 2000), run.model("best")
    before = character_losses(model, ids).mean()
    clamp = Clamp(0, "h", 5, float(means(run, "h")[5]))
    after = character_losses(model, ids, clamps=[clamp]).mean()
    values = [metric.value for metric in page.metric]
    assert values[:2] == [f"{before:.3f}", f"{after:.3f}"]
    shares = array(traces(page, 1)[0]["x"])
    assert shares.sum() == pytest.approx(after - before, abs=1e-5)
    assert len(given(page, "colored_text")[0]["text"]) == len(ids[:1000])


def test_the_ranking_is_that_of_the_core(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    page = open_page("surgery", run=run.id, surgery_part="Ranking", value="c", units="5")
    expected = ranking(run.model("best"), unseen(run, 500), "c", 0, means(run, "c"))
    bars = [trace for trace in traces(page, 0) if trace["type"] == "bar"]
    found = {
        int(unit): height
        for trace in bars
        for unit, height in zip(array(trace["x"]), array(trace["y"]), strict=True)
    }
    assert found == pytest.approx(dict(enumerate(expected.changes)), abs=1e-6)
    next(each for each in page.button if each.label.startswith("What it costs")).click().run()
    assert page.button_group("surgery_part").value == "What it costs"
    assert page.multiselect("units").value == [5]


def test_one_character_is_exchanged(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    page = open_page(
        "surgery",
        run=run.id,
        surgery_part="Edit one character",
        surgery_place="30",
        surgery_new="z",
    )
    text = given(page, "colored_text")[0]
    assert text["selected"] == 30
    counts = np.frombuffer(base64.b64decode(text["values"]["counts"]), np.int8)
    width = text["values"]["bytes"]
    assert not counts[: 31 * width].any()
    assert counts[31 * width :].any()
    assert not array(traces(page, 0)[0]["y"])[:30].any()
    page.selectbox("surgery_new").set_value(text["text"][30]).run()
    assert "what stands there" in page.info[0].value
    assert len(given(page, "plot")) == 0


def test_without_a_unit_it_asks_for_one(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("surgery", run=play_run(small_lab).id)
    page.multiselect("units").set_value([]).run()
    assert "at least one unit" in page.info[0].value


@pytest.mark.parametrize("part", ["Write again", "Edit one character", "?"])
def test_nonsense_in_the_address_is_passed_over(
    part: str, small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page(
        "surgery",
        run=play_run(small_lab).id,
        surgery_part=part,
        units=["999", "x"],
        value="f",
        surgery_do="?",
        surgery_length="7",
        surgery_temperature="-3",
        surgery_seed="x",
        surgery_place="9999",
        surgery_new="☃",
        layer="7",
    )
    assert not page.error
    assert given(page, "plot")


def test_another_page_that_knows_units_is_no_trouble(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    page = open_page("hidden_units", run=run.id, unit="3")
    for name in ("surgery", "hidden_units", "surgery"):
        page.switch_page(f"pages/{name}.py")
        page.query_params["run"] = run.id
        page.run()
        assert not page.exception
        assert not page.error
        assert given(page, "plot")


def test_the_units_stay_while_another_part_is_shown(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("surgery", run=play_run(small_lab).id, units=["4", "7"], surgery_length="100")
    page.button_group("surgery_part").set_value("Edit one character").run()
    page.button_group("surgery_part").set_value("What it costs").run()
    assert page.multiselect("units").value == [4, 7]


@pytest.mark.parametrize("part", ["Write again", "Edit one character"])
def test_texts_that_cannot_be_read_are_said(
    part: str, small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    page = open_page("surgery", run=run.id, surgery_part=part, surgery_prime="☃", text="Own text")
    if part == "Write again":
        assert "'☃' never occurred" in said(page)
        return
    page.text_area("text_typed").set_value("a").run()
    assert not page.error
    page.button_group("surgery_part").set_value("What it costs").run()
    assert "needs two" in said(page)
    page.text_area("text_typed").set_value("ab").run()
    assert not page.error
    assert "±" not in page.metric[2].value


def test_broken_weights_and_missing_texts_are_said(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("surgery", run=run.id, surgery_part="Ranking")
    assert any("is not on this computer" in each.value for each in page.caption)
    broken = {name: np.full_like(value, np.nan) for name, value in run.weights("best").items()}
    write_weights(run.folder / "weights" / "7777.safetensors", broken, half=True)
    page = open_page("surgery", run=run.id, snapshot="7777")
    assert "training diverged" in said(page)
