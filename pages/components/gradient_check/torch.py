"""Gradients by torch, asked of the spare worker: this process never loads torch."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass
from typing import Any

from pages.components import services
from rnnlab.inspection.gradient_check.check import CaseSetting, make_case
from rnnlab.network.char_rnn import Params
from rnnlab.runs.errors import WorkerGone
from rnnlab.runs.jobs.queries import QueryError, autograd_query, gradients

_KEPT = 128  # answers
_AT_ONCE = 0.3  # seconds that a page waits before it says that it waits
_PATIENCE = 15.0  # seconds until silence is called an error


@dataclass(frozen=True)
class Answer:
    """Gradients by name; or none, and why."""

    grads: Params | None
    why: str = ""
    waits: bool = False  # an answer will come, so it is worth looking again


def autograd(setting: CaseSetting) -> Answer:
    """The gradients of a setting's network as torch finds them, as soon as they are there."""
    with _lock:
        if setting in _answers:
            _answers.move_to_end(setting)
            return Answer(_answers[setting])
        if setting not in _asked:
            answer = ask(setting)
            if answer is None:
                return _nobody()
            _asked[setting] = answer, time.monotonic()
        answer, since = _asked[setting]
    return _settled(setting, answer, since)


def ask(setting: CaseSetting) -> Future[dict[str, Any]] | None:
    """Put the query to the spare worker; None while there is none, or it is asked already."""
    case = make_case(setting)
    return services.jobs().ask(autograd_query(case.model, case.ids, case.targets, case.state))


def _settled(setting: CaseSetting, answer: Future[dict[str, Any]], since: float) -> Answer:
    try:
        found = gradients(answer.result(timeout=_AT_ONCE))
    except TimeoutError:
        if time.monotonic() - since < _PATIENCE:
            return Answer(None, "torch is computing …", waits=True)
        return _given_up(setting, f"torch has not answered for {_PATIENCE:.0f} seconds.")
    except (QueryError, WorkerGone) as error:
        return _given_up(setting, str(error))
    with _lock:
        _asked.pop(setting, None)
        _answers[setting] = found
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    return Answer(found)


def _given_up(setting: CaseSetting, why: str) -> Answer:
    """The next look asks again."""
    with _lock:
        _asked.pop(setting, None)
    return Answer(None, why)


def _nobody() -> Answer:
    """Why nobody could be asked."""
    jobs = services.jobs()
    report = jobs.worker_report
    if report is not None and report["error"]:
        return Answer(None, f"torch does not work here: {report['error']}")
    if not jobs.keeps_spare:
        return Answer(None, "This app keeps no process that could ask torch.")
    if not jobs.is_idle:
        why = "A run trains now, so no process is free to ask torch; it will be asked after that."
        return Answer(None, why, waits=True)
    return Answer(None, "torch is loading …", waits=True)


_lock = threading.Lock()
_answers: OrderedDict[CaseSetting, Params] = OrderedDict()
_asked: dict[CaseSetting, tuple[Future[dict[str, Any]], float]] = {}
