"""Makes a finished run small enough to ship: what the labs show of it, and nothing more."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.runs.errors import RunError
from rnnlab.runs.files import json_bytes, read_json, read_jsonl
from rnnlab.runs.metrics import as_number
from rnnlab.runs.run import Run, config_json
from rnnlab.runs.store import LABS, RunStore, request_json
from rnnlab.runs.weights import SUFFIX, weights_bytes
from rnnlab.text.corpus import Corpus

LINES = 150  # of the curve, besides evaluations
DIGITS = 6  # of a number in it that say something
QUOTE = 25  # characters in a row that make a sample a quotation


def ship(
    store: RunStore,
    run: Run,
    name: str,
    title: str,
    note: str,
    corpus: Corpus,
    *,
    heaviest: int | None = None,
) -> Run:
    """Add a copy of a run to those of the labs.

    It has the settings, the curve thinned out, the results, one snapshot in float16, and those
    samples that do not quote the corpus: texts of others do not ship.

    Args:
        name: of its folder, such as "dino-gru-1".
        heaviest: bytes up to which the snapshot comes along; None: it always does.
    Raises:
        RunError: the run has not ended.
        StorageError: there is one of that name, or the disk is full.
    """
    if run.status().state not in ("finished", "failed"):
        raise RunError(f"Run '{run.name}' is {run.status().state}; only a run that ended can ship.")
    status = {**(read_json(run.folder / "status.json") or {}), "pid": None, "host": "", "beat": 0.0}
    files = {
        "config.json": json_bytes(config_json(run.config, run.corpus_sha256), indent=1),
        "request.json": json_bytes(request_json(title, note), indent=1),
        "status.json": json_bytes({**status, "attempt": 0, "created": 0.0}, indent=1),
        "metrics.jsonl": _thinned(run),
        "samples.jsonl": _own_words(run, corpus),
    }
    weights = weights_bytes(run.weights("last"), half=True)
    if heaviest is None or len(weights) <= heaviest:
        files[f"weights/{run.status().step}{SUFFIX}"] = weights
    for path in ("vocabulary.json", "labels.json", "results.json"):
        if (run.folder / path).exists():
            files[path] = (run.folder / path).read_bytes()
    return store.add(f"{LABS}/{name}", files)


def _thinned(run: Run) -> bytes:
    """Some lines of the curve; each holds the mean over all updates since the line before it."""
    records = list(read_jsonl(run.folder / "metrics.jsonl"))
    kept = set(np.linspace(0, len(records) - 1, LINES).round().astype(int).tolist())
    rare = ("val_loss", "test_loss", "epoch_loss")
    lines, first = [], 0
    for k, record in enumerate(records):
        if k in kept or any(record.get(name) is not None for name in rare):
            before = records[first - 1]["step"] if first else 0
            means = _means(records[first : k + 1], before)
            lines.append(json_bytes(_compact(record | means)) + b"\n")
            first = k + 1
    return b"".join(lines)


def _compact(record: dict[str, Any]) -> dict[str, Any]:
    """A line of a curve without what was not measured, and without digits that say nothing."""
    return {
        name: float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
        for name, value in record.items()
        if value is not None
    }


def _means(records: list[dict[str, Any]], before: int) -> dict[str, float]:
    """The means of what is a mean over updates, each line counting as often as it has updates.

    Args:
        before: updates made before the first of these lines.
    """
    updates = np.diff([record["step"] for record in records], prepend=before)
    means = {}
    for name in ("train_loss", "grad_norm"):
        values = np.array([as_number(record.get(name)) for record in records])
        known = np.isfinite(values) & (updates > 0)
        if known.any():
            means[name] = float(np.average(values[known], weights=updates[known]))
    return means


def _own_words(run: Run, corpus: Corpus) -> bytes:
    records = read_jsonl(run.folder / "samples.jsonl")
    items = frozenset(corpus.items or ())
    return b"".join(
        json_bytes(r) + b"\n"
        for r in records
        if not (r.get("prime") in items or _quotes(r["text"], corpus))
    )


def _quotes(text: str, corpus: Corpus) -> bool:
    """Whether running text repeats a stretch of the corpus; a name that was made up is none."""
    if corpus.items is not None:
        return False
    return any(text[k : k + QUOTE] in corpus.text for k in range(max(1, len(text) - QUOTE + 1)))
