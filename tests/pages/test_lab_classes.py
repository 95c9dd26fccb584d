"""The page of names and languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components import services
from pages.components.lab_classes import network
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import ENVIRONMENT
from rnnlab.training.networks import model_from_params
from tests.pages.conftest import OpenPage, train

TINY = EXPERIMENTS["language-one-way"].config.replace(
    hidden_size=16, embedding_size=0, budget=60, budget_unit="steps", engine="numpy"
)
WRITER = EXPERIMENTS["surname"].config.replace(
    hidden_size=16, embedding_size=0, budget=60, budget_unit="steps", engine="numpy"
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> RunStore:
    """A store with a reader and a writer of names."""
    store = RunStore(tmp_path_factory.mktemp("classes"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(corpora))
        for config, name in ((TINY, "A reader"), (WRITER, "A writer")):
            train(store, config, name)
    return store


@pytest.fixture
def names_lab(empty_lab: Path, trained: RunStore, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """A lab with these runs, and no corpora."""
    monkeypatch.setattr(services, "store", lambda: trained)
    return trained


def run_of(store: RunStore, task: str) -> Run:
    return next(run for run in store.runs() if run.config.task == task)


def test_without_runs_the_page_says_what_is_missing(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("lab_classes")
    assert sum("No run of this kind" in info.value for info in page.info) == 3


def test_a_typed_name_shows_what_the_network_takes_it_for(
    names_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("lab_classes")
    page.text_input(key="classes_name").set_value("Nguyen").run()
    assert not page.exception
    run = run_of(names_lab, "language")
    reader = network.network(run)
    logits = model_from_params(run.config, run.weights("last")).forward(reader.read("Nguyen")[None])
    best = run.labels()[int(logits.logits[0, -1].argmax())]
    assert any(f"Nguyen for **{best}**" in text.value for text in page.markdown)


@pytest.mark.parametrize("name", ["X Æ A-12 <b>*", "é", "a" * 25, "O'Neill 中"])
def test_any_name_may_be_typed(names_lab: RunStore, open_page: OpenPage, name: str) -> None:
    page = open_page("lab_classes")
    page.text_input(key="classes_name").set_value(name).run()
    assert not page.exception
    assert not page.error


@pytest.mark.parametrize("name", ["—", "李", "😀🎉"])
def test_a_name_of_which_nothing_is_known_is_refused(
    names_lab: RunStore, open_page: OpenPage, name: str
) -> None:
    page = open_page("lab_classes")
    page.text_input(key="classes_name").set_value(name).run()
    assert not page.exception
    assert "knows none of the signs" in page.error[0].value
    assert name in page.error[0].value


def test_names_are_written_for_a_language_and_a_beginning(
    names_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("lab_classes")
    page.selectbox(key="classes_language").set_value("Greek")
    page.text_input(key="classes_beginning").set_value("Pa").run()
    written = next(code.value for code in page.code if "python" not in code.value)
    assert len(written.splitlines()) == 8
    assert all(name.startswith("Pa") for name in written.splitlines())
    page.button(key="classes_again").click().run()
    assert written not in [code.value for code in page.code]


def test_a_beginning_with_unknown_letters_is_named(
    names_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("lab_classes")
    page.text_input(key="classes_beginning").set_value("Ж").run()
    assert not page.exception
    assert "Ж" in page.error[0].value
