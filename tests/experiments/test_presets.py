"""The presets: complete, trainable as they are, and each with a question."""

from __future__ import annotations

import pytest

from rnnlab.experiments.presets import PRESETS, Preset
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.planning import forecast, plan
from rnnlab.training.tasks import make_task
from tests.conftest import ROOT

SHIPPED = ("play", "dinosaurs", "reber", "embedded-reber")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_each_preset_asks_a_question(preset: Preset) -> None:
    assert PRESETS[preset.name] is preset
    assert preset.title
    assert preset.description.endswith("?")


def test_titles_differ() -> None:
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize(
    "preset", [p for p in PRESETS.values() if p.config.corpus in SHIPPED], ids=lambda p: p.name
)
def test_presets_fit_the_corpora_that_ship(preset: Preset) -> None:
    check(preset, CorpusLibrary(ROOT / "data"))


@pytest.mark.parametrize(
    "preset", [p for p in PRESETS.values() if p.config.corpus not in SHIPPED], ids=lambda p: p.name
)
def test_presets_fit_the_corpora_that_are_downloaded(
    preset: Preset, library: CorpusLibrary
) -> None:
    check(preset, library)


def check(preset: Preset, library: CorpusLibrary) -> None:
    """It can be trained as it is, and is not warned about, except where that is the lesson."""
    seen = plan(make_task(preset.config, library.load(preset.config.corpus)))
    assert forecast(preset.config, seen).seconds < 3600
    assert bool(seen.warnings) == (preset.name == "vanilla-relu-explodes"), seen.warnings


@pytest.mark.parametrize("name", ["quick-lstm", "quick-rnn"])
def test_quick_presets_are_what_their_claims_are_about(name: str) -> None:
    config = PRESETS[name].config
    assert (config.corpus, config.budget, config.budget_unit) == ("tiny-shakespeare", 60, "seconds")
    assert (config.train_share, config.validation_share) == (0.9, 0.1)
    assert config.cell == {"quick-lstm": "lstm", "quick-rnn": "rnn_tanh"}[name]


def test_gallery_presets_differ_in_their_cell_and_what_it_learns_best_with() -> None:
    runs = [PRESETS[f"gallery-{kind}"].config for kind in ("tanh-rnn", "lstm", "gru")]
    assert {run.cell for run in runs} == {"rnn_tanh", "lstm", "gru"}
    own = {"cell": "lstm", "forget_bias": 0.0, "learning_rate": 1.0, "initialization": "pytorch"}
    assert len({run.replace(**own) for run in runs}) == 1
    assert all(run.hidden_size <= 128 for run in runs)
