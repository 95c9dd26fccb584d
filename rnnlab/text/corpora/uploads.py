"""Texts that a user uploads or pastes: one folder, one text file and one JSON file each."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined, lines
from rnnlab.text.corpora.decoding import check_text, decode_pasted, decode_text

PREFIX = "own-"
MIN_ITEMS = 10
_NAME = re.compile(r"own-[a-z0-9]+(-[a-z0-9]+)*")
_MAX_SLUG_CHARACTERS = 40
MAX_TITLE_CHARACTERS = 80
_FORMAT = 1


@dataclass(frozen=True)
class Card:
    """What is written down beside an own text."""

    title: str
    one_item_per_line: bool = False
    note: str = ""  # how it was decoded, when that is worth knowing
    characters: int = 0  # of the corpus made from it


class OwnTexts:
    """The own texts in one folder; names come from titles, and never lead out of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Names of all texts, sorted."""
        found = (path.stem for path in self._folder.glob(f"{PREFIX}*.txt"))
        return sorted(name for name in found if _NAME.fullmatch(name))

    def has(self, name: str) -> bool:
        """Whether there is a text of this name; False for names that are none."""
        return bool(_NAME.fullmatch(name)) and self._text_path(name).is_file()

    def card(self, name: str) -> Card:
        """What is written beside a text; where that is lost or broken, its name and size."""
        try:
            data = json.loads(self._card_path(name).read_text("utf-8"))
            return Card(
                title=_clean_title(str(data["title"])),
                one_item_per_line=data["one_item_per_line"] is True,
                note=str(data["note"]),
                characters=int(data["characters"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return Card(title=name.removeprefix(PREFIX), characters=self._size(name))

    def load(self, name: str) -> Corpus:
        """An own text as a corpus.

        Raises:
            CorpusError: unreadable, or changed into something that is no text.
        """
        card = self.card(name)
        try:
            text = decode_text(self._text_path(name).read_bytes()).text
        except OSError as error:
            raise CorpusError(
                f"Your text '{card.title}' cannot be read: {error.strerror}."
            ) from None
        check_text(text)
        items = lines(text) if card.one_item_per_line else None
        return Corpus(
            name=name,
            title=card.title,
            text=text if items is None else joined(items),
            items=items,
            source="your own text",
            licence="yours",
        )

    def add(self, title: str, data: bytes | str, one_item_per_line: bool) -> str:
        """Check and keep a text; gives its new name.

        Raises:
            CorpusError: not a text, too long, too short, too few items, too long a title, or no
                room to write.
        """
        _check_title(title)
        decoded = decode_pasted(data) if isinstance(data, str) else decode_text(data)
        check_text(decoded.text)
        size = len(decoded.text)
        if one_item_per_line:
            items = lines(decoded.text)
            _check_items(items)
            size = len(joined(items))
        card = Card(_clean_title(title), one_item_per_line, decoded.note, size)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            name = self._claim(_slug(card.title), card)
            self._write(name, decoded.text)
        except OSError as error:
            raise CorpusError(
                f"'{card.title}' cannot be kept: {error.strerror or error}; make room or allow "
                f"writing in {self._folder}."
            ) from error
        return name

    def remove(self, name: str) -> None:
        """Delete an own text; CorpusError when it cannot be deleted."""
        try:
            self._text_path(name).unlink(missing_ok=True)
            self._card_path(name).unlink(missing_ok=True)
        except OSError as error:
            raise CorpusError(f"'{name}' cannot be deleted: {error.strerror}.") from None

    def _claim(self, slug: str, card: Card) -> str:
        """Write the card under the first free name; two tabs never get the same one."""
        body = json.dumps({"format": _FORMAT, **asdict(card)}, ensure_ascii=False)
        number = 1
        while True:
            name = PREFIX + (slug if number == 1 else f"{slug}-{number}")
            number += 1
            if self._text_path(name).exists():
                continue
            try:
                with self._card_path(name).open("x", encoding="utf-8") as file:
                    file.write(body)
                return name
            except FileExistsError:
                continue

    def _write(self, name: str, text: str) -> None:
        """The text appears whole or, when there is no room, not at all."""
        handle, temporary = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
            Path(temporary).replace(self._text_path(name))
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            self._card_path(name).unlink(missing_ok=True)
            raise

    def _size(self, name: str) -> int:
        try:
            return self._text_path(name).stat().st_size
        except OSError:
            return 0

    def _text_path(self, name: str) -> Path:
        return self._folder / f"{name}.txt"

    def _card_path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _slug(title: str) -> str:
    """A title as part of a file name: plain letters, digits and hyphens only."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:_MAX_SLUG_CHARACTERS].strip("-") or "text"


def _clean_title(title: str) -> str:
    """A title on one line, without control characters, of bounded length."""
    return _one_line(title)[:MAX_TITLE_CHARACTERS].strip() or "My text"


def _one_line(title: str) -> str:
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in title)
    return " ".join(kept.split())


def _check_title(title: str) -> None:
    length = len(_one_line(title))
    if length > MAX_TITLE_CHARACTERS:
        raise CorpusError(
            f"A title has at most {MAX_TITLE_CHARACTERS} characters, but this one has {length:,}; "
            "shorten it."
        )


def _check_items(items: tuple[str, ...]) -> None:
    if len(items) < MIN_ITEMS:
        raise CorpusError(
            f"The text has {len(items)} lines, but a list needs at least {MIN_ITEMS} items, one "
            "a line; add more, or use it as running text."
        )
