"""Small questions to a worker: what crosses the pipe, what is refused, what when nobody answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnlab.inspection.gradient_check.check import Case, CaseSetting, make_case
from rnnlab.network.cells import CELLS
from rnnlab.runs.errors import WorkerGone
from rnnlab.runs.files import json_bytes
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.jobs.pool import SpareWorker
from rnnlab.runs.jobs.process import WorkerProcess
from rnnlab.runs.jobs.queries import QueryError, answer_autograd_query, autograd_query, gradients

PIPE = 65_536  # bytes that Linux takes before a writer has to wait


def question(case: Case) -> dict[str, Any]:
    return autograd_query(case.model, case.ids, case.targets, case.state)


def asked(question: dict[str, Any]) -> dict[str, np.ndarray]:
    """There and back as lines of JSON, in this process."""
    return gradients(
        json.loads(json_bytes(answer_autograd_query(json.loads(json_bytes(question)))))
    )


@pytest.mark.parametrize("cell", CELLS)
def test_numbers_cross_the_pipe_unchanged(cell: str) -> None:
    case = make_case(CaseSetting(cell, 2))
    found, expected = asked(question(case)), case.gradients()
    assert found.keys() == expected.keys()
    for name, grad in expected.items():
        assert np.linalg.norm(found[name] - grad) <= 1e-10 * np.linalg.norm(grad)


def test_the_largest_question_goes_into_a_pipe_at_once() -> None:
    text = "".join(chr(code) for code in range(0x41, 0x41 + 40))
    case = make_case(CaseSetting("lstm", 2, 8, 4, 12, 1, text))
    assert len(json_bytes(question(case))) < PIPE


def broken(**changes: Callable[[Any], Any]) -> dict[str, Any]:
    whole = question(make_case(CaseSetting("gru")))
    return whole | {name: change(whole[name]) for name, change in changes.items()}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (broken(cell=lambda _: "perceptron"), "There is no cell"),
        (broken(params=lambda p: {**p, "more": [1.0]}), "does not have"),
        (broken(params=lambda p: {**p, "decoder.bias": [None] * 7}), "no finite number"),
        (broken(params=lambda p: {**p, "decoder.bias": [[1.0], 2.0]}), "ragged"),
        (broken(ids=lambda ids: [[99, *row[1:]] for row in ids]), "from 0 to 6"),
        (broken(ids=lambda ids: [*ids, [1]]), "table of whole numbers"),
        (broken(targets=lambda targets: targets[:1]), "The targets are"),
        (broken(state=lambda state: state * 2), "needs"),
    ],
)
def test_what_cannot_be_answered_comes_back_as_a_sentence(
    wrong: dict[str, Any], words: str
) -> None:
    with pytest.raises(QueryError, match=words) as told:
        asked(wrong)
    assert str(told.value).endswith(".")


def test_a_network_that_is_too_large_is_refused_before_it_is_sent() -> None:
    case = make_case(CaseSetting())
    with pytest.raises(QueryError, match="at most 2,800 and 100"):
        autograd_query(case.model, np.zeros((10, 11), int), np.zeros((10, 11), int), case.state)


def test_a_worker_that_ends_before_it_answers_says_so(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path / "log", lambda: None)
    answer = worker.ask(question(make_case(CaseSetting())))
    assert worker.is_asked
    worker.kill()
    with pytest.raises(WorkerGone, match="ended before it answered"):
        answer.result(timeout=10)
    with pytest.raises(OSError, match=r"."):
        worker.ask({"do": "autograd"})
    assert not worker.is_asked


class Cold:
    """A worker that has not said yet that it is ready."""

    report = None
    is_asked = False

    def is_alive(self) -> bool:
        return True


def test_nobody_is_asked_who_is_not_ready(tmp_path: Path, manager: JobManager) -> None:
    spare = SpareWorker(Cold)
    assert spare.ask({}) is None
    spare.keep(lambda: True)
    assert spare.ask({}) is None
    assert not manager.keeps_spare
    assert manager.ask({}) is None
