"""Lab 5's page: four parts, each usable without a run and telling more with one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from pages.components.lab_shakespeare import holmes, problem_types
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import SUFFIX, weights_bytes
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.formal_languages import generated_corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from tests.pages.conftest import OpenPage, train
from tests.pages.test_start import RecordingJobs

PARTS = ["By heart", "Sherlock Holmes", "Forms of problems", "Gradients over time"]


def texts(page: AppTest) -> str:
    """Everything the page says."""
    kinds = (page.markdown, page.caption, page.text, page.info, page.warning, page.error)
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def ship(folder: Path, name: str, config: RunConfig, corpus: Corpus) -> None:
    """A run of an experiment that ships: fresh weights, an invented curve."""
    store = RunStore(folder / "checkpoints")
    run = store.create(config, name=name)
    task = make_task(config, corpus)
    append_line(run.folder / "metrics.jsonl", {"step": 1, "epoch": 1, "epoch_loss": 2.7})
    append_line(
        run.folder / "metrics.jsonl",
        {"step": 2, "epoch": 2, "train_loss": 0.3, "epoch_loss": 0.26},
    )
    replace_json(run.folder / "status.json", {"state": "finished", "parameters": 1_399_933})
    replace_json(run.folder / "vocabulary.json", list(task.vocabulary.symbols))
    (run.folder / "weights").mkdir(exist_ok=True)
    weights = weights_bytes(first_params(task), half=True)
    (run.folder / f"weights/2{SUFFIX}").write_bytes(weights)
    (store.root / "labs").mkdir(exist_ok=True)
    run.folder.rename(store.root / "labs" / name)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_works_without_a_run(empty_lab: Path, open_page: OpenPage, part: str) -> None:
    page = open_page("lab_shakespeare", shakespeare_part=part)
    assert page.header[0].value == part
    assert not page.exception
    assert not page.error
    assert [each for each in page.dataframe if "Published" in each.value.columns]


def test_the_bug_of_the_source_is_named(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("lab_shakespeare")
    assert "49 of the 10,000 characters" in texts(page)
    assert "pure memorisation" in texts(page)
    assert "2.7498" in str([each.value.to_dict() for each in page.dataframe])


def test_unseen_text_is_read_by_the_network_that_ships(
    empty_lab: Path, open_page: OpenPage
) -> None:
    heart = EXPERIMENTS["shakespeare-by-heart"]
    prose = Corpus("shakespeare", "Shakespeare", "Once upon a time\n" * 900, None, "here", "CC0")
    ship(empty_lab, "shakespeare-by-heart-1", heart.config, prose)
    page = open_page("lab_shakespeare")
    page.text_area(key="heart_own").set_value("One ☃ time").run()
    page.button(key="heart_read_button").click().run()
    (table,) = (each.value for each in page.dataframe if "Skipped" in each.value.columns)
    lines = {line["Text"]: line for line in table.to_dict("records")}
    assert set(lines) == {"our own play", "your text"}
    assert lines["your text"]["Skipped"] == "1"
    assert lines["your text"]["Unknown to it"] == "☃"
    assert float(lines["your text"]["Loss"]) == pytest.approx(np.log(12), abs=0.3)


def test_presets_fill_the_controls_and_provoke_advice(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("lab_shakespeare", shakespeare_part="Sherlock Holmes")
    assert "Deeper is slower" not in texts(page)
    page.selectbox(key="holmes_preset").set_value("Four layers").run()
    assert page.number_input(key="holmes_num_layers").value == 4
    assert "Deeper is slower: 4 layers" in texts(page)
    page.selectbox(key="holmes_preset").set_value("Sequences of 200 with tanh").run()
    assert "take ReLU for longer ones" in texts(page)
    page.button_group(key="holmes_cell").set_value("rnn_relu").run()
    assert "take ReLU for longer ones" not in texts(page)


def test_the_advice_on_nan_comes_with_the_run_that_ended_so(
    empty_lab: Path, open_page: OpenPage
) -> None:
    store = RunStore(empty_lab / "checkpoints")
    config = holmes.PRESETS["Provoke NaN"]
    run = store.create(config, name="exploded")
    told = {"error": "Training diverged at update 9.", "advice": "The loss is no longer a number."}
    replace_json(run.folder / "status.json", {"state": "failed", **told})
    page = open_page("lab_shakespeare", shakespeare_part="Sherlock Holmes")
    page.session_state["holmes_run"] = run.id
    page.run()
    assert "NaN: take a smaller learning rate (0.05 instead of 0.5)" in texts(page)


def test_own_settings_are_what_is_run(
    empty_lab: Path,
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    corpora: Path,
) -> None:
    recording = RecordingJobs()
    monkeypatch.setattr(services, "jobs", lambda: recording)
    monkeypatch.setenv("RNNLAB_CORPORA", str(corpora))
    services._library.cache_clear()
    page = open_page("lab_shakespeare", shakespeare_part="Sherlock Holmes")
    page.button_group(key="holmes_amount").set_value("10 k").run()
    page.number_input(key="holmes_seq_length").set_value(80).run()
    page.button(key="holmes_start").click().run()
    (run,) = RunStore(empty_lab / "checkpoints").runs()
    assert (run.config.max_characters, run.config.seq_length) == (10_000, 80)
    assert run.config.cell == "rnn_relu"


@pytest.mark.parametrize("form", problem_types.FORMS)
def test_every_form_has_a_diagram_and_a_run(
    empty_lab: Path, open_page: OpenPage, form: str
) -> None:
    page = open_page("lab_shakespeare", shakespeare_part="Forms of problems")
    page.selectbox(key="form_chosen").set_value(form).run()
    assert not page.exception
    assert page.button(key=f"form_{problem_types.FORMS[form]}_start").label == "2. Run it"


def test_a_string_of_ones_own_is_written_backwards(empty_lab: Path, open_page: OpenPage) -> None:
    config = EXPERIMENTS["reversal-forced"].config
    ship(empty_lab, "reversal-forced-1", config, generated_corpus("random-strings"))
    page = open_page("lab_shakespeare", shakespeare_part="Forms of problems")
    page.text_input(key="form_backwards").set_value("abcd").run()
    assert page.code[0].value.startswith("abcd → ")
    page.text_input(key="form_backwards").set_value("abxd").run()
    assert "'x' never occurred in the training text" in texts(page)


def test_gradients_of_fresh_networks_are_measured(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("lab_shakespeare", shakespeare_part="Gradients over time")
    page.select_slider(key="flow_steps").set_value(25).run()

    def lines() -> dict[str, dict[str, str]]:
        (table,) = (each.value for each in page.dataframe if "Reach" in each.value.columns)
        return {line["Network"]: line for line in table.to_dict("records")}

    assert set(lines()) == {"tanh RNN", "ReLU RNN", "LSTM", "GRU"}
    assert lines()["ReLU RNN"]["Halves every"]
    page.slider(key="flow_gain").set_value(6.0).run()
    assert lines()["ReLU RNN"]["Doubles every"]
    page.selectbox(key="flow_scheme").set_value("identity").run()
    page.slider(key="flow_gain").set_value(1.0).run()
    assert lines()["ReLU RNN"]["Reach"] == "25 steps or more"


def test_gradients_of_the_gallery_are_measured(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("lab_shakespeare", shakespeare_part="Gradients over time")
    page.button_group(key="flow_kind").set_value("Trained ones of the gallery").run()
    (table,) = (each.value for each in page.dataframe if "Reach" in each.value.columns)
    assert table["Network"].tolist() == ["Gallery: tanh RNN"]


def test_samples_after_every_epoch_are_those_of_the_users_own_run(
    empty_lab: Path, open_page: OpenPage
) -> None:
    store = RunStore(empty_lab / "checkpoints")
    run: Run = train(
        store,
        RunConfig(
            corpus="play",
            max_characters=1_000,
            train_share=1.0,
            validation_share=0.0,
            cell="rnn_relu",
            hidden_size=8,
            batch_size=2,
            batching="streams",
            engine="numpy",
            budget=3,
            budget_unit="epochs",
            evaluation="each-epoch",
        ),
        "by heart",
    )
    page = open_page("lab_shakespeare")
    page.session_state["by_heart_run"] = run.id
    page.run()
    assert len(run.samples()) == 3
    assert len(page.select_slider) == 1
    assert run.samples()[-1].text in page.code[0].value
