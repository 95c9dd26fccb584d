"""Gradients through time: each part shows what the core computes for the run and the text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from pages.components.bptt.decay import half_life_text
from rnnlab.inspection.gradients.backward import in_double, spectral_radius
from rnnlab.inspection.gradients.bptt import GradientReading, decay, itemised, reading, truncation
from rnnlab.inspection.gradients.clipping import batch_gradient, clipped
from rnnlab.inspection.gradients.spectrum import rescaled
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import held_out
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks import make_task
from tests.pages.conftest import TINY, OpenPage, metric, play_run, run_named, said, train

AT, LENGTH = 300, 90  # LENGTH as the page begins
PARTS = ["Matrix", "Half-life", "Spectral radius", "Clipping", "Truncation"]


@pytest.fixture
def lstm(small_lab: RunStore) -> Run:
    return play_run(small_lab)


def read_of(run: Run, data: Path) -> GradientReading:
    """What the page reads at position 300 of the unseen text."""
    source = held_out(run, CorpusLibrary(data))
    assert source is not None
    ids = run.vocabulary().encode(source.text[AT - 200 : AT + LENGTH])
    return reading(in_double(run.model("best")), ids, 200)


def tables(page: AppTest) -> list[dict[str, str]]:
    (table,) = page.dataframe
    return table.value.to_dict("records")


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("bptt").markdown[-1].value


@pytest.mark.parametrize("name", ["An LSTM on the play", "A GRU on Reber's grammar"])
def test_every_part_is_drawn(small_lab: RunStore, open_page: OpenPage, name: str) -> None:
    page = open_page("bptt", run=run_named(small_lab, name).id)
    for part in PARTS:
        page.segmented_control(key="bptt_part").set_value(part).run()
        assert not page.exception
        assert not page.error
        assert page.expander[0].label == "Definition, and where it can mislead"
        assert "A gradient is local" in "".join(each.value for each in page.expander[0].markdown)


def test_parts_that_are_not_chosen_are_not_computed(
    lstm: Run, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    monkeypatch.setattr("pages.components.bptt.truncation._truncation", computed.append)
    monkeypatch.setattr("pages.components.bptt.radius._rescaled", computed.append)
    page = open_page("bptt", run=lstm.id)
    assert not computed
    assert {each.label for each in page.slider} >= {"Loss at t"}


def test_all_cells_stand_side_by_side_with_the_gallery(
    lstm: Run, empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("bptt", run=lstm.id, bptt_part="Half-life", bptt_cells="All cells", at=str(AT))
    lines = tables(page)
    assert [line["Network"] for line in lines] == [
        *(f"{title}, fresh" for title in ("tanh RNN", "ReLU RNN", "LSTM", "GRU")),
        "Gallery: tanh RNN",
        lstm.name,
    ]
    read = read_of(lstm, empty_lab / "data")
    flow = decay(itemised(read).by_h)
    assert lines[-1]["Half-life"] == half_life_text(flow)
    assert lines[-1]["Left at lag 10"] == f"{flow.norms[10]:.1e}"
    page.segmented_control(key="bptt_state").set_value("c").run()
    page.segmented_control(key="bptt_mean").set_value("median").run()
    flow = decay(itemised(read).of("c"), "median")
    assert tables(page)[-1]["Half-life"] == half_life_text(flow)


def test_the_slider_of_the_spectral_radius_changes_the_network(
    lstm: Run, empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page(
        "bptt", run=lstm.id, bptt_part="Spectral radius", bptt_network="Trained", at=str(AT)
    )
    read = read_of(lstm, empty_lab / "data")
    assert metric(page, "Spectral radius as it is") == f"{spectral_radius(read.model):.3f}"
    page.select_slider(key="bptt_radius").set_value(1.5).run()
    page.segmented_control(key="bptt_blocks").set_value("All blocks").run()
    other = rescaled(read.model, 1.5, ("i", "f", "g", "o"))
    source = held_out(lstm, services.library())
    assert source is not None
    ids = lstm.vocabulary().encode(source.text[AT - 200 : AT + LENGTH])
    expected = reading(other, ids, 200)
    assert metric(page, "Loss on this text") == f"{expected.loss:.3f}"
    assert metric(page, "Half-life at 1.5") == half_life_text(decay(itemised(expected).by_h))


def test_clipping_takes_the_batch_that_the_run_would_see(
    lstm: Run, empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("bptt", run=lstm.id, bptt_part="Clipping", snapshot="16", bptt_limit="0.01")
    corpus = CorpusLibrary(empty_lab / "data").load("play")
    batcher = make_task(lstm.config, corpus).batcher
    model = in_double(lstm.model(16))
    for sums in (False, True):
        found = batch_gradient(model, batcher, 16, sums=sums)
        by_value = clipped(found.grads, found.norm, "value", 0.01)
        before, norm, value = tables(page)
        assert before["Norm"] == f"{found.norm:.4g}"
        assert norm["Cosine"] == "1.0000"
        assert value["Cosine"] == f"{by_value.cosine:.4f}"
        assert value["Elements changed"] == f"{100 * by_value.touched:.1f} %"
        page.segmented_control(key="bptt_loss").set_value("sum").run()


def test_truncation_marks_the_sequence_length(
    lstm: Run, empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("bptt", run=lstm.id, bptt_part="Truncation", at=str(AT))
    found = truncation(read_of(lstm, empty_lab / "data"), np.array([lstm.config.seq_length]))
    *_, reach, windows = tables(page)
    assert reach["Relative error"] == f"{found.reach.error[0]:.4f}"
    assert windows["Relative error"] == f"{found.windows.error[0]:.4f}"
    assert windows["Goes back, on average"] == f"{found.windows.steps[0]:.1f} steps"
    assert any("At k = 16." in each.value for each in page.caption)


def test_a_network_of_two_layers_has_a_choice_of_layer(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run = train(small_lab, TINY.replace(num_layers=2, cell="rnn_relu", budget=3), "Two layers")
    page = open_page("bptt", run=run.id, bptt_part="Half-life", at=str(AT))
    read = read_of(run, empty_lab / "data")
    for layer in (1, 0):
        page.segmented_control(key="layer").set_value(layer).run()
        flow = decay(itemised(read, layer).by_h)
        assert tables(page)[-1]["Half-life"] == half_life_text(flow)
    page.segmented_control(key="bptt_cells").set_value(
        "All cells"
    ).run()  # some have one layer only
    assert not page.exception


def test_a_text_that_is_too_short_is_answered_in_words(lstm: Run, open_page: OpenPage) -> None:
    page = open_page("bptt", run=lstm.id, text="Own text")
    for text, sentence in {"a": "choose a longer one", "☃": "never occurred"}.items():
        page.text_area(key="text_typed").set_value(text).run()
        assert not page.exception
        assert sentence in said(page)
    page.text_area(key="text_typed").set_value("").run()
    assert "type at least one character" in page.info[0].value.replace("\\", "")
    page.text_area(key="text_typed").set_value("ab").run()  # one prediction is enough
    assert not page.error
    page.segmented_control(key="bptt_part").set_value(
        "Truncation"
    ).run()  # but it has no state before
    assert "nothing can be compared" in said(page)


def test_without_its_text_clipping_takes_what_the_run_wrote(
    lstm: Run, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("bptt", run=lstm.id, bptt_part="Clipping")
    assert not page.error
    assert "wrote itself" in page.caption[0].value


def test_a_run_that_has_no_weights_yet_is_answered_in_words(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = small_lab.create(TINY, name="waits")
    page = open_page("bptt", run=run.id)
    assert page.error
    page.segmented_control(key="bptt_part").set_value("Clipping").run()
    assert page.error
    assert not page.exception


def test_an_address_of_nonsense_is_forgiven(lstm: Run, open_page: OpenPage) -> None:
    nonsense = {
        name: "nonsense"
        for name in (
            "bptt_part",
            "bptt_cells",
            "bptt_state",
            "bptt_t",
            "bptt_radius",
            "snapshot",
            "at",
        )
    }
    assert not open_page("bptt", run=lstm.id, **nonsense).error
    page = open_page(
        "bptt", run=lstm.id, bptt_part="Clipping", bptt_limit="-3", bptt_loss="x", snapshot="x"
    )
    assert not page.error
