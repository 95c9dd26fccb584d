"""The glossary is a table that can be read, and the code speaks its words: no retired one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COLUMNS = ["term", "meaning", "formula", "retired words"]
# A row of a table, cut at its bars, apart from bars that are meant as characters.
_BAR = re.compile(r"(?<!\\)\|")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def glossary() -> list[list[str]]:
    """The cells of every row below a header of the glossary."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in _BAR.split(line)[1:-1]] for line in lines if line[:1] == "|"]
    return [row for row in rows if row != COLUMNS and not set("".join(row)) <= set("-: ")]


def retired() -> list[str]:
    """All retired words, as they stand in the last column."""
    return [word for row in glossary() for word in re.findall("`([^`]+)`", row[3])]


def words(identifier: str) -> list[str]:
    """An identifier cut at underscores and capitals: `walkBack_2` is walk, back, 2."""
    return [word.lower() for word in _WORD.findall(identifier)]


def identifiers(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of all names of a file, whatever they name; those in f-strings, too."""
    for node in ast.walk(ast.parse(source)):
        for field in ("id", "attr", "arg", "name", "asname", "module", "rest"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield getattr(node, "lineno", 0), name
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from ((node.lineno, name) for name in node.names)
        if isinstance(node, ast.MatchClass):
            yield from ((node.lineno, name) for name in node.kwd_attrs)


def is_in(word: str, name: str) -> bool:
    """Whether a word, or several joined by `_`, stands in a name, one part after the other."""
    wanted, parts = words(word), words(name)
    return any(parts[k : k + len(wanted)] == wanted for k in range(len(parts)))


def hits(source: str, word: str) -> Iterator[str]:
    """Line and name of whatever has the word in a file."""
    yield from (f"{line}: {name}" for line, name in identifiers(source) if is_in(word, name))


@pytest.fixture(scope="module")
def named() -> dict[str, list[str]]:
    """Where each name of the project stands, by its parts joined by `_`, `_` around them."""
    files = [ROOT / "app.py"]
    for folder in ("rnnlab", "pages", "benchmarks", "tests"):
        files += sorted((ROOT / folder).rglob("*.py"))
    found: dict[str, list[str]] = {}
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        for line, name in identifiers(file.read_text(encoding="utf-8")):
            found.setdefault(f"_{'_'.join(words(name))}_", []).append(f"{path}:{line}: {name}")
        for part in path.removesuffix(".py").split("/"):
            found.setdefault(f"_{'_'.join(words(part))}_", []).append(path)
    return found


@pytest.mark.parametrize("word", retired())
def test_a_retired_word_is_in_no_identifier(word: str, named: dict[str, list[str]]) -> None:
    wanted = f"_{'_'.join(words(word))}_"
    found = [place for parts, places in named.items() if wanted in parts for place in places]
    term = next(row[0] for row in glossary() if f"`{word}`" in row[3])
    assert not found, f"'{word}' is retired; it is {term}:\n" + "\n".join(sorted(set(found)))


def test_each_row_has_a_term_a_meaning_and_all_columns() -> None:
    for row in glossary():
        assert len(row) == len(COLUMNS), row
        assert row[0], row
        assert row[1].endswith("."), row


def test_each_term_and_each_retired_word_stands_once() -> None:
    for listed in ([row[0] for row in glossary()], retired()):
        assert sorted(listed) == sorted(set(listed))


def test_the_last_column_holds_code_spans_and_nothing_else() -> None:
    for row in glossary():
        assert not re.sub("`[a-z][a-z_]*`", "", row[3]).strip(" ,"), row


@pytest.mark.parametrize(
    "source",
    [
        "crew = 1",
        "class WorkerCrew: pass",
        "def find_crew(): pass",
        "import crew_of as x",
        "x.crew_size",
        "f(crew=2)",
        "def f(*, crew): pass",
        "from a.crew import b",
        'f"{the_crew:>{width}}"',
        "crewX = 1",
        "THE_CREW = 1",
        "global the_crew",
        "match x:\n    case A(crew=1): pass",
        "try: pass\nexcept A as crew: pass",
    ],
)
def test_it_is_found_wherever_a_name_can_stand(source: str) -> None:
    assert list(hits(source, "crew"))


def test_words_in_sentences_and_in_longer_words_are_free() -> None:
    assert not list(hits('"a crew"  # a crew\nscrews = crewed = f"crew {x}"', "crew"))
    assert not list(hits("walk_on_back = 1", "walk_back"))
    assert list(hits("walkBack = 1", "walk_back"))
