"""The findings that ship with the gallery are what is found anew."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from rnnlab.inspection.units.search import UnitFinding, findings_of
from rnnlab.runs.results import stored_findings
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import held_out
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.features import feature_named

ROOT = Path(__file__).parents[2]
GALLERY = RunStore(ROOT / "checkpoints").gallery()


def check(run: Run, library: CorpusLibrary) -> None:
    stored = stored_findings(run)
    text = held_out(run, library)
    assert text is not None
    features = [feature_named(each.feature) for each in stored]
    found = findings_of(run.model("best"), run.vocabulary(), text.text, features)
    for old, new in zip(stored, found, strict=True):
        expected = asdict(new)
        assert asdict(old) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize(
    "run", [run for run in GALLERY if run.config.corpus == "play"], ids=lambda run: run.id
)
def test_the_play_is_as_stored(run: Run) -> None:
    check(run, CorpusLibrary(ROOT / "data"))


@pytest.mark.parametrize(
    "run", [run for run in GALLERY if run.config.corpus != "play"], ids=lambda run: run.id
)
def test_what_ships_without_its_text_is_as_stored(run: Run, library: CorpusLibrary) -> None:
    check(run, library)


@pytest.mark.parametrize("run", GALLERY, ids=lambda run: run.id)
def test_every_run_of_the_gallery_has_a_clear_finding_on_unseen_text(run: Run) -> None:
    first = stored_findings(run)[0]
    assert abs(first.r) > 2 * first.by_chance
    assert first.is_above_chance
    assert UnitFinding.from_json(first.to_json()) == first


def test_damaged_findings_are_no_findings(tmp_path: Path) -> None:
    assert UnitFinding.from_json({"feature": "vowel"}) is None
    good = stored_findings(GALLERY[0])[0].to_json()
    for key, wrong in [("r", "x"), ("unit", -1), ("r", float("nan")), ("value", 3), ("auc", "1")]:
        assert UnitFinding.from_json({**good, key: wrong}) is None
