"""Find a unit: what is shown is what the core finds, and bad input is answered in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components.find_unit import cards
from rnnlab.inspection.units.search import UnitFinding, ranked, states_of
from rnnlab.runs.results import store_findings
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.features import feature_named
from tests.pages.conftest import OpenPage, metric, play_run, said

FINDING = UnitFinding("position in word", "h", 0, 3, 0.4, 0.1, None, 5_000, 40)


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("find_unit").markdown[-1].value


def test_the_best_unit_is_that_of_the_core_and_changes_with_what_is_asked(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    """The unseen part of this small run is too short, so all of its text is read."""
    run = play_run(small_lab)
    page = open_page("find_unit", run=run.id, feature="position in word")
    text = run.vocabulary().kept(CorpusLibrary(empty_lab / "data").load("play").text)
    states = states_of(run.model("best"), run.vocabulary().encode(text), ("h", "c"))
    feature = feature_named("position in word")
    found = ranked(states.values, feature.marks(text)[states.places])
    assert metric(page, "Best unit") == states.units[found.best].title
    assert metric(page, "Correlation r") == f"{found.r[found.best]:+.3f}".replace("-", "−")
    assert metric(page, "Chance finds") == f"{found.by_chance:.3f}"
    said_below = " ".join(each.value for each in page.caption).replace("\\", "")
    assert f"24 values on {found.characters:,} characters" in said_below
    assert "the unseen part has only 1,000 characters" in said_below
    page.segmented_control(key="states").set_value("h").run()
    assert metric(page, "Best unit").startswith("h of unit")
    page.selectbox(key="feature").set_value("vowel").run()
    assert "AUC" in [each.label for each in page.metric]


def test_a_probe_is_fitted_on_request(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("find_unit", run=play_run(small_lab).id, feature="vowel")
    figures = len(page.get("bidi_component"))
    page.toggle(key="find_probe").set_value(True).run()
    assert len(page.get("bidi_component")) == figures + 1
    assert any("Selectivity" in each.value for each in page.caption)
    assert not page.exception


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [("(", "no regular expression"), ("a{99999}", "counts in braces"), ("", "Type a")],
)
def test_a_bad_pattern_is_answered_in_a_sentence(
    small_lab: RunStore, open_page: OpenPage, pattern: str, answer: str
) -> None:
    run = play_run(small_lab).id
    page = open_page("find_unit", run=run, feature="regular expression", pattern=pattern)
    assert answer in said(page)
    page.text_input(key="pattern").set_value("[A-Z]").run()
    assert not page.error
    assert not page.exception


def test_a_feature_that_never_occurs_is_told_in_a_sentence(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab).id
    page = open_page("find_unit", run=run, feature="regular expression", pattern="☃")
    assert "true nowhere" in page.info[0].value
    assert not page.metric


def test_a_link_opens_on_its_unit_and_nonsense_on_the_winner(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab).id
    page = open_page("find_unit", run=run, feature="vowel")
    second = page.selectbox(key="shown_picked").options[1]
    page = open_page("find_unit", run=run, feature="vowel", shown=second, at="50")
    assert page.selectbox(key="shown_picked").value == second
    nonsense = {"feature": "nose", "shown": "h of unit 999", "look": "?", "measured": "x"}
    page = open_page("find_unit", run=run, states="z", at="-5", **nonsense)
    assert page.selectbox(key="feature").value == "speaker's name"
    assert page.selectbox(key="shown_picked").value == metric(page, "Best unit")


def test_by_unit_ranks_features_and_shows_passages(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("find_unit", run=play_run(small_lab).id, look="By unit", unit="3", value="f")
    heads = [each.value for each in page.subheader]
    assert "What f of unit 3, layer 1 follows" in heads
    assert "Where unit 3 peaks in the corpus" in heads
    assert len(page.selectbox(key="find_marked").options) == 8


def test_a_card_opens_its_finding(small_lab: RunStore, open_page: OpenPage) -> None:
    (run,) = small_lab.gallery()
    store_findings(run, [FINDING])
    page = open_page("find_unit", run=play_run(small_lab).id, look="By unit")
    page.button(key=f"find_show_{run.id}_position in word").click().run()
    assert not page.exception
    assert page.query_params["run"] == run.id
    assert page.segmented_control(key="look").value == "By feature"
    assert page.selectbox(key="feature").value == "position in word"
    fresh = open_page("find_unit", **cards.address(run, FINDING))
    assert fresh.selectbox(key="feature").value == "position in word"
    assert fresh.session_state["at"] == 40


def test_without_its_text_a_run_is_measured_on_what_it_wrote(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("find_unit", run=play_run(small_lab).id, feature="vowel")
    assert any("what the run wrote itself" in each.value for each in page.caption)
    assert not page.exception


def test_a_run_without_weights_says_so(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    for path in (run.folder / "weights").iterdir():
        path.unlink()
    assert "no weights yet" in said(open_page("find_unit", run=run.id))
