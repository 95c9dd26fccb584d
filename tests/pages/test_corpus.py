"""The corpus page: choosing, own texts, downloads, the split and batches, and wrong input."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora import library
from rnnlab.text.corpora.corpus import CorpusError
from tests.pages.conftest import OpenPage, said

LONG = "Ein Hund kam in die Küche und stahl dem Koch ein Ei. " * 60


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def texts(page: AppTest) -> str:
    return " ".join(text.value for text in page.text)


@pytest.mark.parametrize("name", ["play", "dinosaurs", "reber", "brackets", "delayed-copy"])
def test_every_corpus_that_needs_no_internet_is_drawn(
    empty_lab: Path, open_page: OpenPage, name: str
) -> None:
    page = open_page("corpus", corpus=name)
    assert not page.error
    assert page.query_params["corpus"] in (name, [name])
    assert page.selectbox(key="corpus").value == name
    drawn = [component.proto.component_name for component in page.get("bidi_component")]
    assert drawn == ["rnnlab.plot", "rnnlab.plot", "rnnlab.batch_grid"]


def test_a_generated_language_has_its_rules_and_best_loss(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("corpus", corpus="reber")
    best = next(metric for metric in page.metric if metric.label.startswith("Best possible"))
    assert best.value == "0.4621"
    assert any("Every string begins with B." in text.value for text in page.markdown)


@pytest.mark.parametrize("asked", ["nonsense", "../../etc/passwd", "*<b>*", "x" * 10_000])
def test_an_unknown_corpus_in_the_address_is_said(
    empty_lab: Path, open_page: OpenPage, asked: str
) -> None:
    page = open_page("corpus", corpus=asked)
    assert page.selectbox(key="corpus").value == "play"
    sentence = page.warning[0].value.replace("\\", "")
    assert sentence == f"There is no corpus '{asked[:60]}' in this lab; this is The play."
    page.toggle(key="corpus_signs").set_value(True).run()
    assert not page.warning


def test_an_address_without_a_corpus_is_no_mistake(empty_lab: Path, open_page: OpenPage) -> None:
    assert not open_page("corpus").warning
    assert not open_page("corpus", corpus="reber").warning


def test_signs_make_newlines_and_spaces_visible(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus")
    assert "↵" not in page.code[0].value
    page.toggle(key="corpus_signs").set_value(True).run()
    assert "↵\n" in page.code[0].value
    assert " " not in page.code[0].value


def test_the_vocabulary_counts_every_character(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus", corpus="reber")
    rows = page.dataframe[0].value
    text = services.library().load("reber").text
    assert list(rows["Character"]) == list("↵BEPSTVX")
    assert list(rows["Index"]) == list(range(8))
    assert list(rows["Count"]) == [text.count(c) for c in "\nBEPSTVX"]
    assert rows["Share"].sum() == pytest.approx(1)


def test_characters_of_a_word_that_the_text_lacks_are_named(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("corpus", corpus="reber")
    page.text_input(key="corpus_word_reber").set_value("B☃x").run()
    assert "'☃' and 'x'" in said(page)
    page.text_input(key="corpus_word_reber").set_value("").run()
    assert not page.error
    assert not page.exception


def test_vectors_come_from_a_run_where_there_is_one(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    assert "A GRU on Reber's grammar" in texts(open_page("corpus", corpus="reber"))
    assert "fresh one" in texts(open_page("corpus", corpus="brackets"))


def test_the_split_follows_its_controls(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus", corpus="dinosaurs")
    page.slider(key="corpus_validation_share").set_value(0.5).run()
    assert "add up to more than 1" in said(page)
    page.slider(key="corpus_train_share").set_value(0.5).run()
    assert not page.error
    page.number_input(key="corpus_max_characters").set_value(5).run()
    assert "needs at least" in said(page)
    assert not page.exception


def test_duplicates_are_counted_and_can_be_dropped(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus", corpus="reber")
    assert "items repeat an earlier one" in captions(page)
    page.toggle(key="corpus_drop_duplicates").set_value(True).run()
    assert "were left out" in captions(page)


@pytest.mark.parametrize("batching", ["streams", "shifted", "windows", "random", "items"])
def test_batches_of_every_kind_are_shown_one_after_the_other(
    empty_lab: Path, open_page: OpenPage, batching: str
) -> None:
    page = open_page("corpus", corpus="dinosaurs")
    page.button_group(key="corpus_batching").set_value(batching).run()
    if batching == "shifted":
        assert "set it to 1" in said(page)
        page.number_input(key="corpus_batch_size").set_value(1).run()
    assert "Batch 1 of" in captions(page)
    assert "zero at the first character" in captions(page)
    page.button(key="batch_+").click().run()
    assert "Batch 2 of" in captions(page)
    assert page.get("bidi_component")[-1].proto.component_name == "rnnlab.batch_grid"
    carried = "carried on from the batch before" in captions(page)
    assert carried == (batching in ("streams", "shifted"))
    page.button(key="batch_-").click().run()
    page.button(key="batch_-").click().run()
    assert "Batch 1 of" in captions(page)


def test_a_batch_that_the_text_cannot_fill_is_refused(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus", corpus="dinosaurs")
    page.number_input(key="corpus_batch_size").set_value(4096).run()
    assert "lower the batch size" in said(page)
    assert not page.exception


def test_single_items_are_left_behind_with_the_list(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus", corpus="reber")
    page.button_group(key="corpus_batching").set_value("items").run()
    page.selectbox(key="corpus").set_value("play").run()
    assert not page.error
    assert not page.exception


def test_own_text_is_pasted_and_removed(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus")
    page.button_group(key="own_how").set_value("Paste").run()
    page.text_area(key="own_pasted").set_value(LONG)
    page.text_input(key="own_title").set_value("<script>alert(1)</script> *Hund*")
    page.button(key="own_add").click().run()
    name = page.selectbox(key="corpus").value
    assert name == "own-script-alert-1-script-hund"
    assert page.code[0].value == LONG[:1500]
    assert page.text_area(key="own_pasted").value == ""
    page.button(key="own_remove_now").click().run()
    assert page.selectbox(key="corpus").value == "play"
    assert not list((empty_lab / "data" / "own").iterdir())


def test_a_title_that_is_too_long_is_said_and_nothing_is_lost(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("corpus")
    page.button_group(key="own_how").set_value("Paste").run()
    page.text_area(key="own_pasted").set_value(LONG)
    page.text_input(key="own_title").set_value("title " * 20)
    page.button(key="own_add").click().run()
    assert "at most 80 characters" in said(page)
    assert page.text_input(key="own_title").value == "title " * 20
    assert page.text_area(key="own_pasted").value == LONG


def test_a_file_with_a_long_name_is_added_under_its_beginning(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("corpus")
    page.file_uploader(key="own_file_0").upload(f"{'n' * 120}.txt", LONG.encode()).run()
    page.button(key="own_add").click().run()
    assert not page.error
    assert services.library().entry(page.selectbox(key="corpus").value).title == "n" * 80


def test_a_long_word_is_read_as_far_as_it_fits(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus")
    page.text_input(key="corpus_word_play").set_value("the lighthouse keeper").run()
    assert "Only the first 12 of 21 characters are read." in captions(page)
    assert not page.error


@pytest.mark.parametrize(
    ("data", "starts"),
    [
        (LONG.encode(), "Ein Hund"),
        (b"\xef\xbb\xbf" + LONG.encode(), "Ein Hund"),
        (LONG.encode("utf-16"), "Ein Hund"),
        (LONG.encode("latin-1"), "Ein Hund kam in die Küche"),
        (("안녕하세요 세계 " * 300).encode(), "안녕하세요"),
        (("Ende 🦕\r\n" * 500).encode(), "Ende 🦕\nEnde"),
    ],
)
def test_own_text_is_uploaded_in_any_encoding(
    empty_lab: Path, open_page: OpenPage, data: bytes, starts: str
) -> None:
    page = open_page("corpus")
    page.file_uploader(key="own_file_0").upload("my text.txt", data).run()
    page.button(key="own_add").click().run()
    assert not page.error
    assert page.selectbox(key="corpus").value == "own-my-text"
    assert page.code[0].value.startswith(starts)
    assert ("Latin-1" in texts(page)) == (data == LONG.encode("latin-1"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no text yet"),
        (b"too short", "at least"),
        (b"a" * 500, "single character"),
        (b"\x89PNG\r\n\x1a\n\0\0" * 50, "not a text file"),
        (b"x" * 5_000_001, "at most 5 MB"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(
    empty_lab: Path, open_page: OpenPage, data: bytes, words: str
) -> None:
    page = open_page("corpus")
    if data:
        page.file_uploader(key="own_file_0").upload("bad.txt", data).run()
    page.text_input(key="own_title").set_value("stays")
    page.button(key="own_add").click().run()
    assert words in said(page)
    assert page.text_input(key="own_title").value == "stays"
    assert not page.exception


def test_a_list_of_ones_own_is_split_by_item(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("corpus")
    names = "\n".join(f"name{i % 40}" for i in range(50))
    page.file_uploader(key="own_file_0").upload("names.txt", names.encode()).run()
    page.toggle(key="own_items").set_value(True)
    page.button(key="own_add").click().run()
    assert "10 items repeat an earlier one" in captions(page)


def test_a_download_that_fails_says_why_and_what_to_do(
    empty_lab: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_internet(*args: object) -> None:
        raise CorpusError("'Tiny Shakespeare' could not be fetched (no connection).")

    monkeypatch.setattr(library, "fetch", no_internet)
    page = open_page("corpus", corpus="tiny-shakespeare")
    assert not page.error
    page.button(key="corpus_fetch").click().run()
    assert "could not be fetched" in said(page)
    assert "RNNLAB_CORPORA" in said(page)
    assert "These texts need no internet: The play" in said(page)


def test_a_download_goes_on_to_the_text(
    empty_lab: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, corpora: Path
) -> None:
    def fetched(remote: object, downloads: Path, missing: list, progress: library.Progress) -> None:
        downloads.mkdir()
        for file in missing:
            (downloads / file.path).write_bytes((corpora / file.path).read_bytes())
            progress(file.size, file.size)

    monkeypatch.setattr(library, "fetch", fetched)
    monkeypatch.delenv(library.ENVIRONMENT, raising=False)
    page = open_page("corpus", corpus="tiny-shakespeare")
    page.button(key="corpus_fetch").click().run()
    assert not page.error
    assert page.code[0].value.startswith("First Citizen:")


def test_what_was_chosen_is_taken_along_to_the_train_page(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("corpus", corpus="dinosaurs")
    page.button_group(key="corpus_batching").set_value("items").run()
    page.button(key="corpus_train").click().run()
    assert page.session_state["train_corpus"] == "dinosaurs"
    assert page.session_state["train_batching"] == "items"


def test_markdown_in_an_own_title_stays_text_when_something_is_wrong(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("corpus")
    page.file_uploader(key="own_file_0").upload("a.txt", LONG.encode()).run()
    page.text_input(key="own_title").set_value("![x](http://a.b/c.png)")
    (empty_lab / "data" / "own").write_text("in the way")
    page.button(key="own_add").click().run()
    assert "![x](http://a.b/c.png)" in said(page)
    assert "![x](" not in page.error[0].value
