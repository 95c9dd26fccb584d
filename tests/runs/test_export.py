"""Runs as zip files: what goes out comes back, and what others made is not trusted."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.runs import export
from rnnlab.runs.errors import ArchiveError
from rnnlab.runs.export import export_zip, import_zip
from rnnlab.runs.files import append_line, json_bytes, replace_json
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.training.config import RunConfig

CONFIG = RunConfig(corpus="reber", hidden_size=5, embedding_size=3, num_layers=2)
SYMBOLS = ["\n", "a", "b", "ü"]


def some_params() -> dict[str, np.ndarray]:
    architecture = Architecture("lstm", len(SYMBOLS), 3, 5, 2)
    return initial_params(architecture, "pytorch", np.random.default_rng(3))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def run(store: RunStore) -> Run:
    """A small run with something in each of its files."""
    run = store.create(CONFIG, name="Über <b>", note="a note", corpus_sha256="f" * 64)
    (run.folder / "weights").mkdir()
    for name in ("0", "8", "best", "last"):
        path = run.folder / "weights" / f"{name}.safetensors"
        write_weights(path, some_params(), half=name.isdigit())
    replace_json(run.folder / "vocabulary.json", SYMBOLS)
    replace_json(
        run.folder / "status.json", {"state": "running", "attempt": 3, "step": 8, "pid": 1}
    )
    append_line(run.folder / "metrics.jsonl", {"step": 1, "train_loss": 1.5, "val_loss": None})
    append_line(
        run.folder / "samples.jsonl", {"step": 1, "prime": "a", "temperature": 1, "text": "ü"}
    )
    append_line(
        run.folder / "events.jsonl",
        {"step": 1, "seconds": 0.5, "what": "learning_rate", "old": 0.1, "new": 0.2},
    )
    (run.folder / "written.txt").write_bytes("aüb\n".encode())
    (run.folder / "worker.log").write_text("secret paths")
    (run.folder / "resume.safetensors").write_bytes(b"large")
    return run


@pytest.fixture(scope="module")
def contents(run: Run) -> dict[str, bytes]:
    """The files in its zip."""
    with zipfile.ZipFile(io.BytesIO(export_zip(run))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes], **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_run_comes_back_as_it_went(run: Run, tmp_path: Path) -> None:
    back = import_zip(RunStore(tmp_path), export_zip(run))
    assert (back.name, back.note, back.config) == (run.name, run.note, run.config)
    assert back.corpus_sha256 == run.corpus_sha256
    assert back.samples() == run.samples()
    assert back.events() == run.events()
    assert back.written() == run.written()
    assert back.vocabulary() == run.vocabulary()
    assert back.snapshots() == [0, 8]
    for name, values in run.metrics().items():
        np.testing.assert_array_equal(back.metrics()[name], values)
    for snapshot in (0, 8, "best", "last"):
        for name, values in run.weights(snapshot).items():
            np.testing.assert_array_equal(back.weights(snapshot)[name], values)


def test_an_imported_run_is_not_active_and_cannot_be_resumed(run: Run, tmp_path: Path) -> None:
    back = import_zip(RunStore(tmp_path), export_zip(run))
    assert back.status().state == "stopped"
    assert back.status().step == 8
    assert not back.can_resume
    assert back.id != run.id


def test_a_zip_holds_nothing_that_belongs_to_one_computer(contents: dict[str, bytes]) -> None:
    assert not {"worker.log", "resume.safetensors", "control.json"} & set(contents)
    assert not any(name.startswith("claims") for name in contents)


def test_snapshots_are_thinned_until_a_zip_is_small_enough(run: Run) -> None:
    size = (run.folder / "weights" / "best.safetensors").stat().st_size  # a step takes half of it
    fitting = export._weights_that_fit(run, int(2.9 * size))
    assert [path.stem for path in fitting] == ["best", "last", "0"]
    assert [path.stem for path in export._weights_that_fit(run, 0)] == ["best", "last"]


def test_a_curve_of_many_hours_is_thinned_until_it_can_be_loaded_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = RunStore(tmp_path).create(CONFIG, name="long")
    for step in range(400):
        measured = {"step": step, "train_loss": 2.0, "val_loss": 1.5 if step % 100 == 99 else None}
        append_line(long.folder / "metrics.jsonl", measured)
    monkeypatch.setitem(export.MAX_BYTES, "metrics.jsonl", 4000)
    kept = import_zip(RunStore(tmp_path), export_zip(long)).metrics()
    assert 20 < len(kept["step"]) < 400
    assert kept["step"][np.isfinite(kept["val_loss"])].tolist() == [99, 199, 299, 399]
    assert np.diff(kept["step"]).max() <= 16  # thinned evenly


def huge_header() -> bytes:
    return struct.pack("<Q", 2**62) + b"{}"


def wrong_type() -> bytes:
    return save({name: value.astype(np.int32) for name, value in some_params().items()})


def not_finite() -> bytes:
    params = some_params()
    params["decoder.bias"][0] = np.nan
    return save(params)


def wrong_shape() -> bytes:
    return save({**some_params(), "decoder.bias": np.zeros(9, np.float32)})


def one_tensor_too_many() -> bytes:
    return save({**some_params(), "extra": np.zeros(9, np.float32)})


HOSTILE_WEIGHTS: list[Callable[[], bytes]] = [
    huge_header,
    wrong_type,
    not_finite,
    wrong_shape,
    one_tensor_too_many,
    lambda: pickle.dumps(some_params()),
    lambda: b"",
    lambda: save(some_params())[:-7],
    lambda: save({}),
    lambda: struct.pack("<Q", 2) + b"[]",
    lambda: struct.pack("<Q", 60_000) + b"[" * 60_000,
    lambda: struct.pack("<Q", 18) + b'{"decoder.bias":1}',
]


@pytest.mark.parametrize("make", HOSTILE_WEIGHTS)
def test_weights_that_are_no_weights_are_refused(
    store: RunStore, contents: dict[str, bytes], make: Callable[[], bytes]
) -> None:
    refused(store, zipped({**contents, "weights/best.safetensors": make()}))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/passwd",
        "weights/../../evil",
        "C:\\evil.json",
        "weights\\..\\evil",
        "worker.log",
        "claims/1",
        "control.json",
        "weights/evil.pt",
        "weights/1e5.safetensors",
        "weights/٣.safetensors",
        "CONFIG.JSON",
        "a/config.json",
        "sub/",
        "ü.json",
    ],
)
def test_files_of_other_names_are_refused(
    store: RunStore, contents: dict[str, bytes], name: str
) -> None:
    refused(store, zipped({**contents, name: b"{}"}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b""),
        ("config.json", b"\xff\xfe{"),
        ("config.json", b'{"format": 2}'),
        ("config.json", json.dumps({**CONFIG.to_json(), "hidden_size": 6}).encode()),
        ("config.json", json.dumps({**CONFIG.to_json(), "task": "evil"}).encode()),
        ("config.json", json.dumps({**CONFIG.to_json(), "evil": 1}).encode()),
        ("config.json", b"[" * 90_000),
        ("config.json", pickle.dumps(CONFIG.to_json())),
        ("vocabulary.json", b"{}"),
        ("vocabulary.json", b'["a"]'),
        ("vocabulary.json", b'["a", "a", "b", "c"]'),
        ("vocabulary.json", b'["a", "b", "c", "\\ud800"]'),
        ("vocabulary.json", b"[1, 2, 3, 4]"),
        ("written.txt", b"\xff\xff"),
        ("status.json", b"{"),
        ("request.json", b"\x80"),
    ],
)
def test_contents_that_make_no_run_are_refused(
    store: RunStore, contents: dict[str, bytes], name: str, content: bytes
) -> None:
    refused(store, zipped({**contents, name: content}))


@pytest.mark.parametrize("name", ["config.json", "vocabulary.json"])
def test_what_a_run_needs_must_be_there(
    store: RunStore, contents: dict[str, bytes], name: str
) -> None:
    refused(store, zipped({key: value for key, value in contents.items() if key != name}))


def test_a_bomb_is_refused_before_it_is_unpacked(
    store: RunStore, contents: dict[str, bytes]
) -> None:
    bomb = b'{"step": 1}\n' * 3_000_000
    data = zipped({**contents, "metrics.jsonl": bomb}, compression=zipfile.ZIP_DEFLATED)
    assert len(data) < 200_000
    assert "beyond belief" in refused(store, data)


def test_a_size_that_is_a_lie_is_refused(store: RunStore, contents: dict[str, bytes]) -> None:
    data = zipped({"config.json": contents["config.json"]}, compression=zipfile.ZIP_DEFLATED)
    size = struct.pack("<I", len(contents["config.json"]))
    for lie in (10, 90_000):
        refused(store, data.replace(size, struct.pack("<I", lie)))


def test_limits_on_sizes_and_numbers_are_kept(
    store: RunStore, contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"weights/{i}.safetensors": b"x" for i in range(export.MAX_FILES)}
    assert "files" in refused(store, zipped({**contents, **many}))
    refused(store, zipped({**contents, "config.json": b" " * 200_000}))
    data = zipped(contents)
    monkeypatch.setattr(export, "MAX_UNPACKED_BYTES", 1000)
    assert "Unpacked" in refused(store, data)
    monkeypatch.setattr(export, "MAX_ZIP_BYTES", len(data) - 1)
    assert "at most" in refused(store, data)


def test_a_list_of_very_many_files_is_refused_before_it_is_read(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 15)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 60_000, 60_000, 60_000 * len(entry), 0, 0)
    monkeypatch.setattr(export.zipfile, "ZipFile", None)  # not even asked
    assert "60,000 files" in refused(store, entry * 60_000 + end)


def test_links_and_doubles_and_passwords_are_refused(
    store: RunStore, contents: dict[str, bytes]
) -> None:
    buffer = io.BytesIO(zipped(contents))
    with zipfile.ZipFile(buffer, "a") as made:
        link = zipfile.ZipInfo("weights/3.safetensors")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert "link" in refused(store, buffer.getvalue())
    buffer = io.BytesIO(zipped(contents))
    with zipfile.ZipFile(buffer, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("config.json", contents["config.json"])
    assert "same name" in refused(store, buffer.getvalue())
    encrypted = zipped({"config.json": contents["config.json"]})
    at = encrypted.index(b"PK\x01\x02") + 8
    refused(store, encrypted[:at] + b"\x01" + encrypted[at + 1 :])
    refused(store, zipped(contents, compression=zipfile.ZIP_BZIP2))


@given(st.data())
def test_no_damage_to_a_zip_is_met_with_anything_but_a_sentence(
    store: RunStore, contents: dict[str, bytes], data: st.DataObject
) -> None:
    made = bytearray(zipped(contents, compression=zipfile.ZIP_DEFLATED))
    cut = data.draw(st.integers(0, len(made)))
    for _ in range(data.draw(st.integers(0, 5))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(made[:cut]) if data.draw(st.booleans()) else bytes(made)
    with contextlib.suppress(ArchiveError):  # any other error fails the test
        run = import_zip(store, damaged)
        assert run.status().state == "stopped"
        store.delete(run.id)


@given(st.binary(max_size=500))
def test_bytes_that_are_no_zip_are_refused(store: RunStore, data: bytes) -> None:
    refused(store, data)


@given(
    st.dictionaries(
        st.sampled_from(["step", "train_loss", "text", "what", "new"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(st.integers()),
    )
)
def test_odd_lines_are_cleaned_when_a_run_is_loaded(
    store: RunStore, contents: dict[str, bytes], record: dict[str, object]
) -> None:
    line = json_bytes(record)
    files = {name: line for name in ("metrics.jsonl", "samples.jsonl", "events.jsonl")}
    run = import_zip(store, zipped({**contents, **files}))
    run.metrics(), run.samples(), run.events()
    store.delete(run.id)


def refused(store: RunStore, data: bytes) -> str:
    """The sentence with which these bytes are refused; nothing of them is left in the store."""
    before = sorted(path.name for path in store.root.iterdir())
    with pytest.raises(ArchiveError) as caught:
        import_zip(store, data)
    assert str(caught.value).endswith(".")
    assert sorted(path.name for path in store.root.iterdir()) == before
    return str(caught.value)
