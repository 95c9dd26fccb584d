"""One cell, one step: numbers of the network, step by step, and what a link holds."""

from __future__ import annotations

import inspect
import textwrap
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.figures.one_step import aligned, equations
from rnnlab.inspection.gradients.backward import in_double
from rnnlab.inspection.one_step import memory_attribution, one_step
from rnnlab.network import cells
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.tape import Tape
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks.base import split_of
from tests.pages.conftest import OpenPage, run_named, said

LSTM, GRU, TANH = "An LSTM on the play", "A GRU on Reber's grammar", "Gallery: tanh RNN"


def opened(store: RunStore, open_page: OpenPage, name: str, **query: str) -> AppTest:
    return open_page("one_step", run=run_named(store, name).id, **query)


def reading(store: RunStore, lab: Path) -> tuple[CharRNN, Tape]:
    """The LSTM, and what it does on the first 200 characters that it never saw."""
    run = run_named(store, LSTM)
    text = split_of(run.config, CorpusLibrary(lab / "data").load("play")).validation.text[:200]
    precise = in_double(run.model("best"))
    return precise, precise.forward(run.vocabulary().encode(text)[None])


def printed(page: AppTest) -> str:
    return page.latex[0].value.strip("$\n")


def metrics(page: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in page.metric}


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("one_step").markdown[-1].value


def test_equations_and_ledger_are_those_of_the_unit_and_the_character_of_the_address(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    model, tape = reading(small_lab, empty_lab)
    page = opened(small_lab, open_page, LSTM, unit="0", one_step_t="37")
    assert printed(page) == aligned(equations(one_step(model, tape, 0, 0, 37)))
    state = f"{memory_attribution('lstm', tape, 0, 0, 37).state:.6f}".replace("-", "−")
    assert page.code[0].value == textwrap.dedent(inspect.getsource(cells.LSTM.forward)).strip()
    shown = metrics(page)
    assert shown["c now"] == shown["Sum of the ledger"] == state
    page.button(key="one_step_next").click().run()
    assert printed(page) == aligned(equations(one_step(model, tape, 0, 0, 38)))
    page.number_input(key="unit").set_value(11).run()
    assert printed(page) == aligned(equations(one_step(model, tape, 0, 11, 38)))


def test_what_nobody_chose_follows_the_text_and_what_was_chosen_stays(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = opened(small_lab, open_page, LSTM)
    page.slider(key="at").set_value(900).run()
    linked = opened(small_lab, open_page, LSTM, at="900")
    for key in ("unit", "one_step_t"):
        assert page.number_input(key=key).value == linked.number_input(key=key).value
    page.button(key="one_step_next").click().run()
    page.number_input(key="unit").set_value(2).run()
    page.slider(key="at").set_value(920).run()
    assert page.number_input(key="unit").value == 2
    assert (
        page.number_input(key="one_step_t").value == linked.number_input(key="one_step_t").value + 1
    )


def test_steps_end_where_the_text_ends(small_lab: RunStore, open_page: OpenPage) -> None:
    page = opened(small_lab, open_page, LSTM, one_step_t="199")
    assert page.button(key="one_step_next").disabled
    page.button(key="one_step_back").click().run()
    assert page.number_input(key="one_step_t").value == 198
    assert not page.button(key="one_step_next").disabled


def test_the_gate_that_is_looked_into_is_chosen(small_lab: RunStore, open_page: OpenPage) -> None:
    page = opened(small_lab, open_page, GRU, gate="z")
    assert "What the memory says to z" in [each.value for each in page.subheader]


def test_a_cell_without_gates_says_why_it_has_no_ledger(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("one_step", run="gallery/tanh-rnn")
    assert "no such ledger for a tanh RNN" in page.info[0].value
    assert r"\tanh(a_h + u_h)" in printed(page)
    assert not page.metric


@pytest.mark.parametrize("wrong", ["-1", "soon"])
def test_nonsense_in_the_address_shows_the_usual_step(
    small_lab: RunStore, open_page: OpenPage, wrong: str
) -> None:
    usual = opened(small_lab, open_page, LSTM)
    page = opened(small_lab, open_page, LSTM, unit=wrong, one_step_t=wrong, gate=wrong, layer=wrong)
    assert not page.error
    assert printed(page) == printed(usual)


def test_another_run_is_opened_on_a_unit_of_its_own(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = opened(small_lab, open_page, LSTM, unit="3")
    page.selectbox(key="run_picked").set_value("gallery/tanh-rnn").run()
    usual = open_page("one_step", run="gallery/tanh-rnn")
    assert page.number_input(key="unit").value == usual.number_input(key="unit").value


@pytest.mark.parametrize("name", [LSTM, TANH])
def test_a_text_of_one_character_is_one_step(
    small_lab: RunStore, open_page: OpenPage, name: str
) -> None:
    page = opened(small_lab, open_page, name)
    page.segmented_control(key="text").set_value("own").run()
    page.text_area(key="text_typed").set_value("T").run()
    assert not page.exception
    assert not page.error
    assert page.button(key="one_step_next").disabled
    assert page.button(key="one_step_back").disabled
    page.text_area(key="text_typed").set_value("T☃").run()
    assert "☃" in page.error[0].value


def test_networks_that_cannot_be_opened_up_are_said(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = run_named(small_lab, LSTM)
    broken = {name: np.full_like(value, np.inf) for name, value in run.weights("best").items()}
    write_weights(run.folder / "weights" / "7777.safetensors", broken, half=True)
    page = opened(small_lab, open_page, LSTM, snapshot="7777")
    assert "training diverged" in said(page)
    page.select_slider("snapshot").set_value("best").run()
    assert printed(page)
    fresh = small_lab.create(RunConfig(corpus="play"), name="fresh")
    assert "no vocabulary yet" in said(open_page("one_step", run=fresh.id))
