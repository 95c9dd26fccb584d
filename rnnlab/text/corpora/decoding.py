"""Bytes of unknown origin as text, or a sentence that says why not."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

from rnnlab.text.corpora.corpus import CorpusError

MAX_TEXT_BYTES = 5_000_000  # bytes
MIN_TEXT_CHARACTERS = 100  # characters
_CONTROL_SHARE = 0.01  # above it, the bytes are no text
_CONTROLS_OF_TEXT = frozenset("\t\n\r\f\v\x1b")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


@dataclass(frozen=True)
class Decoded:
    """Text with every line ended by a newline, and how it was read."""

    text: str
    encoding: str  # Python's name of it, such as "utf-16-le"
    note: str  # what the reader should know; "" for plain UTF-8


def decode_text(data: bytes) -> Decoded:
    """The text in these bytes: UTF-8, UTF-16 with a byte order mark, else Latin-1.

    Windows (CRLF) and old Mac (CR) line ends become newlines, a byte order mark goes.

    Raises:
        CorpusError: more than 5 MB, binary data, or broken after a byte order mark.
    """
    _check_size(len(data))
    decoded = _decode(data)
    _check_not_binary(decoded.text)
    return Decoded(_plain(decoded.text), decoded.encoding, decoded.note)


def check_text(text: str) -> None:
    """Refuse what no network can learn from.

    Raises:
        CorpusError: more than 5 MB, binary, too short, or one distinct character.
    """
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise CorpusError(
            f"Character {error.start + 1:,} of the text is half of a character and means nothing "
            "by itself; remove it."
        ) from None
    _check_size(size)
    _check_not_binary(text)
    if len(text.strip()) < MIN_TEXT_CHARACTERS:
        raise CorpusError(
            f"The text has {len(text.strip()):,} characters, but a network needs at least "
            f"{MIN_TEXT_CHARACTERS} to learn anything, and 100,000 to learn much; use a longer "
            "text."
        )
    if len(set(text.strip())) < 2:
        raise CorpusError(
            "The text repeats a single character, so there is nothing to learn; use a text with at "
            "least two different ones."
        )


def decode_pasted(text: str) -> Decoded:
    """Pasted text in the same form: no byte order mark, every line ended by a newline."""
    return Decoded(_plain(text), "utf-8", "")


def _decode(data: bytes) -> Decoded:
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data[len(mark) :], encoding, name), encoding, f"Read as {name}.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", "")
    except UnicodeDecodeError:
        return _latin_1(data)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"The file begins with the mark of {name}, but is not {name} from byte "
            f"{error.start:,} on; save it again as UTF-8."
        ) from None


def _latin_1(data: bytes) -> Decoded:
    """Latin-1 gives every byte a character; in Windows' form, 0x80–0x9f are quotes and dashes."""
    note = "This file is not UTF-8; it was read as {}. If letters look wrong, save it as UTF-8."
    text = data.decode("latin-1")
    if any("\x80" <= c <= "\x9f" for c in text):
        try:
            windows = data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            return Decoded(windows, "cp1252", note.format("Latin-1 in Windows' form (cp1252)"))
    return Decoded(text, "latin-1", note.format("Latin-1"))


def _plain(text: str) -> str:
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _check_size(size: int) -> None:
    if size > MAX_TEXT_BYTES:
        raise CorpusError(
            f"The text has {size:,} bytes, but at most 5 MB ({MAX_TEXT_BYTES:,} bytes) are read; "
            "use a shorter piece of it."
        )


def _check_not_binary(text: str) -> None:
    if "\0" in text:
        raise CorpusError(
            "This is not a text file: it has NUL bytes, as pictures, programs and UTF-16 without "
            "its mark do; save it as UTF-8 text."
        )
    controls = sum(
        text.count(c) for c in set(text) - _CONTROLS_OF_TEXT if unicodedata.category(c) == "Cc"
    )
    if controls > _CONTROL_SHARE * len(text):
        raise CorpusError(
            f"This is not a text file: {controls:,} of its {len(text):,} characters are control "
            "characters; save it as UTF-8 text."
        )
