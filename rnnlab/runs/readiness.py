"""What a spare worker does before there is anything to train, so that a run starts at once."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from rnnlab.runs.failures import sentence
from rnnlab.text.languages import generated_corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.engines import available_devices, make_engine, measured_speed
from rnnlab.training.loop import Controls, Stopwatch, train
from rnnlab.training.task import first_params
from rnnlab.training.tasks import prepare

_REHEARSAL = RunConfig(
    corpus="reber",
    max_characters=2000,
    hidden_size=8,
    batch_size=2,
    seq_length=8,
    budget=3,
    budget_unit="steps",
    threads=1,
)


def get_ready(hurry: Callable[[], bool]) -> dict[str, Any]:
    """Load torch, train something tiny, see what the machine can do.

    Args:
        hurry: whether a request waits already; then the speed is left for another time.
    Returns:
        `devices`, best first; `speed`, the fields of a `Speed` or None; `error`, a sentence when
        torch does not work here ("" when it does), which need not keep the NumPy engine from it.
    """
    report: dict[str, Any] = {"devices": ["cpu"], "speed": None, "error": ""}
    try:
        _rehearse()
        report["devices"] = list(available_devices())
        if not hurry():
            report["speed"] = asdict(measured_speed())
    except Exception as error:
        traceback.print_exc()
        report["error"] = sentence(error)
    return report


def _rehearse() -> None:
    """Go once through everything a run needs first: what is imported late is there afterwards."""
    task = prepare(_REHEARSAL, generated_corpus(_REHEARSAL.corpus))
    engine = make_engine(_REHEARSAL, task.architecture, first_params(task))
    for _ in train(task, engine, _REHEARSAL, Controls(), Stopwatch()):
        pass
