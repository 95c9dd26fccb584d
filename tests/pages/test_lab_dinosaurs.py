"""The dinosaur lab: tables that are empty without runs, and names that the user starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.dinosaur_results import EVERY, PRINTED, epoch_losses
from rnnlab.experiments.dinosaurs import AS_CODED, CELLS
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import SUFFIX, weights_bytes
from rnnlab.training.networks import architecture_of, fresh_params
from tests.pages.conftest import OpenPage, said

SYMBOLS = list(".abcdefghijklmnopqrstuvwxyz")


def ship(folder: Path, name: str, seed: int, **results: object) -> None:
    """A finished run of an experiment among those that ship, with these results."""
    store = RunStore(folder / "checkpoints")
    config = EXPERIMENTS[name].config.replace(seed=seed)
    run = store.create(config, name=f"{name} {seed}")
    sizes = architecture_of(config, len(SYMBOLS))
    params = fresh_params(sizes, "pytorch", np.random.default_rng(seed))
    status = {"state": "finished", "parameters": sizes.parameter_count(), "seconds": 100 / seed}
    append_line(run.folder / "metrics.jsonl", {"step": 9, "epoch_loss": 1.5 + seed / 100})
    replace_json(run.folder / "status.json", status)
    replace_json(run.folder / "results.json", results)
    replace_json(run.folder / "vocabulary.json", SYMBOLS)
    (run.folder / "weights").mkdir(exist_ok=True)
    (run.folder / f"weights/9{SUFFIX}").write_bytes(weights_bytes(params, half=True))
    (store.root / "labs").mkdir(exist_ok=True)
    run.folder.rename(store.root / "labs" / f"{name}-{seed}")


def table(page: AppTest, column: str) -> list[dict[str, str]]:
    """The lines of the only table that has this column."""
    shown = [each.value.reset_index() for each in (*page.dataframe, *page.table)]
    (found,) = (lines for lines in shown if column in lines.columns)
    return found.to_dict("records")


def test_without_runs_no_number_of_ours_is_shown(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("lab_dinosaurs")
    for line in table(page, "As described"):
        assert line["Source"]
        assert line["As described"] == line["As coded"] == ""
        assert line["Below (described)"] == line["Below (coded)"] == ""
    for line in table(page, "Verdict"):
        assert line["The source says"]
        assert line["Measured"] == line["Verdict"] == line["Runs"] == ""
    assert not [each for each in page.dataframe if "Judged" in each.value.columns]
    assert [each for each in page.info if "finishes names" in each.value]


def test_every_number_is_read_from_its_runs(empty_lab: Path, open_page: OpenPage) -> None:
    for seed, loss in ((1, 1.4), (2, 1.5)):
        ship(empty_lab, "dino-gru", seed, test_loss_per_name=loss, share_new=90.0 + seed)
        ship(empty_lab, "dino-gru-as-coded", seed, test_loss_per_name=loss - 0.1)
    page = open_page("lab_dinosaurs")
    lines = {(x["Network"], x["Loss"]): x for x in table(page, "As described")}
    test = lines["GRU layer", "Test loss"]
    assert test["Source"] == "1.3935"
    assert test["As described"] == "1.4500 ± 0.0707"
    assert test["Below (described)"] == "0 % of 2"
    assert test["As coded"] == "1.3500 ± 0.0707"
    assert test["Below (coded)"] == "50 % of 2"
    assert lines["GRU layer", "Training loss"]["As described"] == "1.5150 ± 0.0071"
    assert lines["LSTM layer", "Test loss"]["As described"] == ""
    (names,) = table(page, "Judged")[:1]
    assert (names["Network"], names["New, %"], names["Judged"]) == ("GRU layer", "91.5 ± 0.7", "")


def test_sizes_are_counted_and_equal_the_published_ones(
    empty_lab: Path, open_page: OpenPage
) -> None:
    lines = table(open_page("lab_dinosaurs"), "Stated by the source")
    counts = [line["Parameters"] for line in lines]
    assert counts == [line["Stated by the source"] for line in lines]
    assert counts == ["10,856", "7,707", "25,563", "19,611"]


def test_claims_are_judged_by_the_runs(empty_lab: Path, open_page: OpenPage) -> None:
    for seed in (1, 2, 3):
        for name, loss in (("dino-scratch", 1.7), ("dino-rnn", 1.6 + seed / 10), ("dino-lstm", 2)):
            ship(empty_lab, name, seed, test_loss_per_name=loss, judged_loss=seed / 10)
        ship(empty_lab, "dino-gru", seed, test_loss_per_name=1 + seed / 100)
    lines = {x["The source says"]: x for x in table(open_page("lab_dinosaurs"), "Verdict")}
    verdicts = {claim.split()[1]: line["Verdict"] for claim, line in lines.items()}
    faster = next(line for claim, line in lines.items() if "4 times" in claim)
    assert faster["Measured"].startswith("1.0 times: the fastest runs of 3 seeds")
    assert (faster["Verdict"], faster["Runs"]) == ("does not hold", "6")
    par = next(line for claim, line in lines.items() if "par with" in claim)
    assert par["Measured"].endswith("−0.980 ± 0.006.")
    assert par["Verdict"] == "holds"
    reads = next(line for claim, line in lines.items() if "read better" in claim)
    assert reads["Verdict"] == "not decided"  # the same in every pair
    more = next(line for claim, line in lines.items() if "More layers" in claim)
    assert more["Measured"] == ""
    assert len(verdicts) >= 5


def test_printed_losses_of_each_network_are_drawn(empty_lab: Path, open_page: OpenPage) -> None:
    ship(empty_lab, "dino-gru", 1)
    page = open_page("lab_dinosaurs")
    for name in CELLS:
        page.button_group(key="dino_printed").set_value(name).run()
        assert not page.exception


def test_epoch_losses_are_means_over_runs(empty_lab: Path) -> None:
    for seed in (1, 3):
        ship(empty_lab, "dino-gru", seed)
    runs = RunStore(empty_lab / "checkpoints").labs()
    assert epoch_losses("dino-gru", runs).tolist() == pytest.approx([1.52])
    assert len(epoch_losses("dino-lstm", runs)) == 0
    assert set(PRINTED) == set(CELLS)
    for name, losses in PRINTED.items():
        assert len(losses) * EVERY == EXPERIMENTS[name].config.budget


@pytest.fixture
def finishing(empty_lab: Path, open_page: OpenPage) -> AppTest:
    """The page with one run that can finish names."""
    ship(empty_lab, "dino-scratch", 1)
    return open_page("lab_dinosaurs")


def written(page: AppTest) -> list[str]:
    return [line["Name"] for line in table(page, "Name")]


def test_a_name_is_finished_from_its_beginning(finishing: AppTest) -> None:
    page = finishing.text_input(key="dino_start").set_value(" Tri ").run()
    names = written(page)
    assert len(names) == 10
    assert all(name.startswith("tri") for name in names)
    assert set("".join(names)) <= set(SYMBOLS) - {"."}
    assert written(page.button(key="dino_again").click().run()) != names
    first_letters = {
        name[0] for name in written(page.text_input(key="dino_start").set_value("").run())
    }
    assert len(first_letters) > 2  # ten draws of 26 letters: fewer happens once in 10^11


@pytest.mark.parametrize("start", ["tyrannosaurus 7", "<b>x</b>", "ö"])
def test_unknown_characters_are_named(finishing: AppTest, start: str) -> None:
    page = finishing.text_input(key="dino_start").set_value(start).run()
    assert "never occurred in the training text" in said(page)
    assert not [each for each in page.dataframe if "Name" in each.value.columns]


def test_a_name_that_is_over_cannot_be_finished(finishing: AppTest) -> None:
    page = finishing.text_input(key="dino_start").set_value("rex.").run()
    assert "'.' ends a name" in said(page)


def test_what_is_in_the_list_is_said_where_the_list_is(
    empty_lab: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, corpora: Path
) -> None:
    (empty_lab / "data" / "downloads").mkdir()
    shutil.copy(corpora / "dinos.txt", empty_lab / "data" / "downloads" / "dinos.txt")
    services._library.cache_clear()
    ship(empty_lab, "dino-rnn", 1)
    page = open_page("lab_dinosaurs")
    page.slider(key="dino_temperature").set_value(0.1).run()
    assert {line["In the list"] for line in table(page, "Name")} <= {"yes", "no, it is new"}


def test_each_described_experiment_has_one_as_coded() -> None:
    for name in CELLS:
        described, coded = EXPERIMENTS[name].config, EXPERIMENTS[AS_CODED[name]].config
        assert coded == described.replace(dropout=0.25, dropout_place="logits")


def test_quick_versions_are_shorter_and_otherwise_the_same() -> None:
    for name in CELLS:
        experiment = EXPERIMENTS[name]
        assert experiment.quick is not None
        assert experiment.quick.budget < experiment.config.budget
        assert experiment.quick.replace(budget=40.0) == experiment.config
