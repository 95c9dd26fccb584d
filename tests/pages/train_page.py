"""What the tests of the Train page read there and do to it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from pages.components.training import controls as training_controls
from rnnlab.runs import leases
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from tests.pages.conftest import TINY


def store_of(lab: Path) -> RunStore:
    return RunStore(lab / "checkpoints")


def texts(page: AppTest) -> str:
    """All the words that the page says, without the marks that keep them from being Markdown."""
    kinds = (page.markdown, page.caption, page.text, page.error, page.warning)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def button(page: AppTest, label: str) -> Any:
    return next(each for each in page.button if each.label == label)


def labels(page: AppTest) -> set[str]:
    return {each.label for each in page.button}


def shown_run(page: AppTest) -> str:
    asked = page.query_params["run"]
    return asked if isinstance(asked, str) else asked[0]


def curves(page: AppTest) -> dict[str, Any]:
    """The traces of the chart by name."""
    (plot,) = (e for e in page.get("bidi_component") if "plot" in e.proto.component_name)
    traces = [json.loads(trace) for trace in json.loads(plot.proto.json)["traces"]]
    return {trace.get("name", ""): trace for trace in traces}


def put(page: AppTest, **values: Any) -> AppTest:
    """The page with some settings chosen or typed."""
    page.toggle(key=training_controls.EXACT).set_value(True).run()
    widgets = [*page.number_input, *page.selectbox, *page.button_group]
    by_key = {widget.key: widget for widget in widgets}
    for name, value in values.items():
        by_key[training_controls.key(name)].set_value(value)
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def with_status(store: RunStore, **fields: Any) -> Run:
    """A run whose worker wrote this status just now."""
    run = store.create(TINY, name="made for the test")
    leases.acquire(run.folder, 1, this_process())
    me = this_process().to_json()
    status = {**asdict(Status(attempt=1, step=20, beat=time.time())), **me, **fields}
    (run.folder / "status.json").write_text(json.dumps(status), encoding="utf-8")
    return run
