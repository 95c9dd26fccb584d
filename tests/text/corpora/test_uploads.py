"""Texts of the user's: kept as they were given, under names that lead nowhere else."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.library import CorpusLibrary

TEXT = "The quick brown fox jumps over the lazy dog.\n" * 5
HOSTILE = [
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "/absolute",
    "C:\\con",
    "con",
    "a\0b",
    "<script>alert(1)</script>",
    "**bold** [link](http://x)",
    "",
    "   ",
    ".",
    "..",
    "나랏말싸미",
    "🦕",
    "x" * 80,
    "line\nbreak",
    "own-own-own",
    "play",
    "\ud83d",
]


@pytest.fixture
def own(tmp_path: Path) -> CorpusLibrary:
    """A library with nothing in its data folder."""
    return CorpusLibrary(tmp_path / "data", tmp_path / "corpora")


def files_outside(tmp_path: Path) -> list[Path]:
    """Whatever was written anywhere but in data/own."""
    own = tmp_path / "data" / "own"
    return [p for p in tmp_path.rglob("*") if p.is_file() and not p.is_relative_to(own)]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_no_title_leads_out_of_the_folder(own: CorpusLibrary, tmp_path: Path, title: str) -> None:
    entry = own.add_own(title, TEXT)
    assert entry.name.startswith("own-")
    assert entry.name.replace("-", "").isalnum()
    assert len(entry.name) < 60
    assert 1 <= len(entry.title) <= 80
    assert files_outside(tmp_path) == []
    assert own.load(entry.name).text == TEXT
    assert own.entry(entry.name) == entry
    assert entry in own.entries()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(title=st.text(max_size=80), text=st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_any_title_and_text_come_back_as_they_were(
    own: CorpusLibrary, title: str, text: str
) -> None:
    text = "x" + text + TEXT
    entry = own.add_own(title, text)
    corpus = own.load(entry.name)
    assert corpus.text == text
    assert corpus.title == entry.title
    assert entry.size == len(text)
    own.remove_own(entry.name)


def test_a_title_that_is_too_long_is_refused_rather_than_cut(own: CorpusLibrary) -> None:
    assert own.add_own(f" {'t' * 80}\n", TEXT).title == "t" * 80
    with pytest.raises(CorpusError, match="at most 80 characters, but this one has 81"):
        own.add_own("t" * 81, TEXT)


def test_two_texts_of_one_title_get_two_names(own: CorpusLibrary) -> None:
    names = [own.add_own("Mein Text!", TEXT + str(i)).name for i in range(3)]
    assert names == ["own-mein-text", "own-mein-text-2", "own-mein-text-3"]
    assert own.load("own-mein-text-2").text == TEXT + "1"


def test_tabs_that_add_at_once_never_share_a_name(own: CorpusLibrary) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda i=i: names.append(own.add_own("same", f"{TEXT}{i}").name))
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 8
    assert {own.load(name).text[-1] for name in names} == set("01234567")


def test_a_list_has_one_item_per_line(own: CorpusLibrary) -> None:
    text = "\r\n".join(f"  name number {i} " for i in range(20)) + "\r\n\r\n"
    entry = own.add_own("Names", text.encode(), one_item_per_line=True)
    corpus = own.load(entry.name)
    assert corpus.items == tuple(f"name number {i}" for i in range(20))
    assert corpus.text == "\n".join(corpus.items) + "\n"
    assert entry.size == len(corpus.text)
    with pytest.raises(CorpusError, match="at least 10 items"):
        own.add_own("Prose", TEXT, one_item_per_line=True)


def test_the_entry_says_how_the_text_was_read(own: CorpusLibrary) -> None:
    entry = own.add_own("Äpfel", ("Süße Äpfel\n" * 20).encode("latin-1"))
    assert entry.name == "own-apfel"
    assert entry.title == "Äpfel"
    assert "Latin-1" in entry.description
    assert own.load(entry.name).text == "Süße Äpfel\n" * 20


@pytest.mark.parametrize("data", ["", "short", b"\0" * 500, b"z" * 500, b"ab" * 2_500_001])
def test_a_refused_text_leaves_nothing_behind(
    own: CorpusLibrary, tmp_path: Path, data: bytes | str
) -> None:
    with pytest.raises(CorpusError):
        own.add_own("Bad", data)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(
    own: CorpusLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rnnlab.text.corpora.uploads.Path.replace", full)
    with pytest.raises(CorpusError, match="cannot be kept: No space left on device"):
        own.add_own("Full", TEXT)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    monkeypatch.undo()
    assert own.add_own("Full", TEXT).name == "own-full"


def test_removing_removes_only_own_texts(own: CorpusLibrary, tmp_path: Path) -> None:
    entry = own.add_own("Gone", TEXT)
    own.remove_own(entry.name)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    for name in ("play", "reber", "sherlock"):
        with pytest.raises(CorpusError, match="only your own texts"):
            own.remove_own(name)
    with pytest.raises(CorpusError, match="no corpus"):
        own.remove_own(entry.name)


@pytest.mark.parametrize(
    "name", ["", "own-", "own-../../x", "own-a/b", "own-a\\b", "own-A", "../play", "own-\n", "nope"]
)
def test_a_name_that_is_none_is_refused(own: CorpusLibrary, tmp_path: Path, name: str) -> None:
    (tmp_path / "x.txt").write_text(TEXT, "utf-8")
    for use in (own.load, own.entry, own.is_here, own.remove_own):
        with pytest.raises(CorpusError, match="There is no corpus"):
            use(name)
    assert (tmp_path / "x.txt").exists()


@pytest.mark.parametrize("card", [None, "", "{", "[]", "{}", '{"title": 1}', "\udcff"])
def test_a_text_whose_card_is_lost_or_broken_still_opens(
    own: CorpusLibrary, tmp_path: Path, card: str | None
) -> None:
    name = own.add_own("Title", TEXT).name
    path = tmp_path / "data" / "own" / f"{name}.json"
    if card is None:
        path.unlink()
    else:
        path.write_bytes(card.encode("utf-8", "surrogateescape"))
    assert own.entry(name).title == "title"
    assert own.load(name).text == TEXT


def test_a_text_put_there_by_hand_is_found(own: CorpusLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "own"
    folder.mkdir(parents=True)
    (folder / "own-mine.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    (folder / "own-bad.txt").write_bytes(bytes(300))
    (folder / "something else.txt").write_text(TEXT, "utf-8")
    names = [entry.name for entry in own.entries() if entry.kind == "own"]
    assert names == ["own-bad", "own-mine"]
    assert own.load("own-mine").text == TEXT
    with pytest.raises(CorpusError, match="not a text file"):
        own.load("own-bad")


def test_the_card_is_plain_json_with_a_format(own: CorpusLibrary, tmp_path: Path) -> None:
    own.add_own("<b>Äpfel</b>", TEXT)
    card = json.loads((tmp_path / "data" / "own" / "own-b-apfel-b.json").read_text("utf-8"))
    assert card["format"] == 1
    assert card["title"] == "<b>Äpfel</b>"
