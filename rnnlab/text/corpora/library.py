"""Every corpus by name: those that ship, are generated, are fetched, or are your own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rnnlab.folders import INSTALLED
from rnnlab.text.corpora.catalog import REMOTE, SHIPPED, Remote, Shipped
from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined, lines
from rnnlab.text.corpora.decoding import decode_text
from rnnlab.text.corpora.download import Progress, fetch, local_file, read_checked
from rnnlab.text.corpora.uploads import PREFIX, OwnTexts
from rnnlab.text.formal_languages import CHARACTERS, LANGUAGES, generated_corpus

ENVIRONMENT = "RNNLAB_CORPORA"


@dataclass(frozen=True)
class Entry:
    """One line of the library's list."""

    name: str
    title: str
    description: str
    kind: str  # "ships", "generated", "download" or "own"
    source: str
    licence: str
    size: int  # characters of the whole corpus; 0 when its file is missing


class CorpusLibrary:
    """The corpora that can be loaded, from a data folder and one of files already here.

    Args:
        data: holds the corpora that ship, and folders `downloads` and `own`; an installed package
            lends those that ship.
        corpora: folder with files that are fetched otherwise; without it, the environment
            variable RNNLAB_CORPORA, read once, here.
        remotes: what can be fetched.
    """

    def __init__(
        self, data: Path, corpora: Path | None = None, remotes: Iterable[Remote] = REMOTE
    ) -> None:
        if corpora is None and os.environ.get(ENVIRONMENT):
            corpora = Path(os.environ[ENVIRONMENT])
        self._data = data
        self._downloads = data / "downloads"
        self._folders = (self._downloads,) if corpora is None else (corpora, self._downloads)
        self._shipped = {shipped.name: shipped for shipped in SHIPPED}
        self._remotes = {remote.name: remote for remote in remotes}
        self._own = OwnTexts(data / "own")

    def entries(self) -> list[Entry]:
        """All corpora: shipped, generated, to be fetched, own."""
        names = (*self._shipped, *LANGUAGES, *self._remotes, *self._own.names())
        return [self.entry(name) for name in names]

    def entry(self, name: str) -> Entry:
        """What is known of one corpus without loading it; CorpusError for an unknown name."""
        if name in self._shipped:
            return self._shipped_entry(self._shipped[name])
        if name in LANGUAGES:
            return _generated_entry(name)
        if name in self._remotes:
            remote = self._remotes[name]
            about = (remote.name, remote.title, remote.description)
            return Entry(*about, "download", remote.source, remote.licence, remote.characters)
        self._check_own(name)
        return self._own_entry(name)

    def is_here(self, name: str) -> bool:
        """Whether a corpus can be loaded without the internet; CorpusError for an unknown name."""
        if name in self._shipped:
            return self._shipped_file(self._shipped[name]).is_file()
        if name in self._remotes:
            return all(local_file(file, self._folders) for file in self._remotes[name].files)
        if name not in LANGUAGES:
            self._check_own(name)
        return True

    def load(self, name: str, progress: Progress | None = None) -> Corpus:
        """A corpus, fetched first where it is not here yet.

        Args:
            progress: called with bytes so far and bytes in all while something is fetched.
        Raises:
            CorpusError: unknown, missing and not to be had, not the expected file, or no text.
        """
        if name in self._shipped:
            return self._load_shipped(self._shipped[name])
        if name in LANGUAGES:
            return generated_corpus(name)
        if name in self._remotes:
            return self._load_remote(self._remotes[name], progress)
        self._check_own(name)
        return self._own.load(name)

    def add_own(self, title: str, data: bytes | str, one_item_per_line: bool = False) -> Entry:
        """Keep a text of the user's: the bytes of a file, or pasted text.

        Raises:
            CorpusError: not a text, too long, too short, or no room to write.
        """
        return self._own_entry(self._own.add(title, data, one_item_per_line))

    def remove_own(self, name: str) -> None:
        """Delete a text of the user's; CorpusError for any other name."""
        if name in self._shipped or name in LANGUAGES or name in self._remotes:
            raise CorpusError(f"'{name}' belongs to the lab; only your own texts can be removed.")
        self._check_own(name)
        self._own.remove(name)

    def _shipped_entry(self, shipped: Shipped) -> Entry:
        path = self._shipped_file(shipped)
        return Entry(
            shipped.name,
            shipped.title,
            shipped.description,
            "ships",
            shipped.source,
            shipped.licence,
            len(self._load_shipped(shipped).text) if path.is_file() else 0,
        )

    def _shipped_file(self, shipped: Shipped) -> Path:
        path = self._data / shipped.file
        lent = INSTALLED / "data" / shipped.file
        return lent if lent.is_file() and not path.is_file() else path

    def _own_entry(self, name: str) -> Entry:
        card = self._own.card(name)
        what = "A list of your own, one item a line." if card.one_item_per_line else "Your text."
        description = f"{what} {card.note}".strip()
        size = card.characters
        return Entry(name, card.title, description, "own", "your own text", "yours", size)

    def _load_shipped(self, shipped: Shipped) -> Corpus:
        path = self._shipped_file(shipped)
        try:
            text = decode_text(path.read_bytes()).text
        except OSError as error:
            raise CorpusError(
                f"{path} cannot be read ({error.strerror}); it belongs to RNN Lab, so take it "
                "again from where you got the lab."
            ) from None
        items = lines(text.lower()) if shipped.is_list else None
        return Corpus(
            name=shipped.name,
            title=shipped.title,
            text=text if items is None else joined(items),
            items=items,
            source=shipped.source,
            licence=shipped.licence,
        )

    def _load_remote(self, remote: Remote, progress: Progress | None) -> Corpus:
        texts = self._remote_texts(remote, progress or _no_progress)
        if not remote.is_list:
            (text,) = texts.values()
            return Corpus(remote.name, remote.title, text, None, remote.source, remote.licence)
        # Names written by one person with a capital and by another without are one name;
        # surnames keep theirs, since classifiers read them as they are written.
        columns = {
            label: lines(text if remote.labelled else text.lower()) for label, text in texts.items()
        }
        items = tuple(item for column in columns.values() for item in column)
        labels = tuple(label for label, column in columns.items() for _ in column)
        return Corpus(
            name=remote.name,
            title=remote.title,
            text=joined(items),
            items=items,
            source=remote.source,
            licence=remote.licence,
            labels=labels if remote.labelled else None,
        )

    def _remote_texts(self, remote: Remote, progress: Progress) -> dict[str, str]:
        """The checked texts of a corpus by the stem of their files, fetched where needed."""
        missing = [file for file in remote.files if local_file(file, self._folders) is None]
        if missing:
            try:
                fetch(remote, self._downloads, missing, progress)
            except CorpusError as error:
                raise CorpusError(f"{error} {self._without_internet()}") from error
        texts = {}
        for file in remote.files:
            path = local_file(file, self._folders) or self._downloads / file.path
            texts[path.stem] = read_checked(path, file).decode("utf-8")
        return texts

    def _without_internet(self) -> str:
        """What to do about a file that is neither here nor to be had."""
        titles = [text.title for text in self._shipped.values()]
        titles += [language.title for language in LANGUAGES.values()]
        return f"{self._about_environment()} These texts need no internet: {', '.join(titles)}."

    def _about_environment(self) -> str:
        if len(self._folders) == 1:
            return f"Or let the environment variable {ENVIRONMENT} name a folder that has it."
        named = self._folders[0]
        lack = "does not have it either" if named.is_dir() else "is not a folder"
        return f"{named}, which {ENVIRONMENT} names, {lack}."

    def _check_own(self, name: str) -> None:
        if not self._own.has(name):
            known = ", ".join([*self._shipped, *LANGUAGES, *self._remotes])
            raise CorpusError(
                f"There is no corpus '{name[:60]}'; there are {known}, and your own texts, whose "
                f"names begin with {PREFIX}."
            )


def _generated_entry(name: str) -> Entry:
    language = LANGUAGES[name]
    return Entry(
        name,
        language.title,
        language.description,
        "generated",
        language.source,
        "generated here, free of rights",
        CHARACTERS,
    )


def _no_progress(done: int, total: int) -> None:
    """Nobody watches."""
