"""Checks of the text files that are shipped as training data."""

import re
import zlib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
SPEAKERS = ("BARNABY", "ELSPETH", "FENWICK", "MARA", "NAN", "OTTOLINE", "PIP", "THISTLEWOOD")
SPEECH = re.compile(r"([A-Z]+): (\S)")
HEADING = re.compile(r"Scene \d\. [A-Z].*\.")
OPENERS = "\"'( "


@pytest.fixture(scope="module")
def play() -> str:
    """Return the text of the play."""
    return (DATA / "play.txt").read_bytes().decode("ascii")


@pytest.fixture(scope="module")
def blocks(play: str) -> list[str]:
    """Return the parts of the play that blank lines separate."""
    return [block for block in re.split(r"\n{2,}", play.strip("\n")) if block]


@pytest.fixture(scope="module")
def genera() -> list[str]:
    """Return the lines of the genera file."""
    return (DATA / "dinosaurs.txt").read_bytes().decode("ascii").splitlines()


def starts_capital(line: str) -> bool:
    """Say whether the first letter of a line is a capital, past any opening mark."""
    return line.lstrip(OPENERS)[:1].isupper()


def is_verse(speech: str) -> bool:
    """Say whether a speech is in verse: three or more lines, each begun with a capital."""
    lines = speech.split("\n")
    return len(lines) >= 3 and all(starts_capital(line) for line in lines)


def is_prose(speech: str) -> bool:
    """Say whether a speech is wrapped prose: full lines, some begun in mid-sentence."""
    lines = speech.split("\n")
    return len(lines) >= 3 and any(line.lstrip(OPENERS)[:1].islower() for line in lines)


def speeches(blocks: list[str]) -> list[str]:
    """Return the blocks that are speeches."""
    return [block for block in blocks if SPEECH.match(block)]


def acts(play: str) -> list[str]:
    """Return the text of each act."""
    return re.split(r"^ACT [A-Z]+$", play, flags=re.MULTILINE)[1:]


def test_play_is_plain_text(play: str) -> None:
    """Only printable ASCII and newlines, no stray blanks, one newline at the end."""
    assert set(play) <= {"\n", *map(chr, range(32, 127))}
    assert all(line == line.strip() for line in play.split("\n"))
    assert play.endswith("\n")
    assert not play.endswith("\n\n")
    assert "  " not in play


def test_play_length(play: str) -> None:
    """The play is long enough to train on and short enough to ship."""
    assert 75_000 <= len(play) <= 95_000


def test_play_is_not_formulaic(play: str) -> None:
    """Real prose does not compress far."""
    raw = play.encode()
    assert len(zlib.compress(raw, 9)) >= 0.35 * len(raw)


def test_play_lines_do_not_repeat(play: str) -> None:
    """At most one line in a hundred repeats another one."""
    lines = [line for line in play.split("\n") if line]
    assert len(lines) - len(set(lines)) <= 0.01 * len(lines)


def test_play_line_width(play: str) -> None:
    """No line is wider than the page."""
    assert max(map(len, play.split("\n"))) <= 76


def test_play_parentheses(play: str) -> None:
    """Parentheses are balanced, never nested, and many; some span lines or stand alone."""
    marks = re.sub(r"[^()]", "", play)
    assert marks == "()" * (len(marks) // 2)
    inner = re.findall(r"\(([^()]*)\)", play)
    assert len(inner) >= 300
    assert sum("\n" in text for text in inner) >= 50
    assert len(re.findall(r"^\([^()]*\)$", play, flags=re.MULTILINE)) >= 50


def test_play_quotes(play: str) -> None:
    """Double quotes come in pairs, and many; some are long and some span lines."""
    assert play.count('"') % 2 == 0
    inner = re.findall(r'"([^"]*)"', play)
    assert len(inner) >= 300
    assert sum(len(text) >= 100 for text in inner) >= 15
    assert sum("\n" in text for text in inner) >= 50
    for text in inner:
        assert text == text.strip()


def test_play_blocks_are_balanced(blocks: list[str]) -> None:
    """No quotation and no direction runs on from one speech into the next."""
    for block in blocks:
        assert block.count('"') % 2 == 0, block
        assert block.count("(") == block.count(")"), block


def test_play_quotes_open_and_close(play: str) -> None:
    """An opening quote follows a blank or a bracket; a closing one follows text."""
    for index, match in enumerate(re.finditer('"', play)):
        before = play[match.start() - 1]
        after = play[match.end()]
        if index % 2 == 0:
            assert before in " \n(", play[match.start() - 20 : match.end() + 20]
            assert after not in " \n", play[match.start() - 20 : match.end() + 20]
        else:
            assert before not in " \n(", play[match.start() - 20 : match.end() + 20]
            assert not after.isalnum(), play[match.start() - 20 : match.end() + 20]


def test_play_speakers(play: str, blocks: list[str]) -> None:
    """Every speech has a known speaker and its first words on the same line."""
    names = Counter(match[1] for block in blocks if (match := SPEECH.match(block)))
    assert sorted(names) == sorted(SPEAKERS)
    assert min(names.values()) >= 20
    assert len({len(name) for name in names}) >= 4
    for line in play.split("\n"):
        if re.match(r"[A-Z]{3,}:", line):
            assert SPEECH.match(line), line


def test_play_blocks_are_known(blocks: list[str]) -> None:
    """After the title page a block is a heading, a direction or a speech of one speaker."""
    start = blocks.index("ACT ONE")
    assert blocks[-1] == "THE END"
    for block in blocks[start:-1]:
        heading = re.fullmatch(r"ACT [A-Z]+", block) or HEADING.fullmatch(block)
        direction = re.fullmatch(r"\([^()]*\)", block)
        assert heading or direction or SPEECH.match(block), block
        assert not any(SPEECH.match(line) for line in block.split("\n")[1:]), block


def test_play_no_speaker_follows_itself_without_a_break(blocks: list[str]) -> None:
    """Two speeches in a row belong to two speakers."""
    for first, second in pairwise(blocks):
        one, two = SPEECH.match(first), SPEECH.match(second)
        assert not (one and two and one[1] == two[1]), second


def test_play_acts_and_scenes(play: str) -> None:
    """Five acts, each of three or more scenes numbered from one."""
    names = re.findall(r"^ACT ([A-Z]+)$", play, flags=re.MULTILINE)
    assert names == ["ONE", "TWO", "THREE", "FOUR", "FIVE"]
    for act in acts(play):
        numbers = re.findall(r"^Scene (\d)\.", act, flags=re.MULTILINE)
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
        assert len(numbers) >= 3


def test_play_alternates_verse_and_prose(play: str) -> None:
    """Every act has speeches of both kinds."""
    for act in acts(play):
        spoken = speeches(act.split("\n\n"))
        assert sum(map(is_verse, spoken)) >= 8
        assert sum(map(is_prose, spoken)) >= 15


def test_play_verse_and_prose_belong_to_speakers(blocks: list[str]) -> None:
    """The keeper speaks mostly verse, the printer and the harbour master prose."""
    spoken = speeches(blocks)
    for name in ("MARA", "ELSPETH"):
        mine = [speech for speech in spoken if speech.startswith(name)]
        assert sum(map(is_verse, mine)) > 2 * sum(map(is_prose, mine))
    for name in ("OTTOLINE", "BARNABY", "THISTLEWOOD"):
        mine = [speech for speech in spoken if speech.startswith(name)]
        assert sum(map(is_prose, mine)) > 10 * sum(map(is_verse, mine))


def test_play_line_lengths(blocks: list[str]) -> None:
    """Lines of verse are short; full lines of prose are long."""
    spoken = speeches(blocks)
    verse = [line for s in spoken if is_verse(s) for line in s.split("\n")[1:]]
    prose = [line for s in spoken if is_prose(s) for line in s.split("\n")[:-1]]
    assert len(verse) >= 300
    assert len(prose) >= 400
    assert sum(30 <= len(line) <= 60 for line in verse) >= 0.85 * len(verse)
    assert sum(60 <= len(line) <= 75 for line in prose) >= 0.95 * len(prose)


def test_genera_number(genera: list[str]) -> None:
    """There are some hundreds of genera."""
    assert 400 <= len(genera) <= 600


def test_genera_sorted_and_distinct(genera: list[str]) -> None:
    """The genera are in alphabetical order, each once."""
    assert genera == sorted(set(genera))
    assert len({name.lower() for name in genera}) == len(genera)


def test_genera_are_capitalised_words(genera: list[str]) -> None:
    """A genus is 4 to 25 ASCII letters, the first of them a capital."""
    for name in genera:
        assert re.fullmatch(r"[A-Z][a-z]{3,24}", name), name


def test_genera_file_ends_with_newline() -> None:
    """The last genus has its newline, as all the others do."""
    raw = (DATA / "dinosaurs.txt").read_bytes()
    assert raw.endswith(b"\n")
    assert b"\r" not in raw
