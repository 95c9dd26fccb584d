"""Gradient check theatre: three gradients, planted bugs, a function that is not the one meant."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.gradient_check import torch
from rnnlab.inspection.gradient_check.bugs import BUGS, bugs_of, drawn
from rnnlab.inspection.gradient_check.check import CaseSetting, compared, make_case
from rnnlab.runs.errors import WorkerGone
from rnnlab.runs.jobs.queries import answer_autograd_query, autograd_query
from tests.pages.conftest import OpenPage, said

Ask = Callable[[CaseSetting], Future[dict[str, Any]] | None]


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """No answers from another test."""
    torch._answers.clear()
    torch._asked.clear()


@pytest.fixture
def torch_here(empty_lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """torch answers in this process: no test of the page needs a worker."""

    def ask(setting: CaseSetting) -> Future[dict[str, Any]]:
        case = make_case(setting)
        question = autograd_query(case.model, case.ids, case.targets, case.state)
        return settled(answer_autograd_query(question))

    monkeypatch.setattr(torch, "ask", ask)


def settled(answer: dict[str, Any]) -> Future[dict[str, Any]]:
    future: Future[dict[str, Any]] = Future()
    future.set_result(answer)
    return future


def verdicts(page: AppTest) -> dict[str, str]:
    table = page.table[0].value
    return {
        name.strip("`"): words.replace("\N{NO-BREAK SPACE}", " ")
        for name, words in table["Verdict"].items()
    }


def wrong(page: AppTest) -> set[str]:
    return {name for name, words in verdicts(page).items() if "fails" in words}


@pytest.mark.usefixtures("torch_here")
@pytest.mark.parametrize("cell", ["tanh RNN", "ReLU RNN", "LSTM", "GRU"])
def test_the_right_code_passes_beside_torch(open_page: OpenPage, cell: str) -> None:
    page = open_page("gradient_check", gc_cell=cell, gc_layers="2")
    assert len(verdicts(page)) == 10
    assert all("✓ passes" in words for words in verdicts(page).values())
    table = page.table[1].value
    assert (table["Autograd"] == table["Hand-written"]).all()


@pytest.mark.usefixtures("torch_here")
def test_a_bug_that_is_chosen_fails_where_the_core_says_so(open_page: OpenPage) -> None:
    page = open_page("gradient_check")
    page.selectbox(key="gc_bug").set_value("reused").run()
    assert not page.exception
    assert wrong(page) == {"rnn.weight_hh_l0"}
    setting = CaseSetting()
    case = make_case(setting)
    broken = BUGS["reused"].put_into(case.model)
    hand = type(case)(broken, case.ids, case.targets, case.state).gradients()
    error = compared(hand, case.differences(), case.loss)["rnn.weight_hh_l0"].error
    assert f"{error:.1e}" in page.table[0].value["Hand ↔ differences"]["`rnn.weight_hh_l0`"]
    assert any("+     dweight" in code.value for code in page.code)


@pytest.mark.usefixtures("torch_here")
def test_one_step_hides_the_carried_gradient(open_page: OpenPage) -> None:
    page = open_page("gradient_check", gc_bug=BUGS["carried"].title, gc_cell="GRU")
    assert wrong(page) == {n for n in verdicts(page) if n.startswith("rnn.")}
    page.slider(key="gc_seq_length").set_value(1).run()
    assert not page.exception
    assert not wrong(page)


@pytest.mark.usefixtures("torch_here")
def test_a_cell_without_gates_is_not_offered_swapped_ones(open_page: OpenPage) -> None:
    page = open_page("gradient_check", gc_cell="tanh RNN")
    assert BUGS["swapped"].title not in page.selectbox(key="gc_bug").options
    assert any("has no gates" in caption.value for caption in page.caption)


@pytest.mark.usefixtures("torch_here")
def test_a_case_is_solved_by_naming_the_right_one(open_page: OpenPage) -> None:
    page = open_page("gradient_check", gc_act="Find the bug", gc_case="7")
    bug = drawn("lstm", 7)
    other = next(each for each in bugs_of("lstm") if each is not bug)
    page.radio[0].set_value(other.name).run()
    page.button(key="gc_answer").click().run()
    assert other.title in page.error[0].value
    assert bug.why not in "".join(each.value for each in page.markdown)
    page.button(key="gc_hint").click().run()
    assert any(bug.hints[0] in each.value for each in page.markdown)
    page.radio[0].set_value(bug.name).run()
    page.button(key="gc_answer").click().run()
    assert not page.exception
    assert "second try" in page.success[0].value
    assert any(bug.why in each.value for each in page.markdown)


@pytest.mark.usefixtures("torch_here")
def test_what_was_tried_is_noted_and_a_new_case_begins_empty(open_page: OpenPage) -> None:
    page = open_page("gradient_check", gc_act="Find the bug", gc_case="7")
    page.slider(key="gc_seq_length").set_value(1).run()
    notes = next(each.value for each in page.dataframe if "Wrong" in each.value.columns)
    assert list(notes["T"]) == [1, 8]
    page.button(key="gc_give_up").click().run()
    assert any(drawn("lstm", 7).why in each.value for each in page.markdown)
    page.button(key="gc_new").click().run()
    assert not page.exception
    assert page.number_input(key="gc_case").value != 7
    notes = next(each.value for each in page.dataframe if "Wrong" in each.value.columns)
    assert len(notes) == 1


@pytest.mark.usefixtures("torch_here")
def test_only_torch_sees_a_wrong_function(open_page: OpenPage) -> None:
    page = open_page("gradient_check", gc_act="A wrong function", gc_cell="GRU")
    assert all("≠ torch" in words for words in verdicts(page).values())


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda _: None, "keeps no process"),
        (lambda _: settled({"error": "No such thing."}), "No such thing"),
        (lambda _: Future(), "torch is computing"),
    ],
)
def test_without_torch_the_rest_works(
    empty_lab: Path,
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    ask: Ask,
    words: str,
) -> None:
    monkeypatch.setattr(torch, "ask", ask)
    page = open_page("gradient_check")
    assert any(words in each.value.replace("\\", "") for each in page.caption)
    assert all("✓ passes" in verdict for verdict in verdicts(page).values())
    assert (page.table[1].value["Autograd"] == "").all()


def test_a_worker_that_died_is_told_and_asked_anew(
    empty_lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[CaseSetting] = []

    def ask(setting: CaseSetting) -> Future[dict[str, Any]]:
        asked.append(setting)
        dead: Future[dict[str, Any]] = Future()
        dead.set_exception(WorkerGone("It ended."))
        return dead

    monkeypatch.setattr(torch, "ask", ask)
    for _ in range(2):
        answer = torch.autograd(CaseSetting())
        assert answer.grads is None
        assert answer.why == "It ended."
        assert not answer.waits
    assert len(asked) == 2


@pytest.mark.usefixtures("torch_here")
@pytest.mark.parametrize("text", ["", "x", "short"])
def test_a_text_that_is_too_short_is_told(open_page: OpenPage, text: str) -> None:
    page = open_page("gradient_check")
    page.text_input(key="gc_text").set_value(text).run()
    assert not page.exception
    assert "type another text" in said(page)


@pytest.mark.usefixtures("torch_here")
def test_nonsense_in_the_address_does_no_harm(open_page: OpenPage) -> None:
    page = open_page(
        "gradient_check",
        gc_act="Find the bug",
        gc_case="-3",
        gc_cell="Transformer",
        gc_layers="9",
        gc_seq_length="999",
        gc_seed="x",
        gc_tensor="nothing",
    )
    assert not page.exception
    assert page.table


@pytest.mark.usefixtures("torch_here")
def test_markup_in_a_text_is_shown_as_it_is(open_page: OpenPage) -> None:
    page = open_page("gradient_check", gc_text="<b>$x$ `y` **z** %{q}", gc_act="Find the bug")
    assert not page.exception
    assert any(r"\<b\>\$x\$" in caption.value for caption in page.caption)
