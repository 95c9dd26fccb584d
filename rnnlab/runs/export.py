"""Takes a run elsewhere: as a zip file to share and to load, and as a small copy that ships.

A zip holds what there is to look at: settings, curve, samples, vocabulary, weights, and what the
network wrote. It leaves out what belongs to one computer (leases, control requests, the log) and
the resume point, which is three times the size of the weights: a run from a zip can be read,
sampled and opened up, and its settings used again, but not trained further.

A zip is not trusted. Nothing is extracted by name: only files of known names are read, each up to
its limit, into memory, and what is stored is written anew from the values found in them.
"""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Sizes
from rnnlab.runs.errors import ArchiveError, RunError
from rnnlab.runs.files import json_bytes, parse_lines, read_json, read_jsonl
from rnnlab.runs.metrics import COLUMNS, as_number, as_step
from rnnlab.runs.run import Run, config_json, parse_config
from rnnlab.runs.status import parse_status
from rnnlab.runs.store import LABS, RunStore, new_id, request_json
from rnnlab.runs.weights import SUFFIX, parse_weights, weights_bytes
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.networks import architecture_of, make_model

MEGABYTE = 1_000_000
MAX_ZIP_BYTES = 64 * MEGABYTE
MAX_UNPACKED_BYTES = 256 * MEGABYTE
MAX_FILES = 300
MAX_RATIO = 200  # a curve shrinks about 10-fold, weights hardly at all
MAX_BYTES = {  # of each file, uncompressed
    "config.json": 100_000,
    "request.json": 100_000,
    "status.json": 100_000,
    "vocabulary.json": 2 * MEGABYTE,
    "labels.json": MEGABYTE,
    "results.json": 4 * MEGABYTE,
    "metrics.jsonl": 40 * MEGABYTE,
    "samples.jsonl": 40 * MEGABYTE,
    "events.jsonl": 4 * MEGABYTE,
    "written.txt": MEGABYTE,
}
_WEIGHTS = re.compile(r"weights/([0-9]{1,12}|best|last)\.safetensors")
_MAX_WEIGHTS_BYTES = 200 * MEGABYTE


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, str)) else None


_ENTRY = b"PK\x01\x02"  # begins each entry in the list at the end of a zip
_COLUMNS_OF_LINES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "metrics.jsonl": {name: as_number for name in COLUMNS},
    "samples.jsonl": {"step": as_number, "prime": str, "temperature": as_number, "text": str},
    "events.jsonl": {
        "step": as_number,
        "seconds": as_number,
        "what": str,
        "old": _plain,
        "new": _plain,
    },
}


def export_zip(run: Run) -> bytes:
    """A run as a zip file that `import_zip` accepts.

    Where all snapshots together are too large, every second one is left out, again and again; so
    is every second line of a curve of many hours, evaluations excepted.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in MAX_BYTES:
            if (run.folder / name).exists():
                archive.writestr(name, _that_fits(name, (run.folder / name).read_bytes()))
        for path in _weights_that_fit(run, MAX_ZIP_BYTES - buffer.tell() - MEGABYTE):
            archive.write(path, f"weights/{path.name}", zipfile.ZIP_STORED)
    return buffer.getvalue()


def _that_fits(name: str, content: bytes) -> bytes:
    while name == "metrics.jsonl" and len(content) > MAX_BYTES[name]:
        lines = content.splitlines(keepends=True)
        kept = [line for k, line in enumerate(lines) if k % 2 or _is_evaluation(line)]
        if len(kept) == len(lines):
            break
        content = b"".join(kept)
    return content


def _is_evaluation(line: bytes) -> bool:
    ordinary = line.replace(b'"val_loss": null', b"").replace(b'"epoch_loss": null', b"")
    return b'"val_loss"' in ordinary or b'"epoch_loss"' in ordinary


def _weights_that_fit(run: Run, limit: int) -> list[Path]:
    folder = run.folder / "weights"
    ends = [path for name in ("best", "last") if (path := folder / f"{name}{SUFFIX}").exists()]
    steps = [folder / f"{step}{SUFFIX}" for step in reversed(run.snapshots())]
    while steps and sum(path.stat().st_size for path in ends + steps) > limit:
        steps = steps[1::2] if len(steps) > 1 else []
    return ends + steps


def import_zip(store: RunStore, data: bytes) -> Run:
    """Add the run in somebody's zip file to the store, under a new id.

    Raises:
        ArchiveError: not a run, damaged, too large, or not safe; one sentence says which.
        StorageError: the disk is full.
    """
    try:
        found = _read(data)
        files, run_id = _checked(found)
    except ArchiveError:
        raise
    except RunError as error:
        raise ArchiveError(f"This zip cannot be loaded: {error}") from None
    return store.add(run_id, files)


def _read(data: bytes) -> dict[str, bytes]:
    if len(data) > MAX_ZIP_BYTES:
        raise ArchiveError(
            f"This zip has {len(data) / MEGABYTE:.0f} MB, but at most "
            f"{MAX_ZIP_BYTES // MEGABYTE} MB can be loaded."
        )
    # A list of a million files takes long to read; its entries can be counted before.
    _check_count(data.count(_ENTRY))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename != "weights/"]
            _check_entries(entries)
            return {entry.filename: _content(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise ArchiveError(f"This is no zip file, or a damaged one: {error}.") from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        if isinstance(error, RunError):
            raise
        raise ArchiveError(f"This zip cannot be read: {error}.") from None


def _check_count(files: int) -> None:
    if files > MAX_FILES:
        raise ArchiveError(f"This zip has {files:,} files, but a run has at most {MAX_FILES}.")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise ArchiveError("This zip has two files of the same name, which no run has.")
    for entry in entries:
        _check_entry(entry)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED_BYTES:
        raise ArchiveError(
            f"Unpacked, this zip has {total / MEGABYTE:,.0f} MB, but at most "
            f"{MAX_UNPACKED_BYTES // MEGABYTE} MB can be loaded."
        )


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    shown = repr(name[:60])
    if entry.orig_filename != name or _size_limit(name) is None:
        raise ArchiveError(f"This zip holds {shown}, which is no file of a run.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveError(f"In this zip, {shown} is a link to another file, which is not allowed.")
    if entry.flag_bits & 1:
        raise ArchiveError("This zip is protected by a password; make one without.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError("This zip is compressed in an unusual way; make an ordinary one.")
    if entry.file_size > (_size_limit(name) or 0):
        raise ArchiveError(f"In this zip, {shown} is larger than a run's file can be.")
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1000):
        raise ArchiveError(f"In this zip, {shown} is compressed beyond belief: not a real run.")


def _size_limit(name: str) -> int | None:
    return _MAX_WEIGHTS_BYTES if _WEIGHTS.fullmatch(name) else MAX_BYTES.get(name)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)  # never more than was promised and allowed
    if len(content) != entry.file_size:
        raise ArchiveError(f"In this zip, {entry.filename!r} is not as large as it says.")
    return content


def _checked(found: dict[str, bytes]) -> tuple[dict[str, bytes], str]:
    """The files to store, written anew from what was found, and an id for the run."""
    if "config.json" not in found:
        raise ArchiveError("This zip has no config.json, so it is not a run of RNN Lab.")
    config, sha256 = parse_config(_json(found, "config.json"), "This run")
    files = {
        "config.json": json_bytes(config_json(config, sha256), indent=1),
        "request.json": _request(_json(found, "request.json"), config.corpus),
        "status.json": _status(_json(found, "status.json")),
    }
    for name, columns in _COLUMNS_OF_LINES.items():
        files[name] = _lines(found.get(name, b""), columns)
    results = _json(found, "results.json")
    if isinstance(results, dict):
        files["results.json"] = json_bytes(results, indent=1)
    if "written.txt" in found:
        files["written.txt"] = _utf8("written.txt", found["written.txt"]).encode("utf-8")
    weights = {name: content for name, content in found.items() if _WEIGHTS.fullmatch(name)}
    if "vocabulary.json" in found:
        vocabulary = _vocabulary(_json(found, "vocabulary.json"))
        files["vocabulary.json"] = json_bytes(vocabulary.to_json())
        labels = _labels(_json(found, "labels.json"))
        if labels:
            files["labels.json"] = json_bytes(labels)
        architecture = architecture_of(config, len(vocabulary), len(labels))
        for name, content in weights.items():
            _check_weights(name, content, architecture)
            files[name] = content
    elif weights:
        raise ArchiveError("This zip has weights but no vocabulary.json, so nobody can read them.")
    return files, new_id(config)


def _json(found: dict[str, bytes], name: str) -> Any:
    if name not in found:
        return None
    try:
        value = json.loads(_utf8(name, found[name]))
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # no halves of characters
    except (ValueError, RecursionError) as error:
        if isinstance(error, RunError):
            raise
        raise ArchiveError(f"In this zip, {name} is no JSON that can be read.") from None
    return value


def _utf8(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ArchiveError(f"In this zip, {name} is not text in UTF-8.") from None


def _request(data: Any, corpus: str) -> bytes:
    request = data if isinstance(data, dict) else {}
    name, note = str(request.get("name", "")), str(request.get("note", ""))
    return json_bytes(request_json(name or f"Loaded: {corpus}", note, imported=True), indent=1)


def _status(data: Any) -> bytes:
    status = asdict(parse_status(data))
    if status["state"] not in ("finished", "failed"):
        status["state"] = "stopped"
    status.update(pid=None, host="", beat=0.0, attempt=0)
    return json_bytes(status, indent=1)


def _vocabulary(data: Any) -> Vocabulary:
    try:
        return Vocabulary.from_json(data)
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"In this zip, vocabulary.json cannot be used: {error}") from None


def _labels(data: Any) -> list[str]:
    if data is not None and not (isinstance(data, list) and all(isinstance(x, str) for x in data)):
        raise ArchiveError("In this zip, labels.json is no list of names.")
    return data or []


def _lines(content: bytes, columns: dict[str, Callable[[Any], Any]]) -> bytes:
    """JSON lines with only the known columns, each of its kind; other lines are left out."""
    kept = (
        {name: kind(record[name]) for name, kind in columns.items() if name in record}
        for record in parse_lines(content)
        if as_step(record.get("step")) is not None
    )
    return b"".join(json_bytes(record) + b"\n" for record in kept)


def _check_weights(name: str, content: bytes, architecture: Sizes) -> None:
    arrays = parse_weights(content, name)
    try:
        make_model(architecture, arrays)
    except ValueError as error:
        raise ArchiveError(f"In this zip, {name} does not fit the settings: {error}") from None
    for tensor, values in arrays.items():
        if not np.isfinite(values).all():
            raise ArchiveError(
                f"In this zip, '{tensor}' in {name} holds values that are no number."
            )


CURVE_LINES = 150  # of the curve, besides evaluations
CURVE_DIGITS = 6  # of a number in it that say something
MIN_QUOTE_CHARACTERS = 25  # characters in a row that make a sample a quotation


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
    kept = set(np.linspace(0, len(records) - 1, CURVE_LINES).round().astype(int).tolist())
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
        name: float(f"{value:.{CURVE_DIGITS}g}") if isinstance(value, float) else value
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
    return any(
        text[k : k + MIN_QUOTE_CHARACTERS] in corpus.text
        for k in range(max(1, len(text) - MIN_QUOTE_CHARACTERS + 1))
    )
