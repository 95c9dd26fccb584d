"""The library finds, fetches and checks; a file that is not the known one is never used."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rnnlab.text.corpora.catalog import REMOTE, Remote, RemoteFile
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.library import CorpusLibrary

FILES = {
    "one.txt": "A text of some length.\n" * 8000,
    "names/Elvish.txt": "Luthien\nBeren\nHurin\n",
    "names/Orkish.txt": "Azog\nBolg\nBeren\n",
}


class Server:
    """A local server of FILES that can be told to misbehave."""

    def __init__(self) -> None:
        outer = self
        self.mode = "good"
        self.requests: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """The file asked for, or what the mode makes of it."""
        body = FILES[handler.path[1:]].encode()
        broken = self.mode == "second fails" and len(self.requests) > 1
        handler.send_response(404 if self.mode == "missing" or broken else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if self.mode == "other":
            body = body[::-1]
        handler.wfile.write(body[: len(body) // 2] if self.mode == "cut" else body)

    def close(self) -> None:
        """Stop answering; the address refuses connections from now on."""
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    running = Server()
    yield running
    running.close()


def remote_file(server: Server, path: str) -> RemoteFile:
    body = FILES[path].encode()
    return RemoteFile(path, server.address + path, hashlib.sha256(body).hexdigest(), len(body))


@pytest.fixture
def remotes(server: Server) -> tuple[Remote, ...]:
    one = (remote_file(server, "one.txt"),)
    names = tuple(remote_file(server, path) for path in FILES if path.startswith("names/"))
    return (
        Remote("one", "One", "A text.", "none", 1, one),
        Remote("names", "Names", "Names.", "none", 1, names, is_list=True, labelled=True),
    )


@pytest.fixture
def online(
    tmp_path: Path, remotes: tuple[Remote, ...], monkeypatch: pytest.MonkeyPatch
) -> CorpusLibrary:
    """A library on an empty folder, whose addresses are those of the local server."""
    monkeypatch.delenv("RNNLAB_CORPORA", raising=False)
    return CorpusLibrary(tmp_path / "data", remotes=remotes)


def files(tmp_path: Path) -> list[str]:
    """Every file and folder below data."""
    return sorted(str(p.relative_to(tmp_path)) for p in (tmp_path / "data").rglob("*"))


def test_a_corpus_is_fetched_once(online: CorpusLibrary, server: Server, tmp_path: Path) -> None:
    assert not online.is_here("one")
    assert online.load("one").text == FILES["one.txt"]
    assert online.is_here("one")
    assert files(tmp_path) == ["data/downloads", "data/downloads/one.txt"]
    online.load("one")
    assert server.requests == ["/one.txt"]


def test_a_list_of_several_files_is_labelled(online: CorpusLibrary) -> None:
    corpus = online.load("names")
    assert corpus.items == ("Luthien", "Beren", "Hurin", "Azog", "Bolg", "Beren")
    assert corpus.labels == ("Elvish",) * 3 + ("Orkish",) * 3
    assert corpus.source.endswith("/names/")


@pytest.mark.parametrize("name", ["one", "names"])
def test_progress_rises_to_all_bytes_of_all_files(online: CorpusLibrary, name: str) -> None:
    seen: list[tuple[int, int]] = []
    online.load(name, lambda done, total: seen.append((done, total)))
    total = sum(len(t) for p, t in FILES.items() if p.startswith(name))
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {all_bytes for _, all_bytes in seen} == {total}


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("missing", "the server answered 404"),
        ("other", "not the expected file"),
        ("cut", "no connection|not the expected file"),
    ],
)
def test_a_failed_download_leaves_nothing_behind_and_says_what_to_do(
    online: CorpusLibrary, server: Server, tmp_path: Path, mode: str, reason: str
) -> None:
    server.mode = mode
    with pytest.raises(CorpusError, match=reason) as caught:
        online.load("one")
    assert files(tmp_path) == []
    sentence = str(caught.value)
    assert str(tmp_path / "data" / "downloads" / "one.txt") in sentence
    assert server.address + "one.txt" in sentence
    assert "need no internet: The play, Dinosaurs, Reber grammar, Embedded Reber" in sentence
    server.mode = "good"
    assert online.load("one").text == FILES["one.txt"]


def test_without_a_connection_the_sentence_says_so(
    online: CorpusLibrary, server: Server, tmp_path: Path
) -> None:
    server.close()
    with pytest.raises(CorpusError, match="no connection to the server") as caught:
        online.load("names")
    assert files(tmp_path) == []
    assert str(tmp_path / "data" / "downloads" / "names" / "Elvish.txt") in str(caught.value)


def test_what_was_fetched_before_a_failure_is_kept(
    online: CorpusLibrary, server: Server, tmp_path: Path
) -> None:
    server.mode = "second fails"
    with pytest.raises(CorpusError, match="404"):
        online.load("names")
    assert files(tmp_path)[-1] == "data/downloads/names/Elvish.txt"
    server.mode = "good"
    online.load("names")
    assert server.requests.count("/names/Elvish.txt") == 1


def test_a_folder_that_cannot_be_written_is_a_sentence(
    online: CorpusLibrary, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(CorpusError, match="could not be fetched"):
        online.load("one")


def test_a_file_placed_by_hand_is_accepted_if_its_checksum_fits(
    online: CorpusLibrary, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "downloads" / "one.txt"
    path.parent.mkdir(parents=True)
    path.write_text(FILES["one.txt"], "utf-8", newline="\n")
    assert online.is_here("one")
    assert online.load("one").text == FILES["one.txt"]
    path.write_text("something else", "utf-8")
    with pytest.raises(CorpusError) as caught:
        online.load("one")
    sentence = str(caught.value)
    assert str(path) in sentence
    assert hashlib.sha256(b"something else").hexdigest() in sentence
    assert hashlib.sha256(FILES["one.txt"].encode()).hexdigest() in sentence
    assert path.read_text("utf-8") == "something else"
    assert server.requests == []


def test_the_named_folder_comes_first_and_is_read_once(
    tmp_path: Path,
    remotes: tuple[Remote, ...],
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class_room = tmp_path / "class room"
    class_room.mkdir()
    (class_room / "one.txt").write_text(FILES["one.txt"], "utf-8", newline="\n")
    monkeypatch.setenv("RNNLAB_CORPORA", str(class_room))
    library = CorpusLibrary(tmp_path / "data", remotes=remotes)
    monkeypatch.delenv("RNNLAB_CORPORA")
    assert library.load("one").text == FILES["one.txt"]
    assert server.requests == []
    assert not library.is_here("names")
    library.load("names")  # not in the folder, so it is fetched
    assert not (class_room / "names").exists()
    (class_room / "one.txt").write_text("broken", "utf-8")
    with pytest.raises(CorpusError, match=r"class room.*sha256"):
        library.load("one")


def test_a_named_folder_that_is_none_is_pointed_out(
    tmp_path: Path, remotes: tuple[Remote, ...], server: Server
) -> None:
    server.mode = "missing"
    library = CorpusLibrary(tmp_path / "data", tmp_path / "typo", remotes)
    with pytest.raises(CorpusError, match="typo, which RNNLAB_CORPORA names, is not a folder"):
        library.load("one")


def test_where_else_a_file_may_stand_is_said(
    tmp_path: Path, remotes: tuple[Remote, ...], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.mode = "missing"
    monkeypatch.delenv("RNNLAB_CORPORA", raising=False)
    with pytest.raises(CorpusError, match="environment variable RNNLAB_CORPORA name a folder"):
        CorpusLibrary(tmp_path / "data", remotes=remotes).load("one")
    (tmp_path / "class room").mkdir()
    with pytest.raises(CorpusError, match="class room, which RNNLAB_CORPORA names, does not have"):
        CorpusLibrary(tmp_path / "data", tmp_path / "class room", remotes).load("one")


def test_what_is_generated_needs_no_files(tmp_path: Path) -> None:
    library = CorpusLibrary(tmp_path / "data", tmp_path / "nowhere")
    assert library.is_here("reber")
    assert library.load("reber").best_loss is not None
    assert library.entry("reber").kind == "generated"
    assert files(tmp_path) == []


def test_a_missing_shipped_corpus_is_a_sentence(tmp_path: Path) -> None:
    library = CorpusLibrary(tmp_path / "data", tmp_path / "nowhere")
    assert not library.is_here("play")
    assert library.entry("play").size == 0
    with pytest.raises(CorpusError, match="belongs to RNN Lab"):
        library.load("play")


def test_entries_come_in_order_and_say_where_from() -> None:
    entries = CorpusLibrary(Path("no such folder")).entries()
    kinds = [entry.kind for entry in entries]
    assert kinds == ["ships"] * 2 + ["generated"] * 5 + ["download"] * len(REMOTE)
    assert len({entry.name for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.title
        assert entry.description.endswith(".")
        assert entry.source
        assert entry.licence
        assert entry.size > 0 or entry.kind == "ships"


def test_every_address_is_fetched_safely() -> None:
    for file in (file for remote in REMOTE for file in remote.files):
        assert file.address.startswith("https://")
        assert len(file.sha256) == 64
