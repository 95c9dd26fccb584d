"""The training process, `python -m rnnlab.runs.jobs.worker`, and how it warms up.

It imports torch and makes a few updates, says that it is ready, and waits: one line of JSON on
standard input is one request, each line on standard output one answer. Small queries (see
`queries.py`) it answers and waits on; it trains one run and ends. The end of standard input means
that the app is gone: it saves, writes `interrupted` into the run's status, and leaves. SIGTERM
means the same.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from rnnlab.runs.errors import user_message
from rnnlab.runs.files import json_bytes
from rnnlab.runs.jobs.queries import answer_autograd_query
from rnnlab.runs.jobs.trainer import Attempt
from rnnlab.runs.run import Run
from rnnlab.text.formal_languages import generated_corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.factory import available_devices, make_engine, measured_speed
from rnnlab.training.loop import Controls, train
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params

_DRY_RUN = RunConfig(
    corpus="reber",
    max_characters=2000,
    hidden_size=8,
    batch_size=2,
    seq_length=8,
    budget=3,
    budget_unit="steps",
    threads=1,
)


def warm_up(hurry: Callable[[], bool]) -> dict[str, Any]:
    """Load torch, train something tiny, see what the machine can do.

    Args:
        hurry: whether a request waits already; then the speed is left for another time.
    Returns:
        `devices`, best first; `speed`, the fields of a `Speed` or None; `error`, a sentence when
        torch does not work here ("" when it does), which need not keep the NumPy engine from it.
    """
    report: dict[str, Any] = {"devices": ["cpu"], "speed": None, "error": ""}
    try:
        _dry_run()
        report["devices"] = list(available_devices())
        if not hurry():
            report["speed"] = asdict(measured_speed())
    except Exception as error:
        traceback.print_exc()
        report["error"] = user_message(error)
    return report


def _dry_run() -> None:
    """Go once through everything a run needs first: what is imported late is there afterwards."""
    task = make_task(_DRY_RUN, generated_corpus(_DRY_RUN.corpus))
    engine = make_engine(_DRY_RUN, task.architecture, first_params(task))
    for _ in train(task, engine, _DRY_RUN, Controls(), Stopwatch()):
        pass


Answer = Callable[[dict[str, Any]], None]
Requests = queue.SimpleQueue[dict[str, Any]]
_NICENESS = 10  # the app answers before training goes on


def main() -> None:
    """Warm up, answer queries, carry out one request, leave."""
    answer = _take_standard_output()
    leave, busy = threading.Event(), threading.Event()
    requests = _listen(leave, busy)
    _heed_signals(leave)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    # Samples are written with NumPy. A second thread of its algebra would stay awake for a tenth
    # of a second after each one, on the core that the next updates need.
    threadpool_limits(limits=1, user_api="blas")
    if not busy.is_set():  # else there is no time to warm up: the run loads what it needs
        answer({"event": "ready", **warm_up(hurry=busy.is_set)})
    while (request := requests.get()).get("do") in QUERIES:
        answered = QUERIES[request["do"]](request)
        answer({"event": "answer", "number": request.get("number"), **answered})
    _serve(request, leave, answer)


def _serve(request: dict[str, Any], leave: threading.Event, answer: Answer) -> None:
    try:
        REQUESTS[str(request.get("do"))](request, leave, answer)
    except Exception as error:
        traceback.print_exc()
        answer({"event": "ended", "state": "failed", "error": user_message(error), "advice": ""})


def _train(request: dict[str, Any], leave: threading.Event, answer: Answer) -> None:
    folder = Path(request["folder"])
    _log_to(folder / "worker.log")
    run = Run(str(request["run"]), folder)
    number, data = int(request["attempt"]), Path(request["data"])
    attempt = Attempt(run, number, data, leave, on_first=lambda: answer({"event": "first"}))
    end = attempt.carry_out()
    answer({"event": "ended", **end})  # the next run may start while this one writes its sample
    attempt.write_final_sample()


REQUESTS = {"train": _train}
# Answered at once, by a worker that stays a spare.
QUERIES = {"autograd": answer_autograd_query}


def _take_standard_output() -> Answer:
    """Keep standard output for answers; whatever libraries print goes where errors go."""
    answers = os.dup(1)
    os.dup2(2, 1)

    def answer(message: dict[str, Any]) -> None:
        try:
            _write(answers, json_bytes(message) + b"\n")
        except OSError:  # the app is gone; the end of standard input says so too
            return

    return answer


def _write(descriptor: int, data: bytes) -> None:
    while data:  # a signal may come in the middle of a long line
        data = data[os.write(descriptor, data) :]


def _log_to(path: Path) -> None:
    try:
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError:  # a full disk is found out, and told, where it matters
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def _listen(leave: threading.Event, busy: threading.Event) -> Requests:
    """Requests from standard input, noticed by a thread even while torch is being loaded."""
    requests: Requests = queue.SimpleQueue()
    threading.Thread(
        target=_read_requests, args=(requests, leave, busy), name="lifeline", daemon=True
    ).start()
    return requests


def _read_requests(requests: Requests, leave: threading.Event, busy: threading.Event) -> None:
    pending = b""
    # By file descriptor: a thread that holds sys.stdin's lock would disturb the process's end.
    while data := _read(0):
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if request.get("do") not in QUERIES:
                busy.set()
            requests.put(request)
    leave.set()
    if not busy.is_set():  # a spare has nothing to save, whatever it was asked
        os._exit(0)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def _heed_signals(leave: threading.Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the app
    signal.signal(signal.SIGTERM, lambda *_: leave.set())


if __name__ == "__main__":
    main()
