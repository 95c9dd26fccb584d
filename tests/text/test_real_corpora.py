"""The texts themselves: sizes and characters that everything later is compared on."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from rnnlab.text.batching import make_batcher
from rnnlab.text.corpora.catalog import REMOTE
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.split import split_corpus
from rnnlab.text.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("name", "characters", "distinct"),
    [
        ("tiny-shakespeare", 1_115_394, 65),
        ("shakespeare", 3_801_089, 66),
        ("sherlock", 3_010_866, 99),
        ("dinos", 19_911, 27),  # 26 letters and the newline
        ("surnames", 163_246, 84),
    ],
)
def test_sizes(library: CorpusLibrary, name: str, characters: int, distinct: int) -> None:
    corpus = library.load(name)
    assert len(corpus.text) == library.entry(name).size == characters
    assert len(Vocabulary.from_text(corpus.text)) == distinct
    assert library.is_here(name)


def test_sizes_of_the_files_are_those_of_the_catalog(corpora: Path) -> None:
    for file in (file for remote in REMOTE for file in remote.files):
        assert (corpora / file.path).stat().st_size == file.size


def test_the_larger_shakespeare_begins_with_fewer_characters(library: CorpusLibrary) -> None:
    assert len(set(library.load("shakespeare").text[:10_000])) == 57


def test_dinosaur_names(library: CorpusLibrary) -> None:
    items = library.load("dinos").items or ()
    assert len(items) == 1536
    assert len(set(items)) == 1524
    assert set("".join(items)) == set("abcdefghijklmnopqrstuvwxyz")
    split = split_corpus(library.load("dinos"), drop_duplicates=True)
    assert split.duplicates == 12
    assert len(split.training.items or ()) == int(0.9 * 1524)


def test_surnames_have_a_language_each(library: CorpusLibrary) -> None:
    def folded(name: str) -> str:
        plain = unicodedata.normalize("NFD", name)
        return "".join(c for c in plain if unicodedata.category(c) != "Mn").lower()

    corpus = library.load("surnames")
    assert corpus.items is not None
    assert corpus.labels is not None
    pairs = set(zip(corpus.items, corpus.labels, strict=True))
    assert len(corpus.items) == 20_050
    assert len(pairs) == 18_012
    assert len({(folded(name), language) for name, language in pairs}) == 17_992
    assert len(set(corpus.labels)) == 18
    assert corpus.labels.count("Russian") == 9_384
    assert corpus.labels.count("Arabic") == 2_000
    assert len({n for n, language in pairs if language == "Arabic"}) == 108


def test_no_surname_stands_on_two_sides_once_duplicates_are_dropped(
    library: CorpusLibrary,
) -> None:
    split = split_corpus(library.load("surnames"), drop_duplicates=True)
    sides = [set(part.items or ()) for part in (split.training, split.validation, split.test)]
    assert sum(map(len, sides)) == len(set.union(*sides)) == 20_050 - split.duplicates


def test_the_split_of_tiny_shakespeare_is_the_usual_one(library: CorpusLibrary) -> None:
    corpus = library.load("tiny-shakespeare")
    split = split_corpus(corpus, train_share=0.9, validation_share=0.1)
    assert len(split.training.text) == 1_003_854
    assert len(split.validation.text) == 111_540
    assert split.test.text == ""


@pytest.mark.parametrize("name", ["tiny-shakespeare", "shakespeare", "sherlock", "surnames"])
def test_encoding_a_real_text_and_back(library: CorpusLibrary, name: str) -> None:
    text = library.load(name).text
    vocabulary = Vocabulary.from_text(text)
    assert vocabulary.decode(vocabulary.encode(text)) == text


def test_an_item_batch_of_real_names_reads_as_names(library: CorpusLibrary) -> None:
    part = split_corpus(library.load("dinos")).training
    vocabulary = Vocabulary.from_text(part.text)
    batch = make_batcher(
        part, vocabulary, batching="items", seq_length=64, batch_size=8, stride=1, seed=1
    ).batch(0)
    assert batch.mask is not None
    names = [vocabulary.decode(row).strip() for row in batch.inputs]
    assert set(names) <= set(part.items or ())


def test_a_wrong_checksum_names_the_file(
    corpora: Path, tmp_path: Path, library: CorpusLibrary
) -> None:
    changed = tmp_path / "tinyshakespeare.txt"
    changed.write_bytes((corpora / "tinyshakespeare.txt").read_bytes() + b"!")
    with pytest.raises(CorpusError, match=r"tinyshakespeare\.txt is not the file"):
        CorpusLibrary(tmp_path / "data", tmp_path).load("tiny-shakespeare")


@pytest.mark.parametrize("name", ["play", "dinosaurs"])
def test_what_ships_can_be_loaded_and_split(name: str) -> None:
    library = CorpusLibrary(Path(__file__).parents[2] / "data")
    corpus = library.load(name)
    assert library.entry(name).size == len(corpus.text)
    assert (corpus.items is not None) == (name == "dinosaurs")
    assert split_corpus(corpus).test.text
