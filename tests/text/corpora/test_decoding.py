"""Bytes of any origin become text, or are refused in a sentence."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.decoding import check_text, decode_pasted, decode_text

SCRIPTS = {
    "korean": "나랏말싸미 듕귁에 달아\n" * 20,
    "arabic": "اقرأ باسم ربك الذي خلق\n" * 20,
    "emoji": "🦕 roars 🦖 and 👩‍👩‍👧 runs\n" * 20,
    "german": "Fröhliche Größe, süße Äpfel\n" * 20,
}
# What survives a round trip: no controls, no half characters, no mark at the start, no CR.
PROSE = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff", include_characters="\n\t"
    ),
    min_size=1,
    max_size=80,
)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_every_script_in_every_encoding_with_a_mark(
    script: str, mark: bytes, encoding: str
) -> None:
    decoded = decode_text(mark + SCRIPTS[script].encode(encoding))
    assert decoded.text == SCRIPTS[script]
    assert decoded.encoding == encoding
    check_text(decoded.text)


@given(PROSE)
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode_text(text.encode("utf-8")).text == text
    assert decode_text(codecs.BOM_UTF16_BE + text.encode("utf-16-be")).text == text


def test_plain_utf_8_needs_no_note_and_others_have_one() -> None:
    assert decode_text("süß".encode()).note == ""
    assert "UTF-16" in decode_text("süß".encode("utf-16")).note


def test_latin_1_is_a_fallback_that_says_so() -> None:
    decoded = decode_text("Fröhliche Größe\n".encode("latin-1"))
    assert decoded.text == "Fröhliche Größe\n"
    assert decoded.encoding == "latin-1"
    assert "Latin-1" in decoded.note


def test_quotation_marks_of_windows_are_not_lost() -> None:
    decoded = decode_text("“süß” – he said\n".encode("cp1252"))
    assert decoded.text == "“süß” – he said\n"
    assert "Latin-1" in decoded.note


@given(st.lists(st.sampled_from(["a", "b", "\n", "\r", "\r\n"]), max_size=30))
def test_line_ends_of_all_systems_become_newlines(pieces: list[str]) -> None:
    text = "x" + "".join(pieces)
    lines_of_python = text.splitlines(keepends=True)
    expected = "".join(
        line.rstrip("\r\n") + "\n" * line.endswith(("\r", "\n")) for line in lines_of_python
    )
    assert decode_text(text.encode()).text == expected
    assert decode_pasted(text).text == expected


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01" + bytes(100),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20,
        "hello ".encode("utf-16-le") * 30,  # without its mark
        "hello ".encode("utf-32") * 30,
        bytes([1, 2, 3, 4, 5, 6]) * 50,
        random.Random(1).randbytes(4000).replace(b"\0", b""),
    ],
    ids=["program", "picture", "utf-16 without mark", "utf-32", "controls", "noise"],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(CorpusError, match="not a text file"):
        decode_text(data)


def test_broken_utf_16_is_refused() -> None:
    with pytest.raises(CorpusError, match="is not UTF-16 from byte 6"):
        decode_text(codecs.BOM_UTF16_LE + "abc".encode("utf-16-le") + b"\x00\xd8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has 0 characters"),
        ("a short text", "has 12 characters"),
        ("ab" + " " * 500, "has 2 characters"),
        ("z" * 500, "repeats a single character"),
        ("ab" * 2_500_001, "5,000,002 bytes, but at most 5 MB"),
        ("한글" * 1_000_000, "6,000,000 bytes"),
        ("ab\0" * 100, "NUL"),
        ("ab\ud83d" * 100, "Character 3 of the text is half of a character"),
    ],
    ids=["empty", "short", "blanks", "one character", "large", "large in bytes", "nul", "half"],
)
def test_what_no_network_can_learn_from_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(CorpusError, match=sentence):
        check_text(text)


def test_five_megabytes_are_accepted_and_one_byte_more_is_not() -> None:
    data = b"ab" * 2_500_000
    check_text(decode_text(data).text)
    with pytest.raises(CorpusError, match="at most 5 MB"):
        decode_text(data + b"a")


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_sentence(data: bytes) -> None:
    try:
        text = decode_text(data).text
    except CorpusError:
        return
    assert "\r" not in text
    assert "\0" not in text
