"""Parts of a text stay inside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rnnlab.text.excerpt import CONTEXT, excerpt


@given(st.text(max_size=900), st.integers(-10, 1000), st.integers(1, 1000))
def test_an_excerpt_is_a_part_of_the_text_with_what_is_before_it(
    text: str, start: int, length: int
) -> None:
    found = excerpt(text, start, length)
    assert text[found.start : found.start + len(found.text)] == found.text
    assert text[: found.start].endswith(found.before)
    assert len(found.before) == min(CONTEXT, found.start)
    assert len(found.text) == min(length, len(text))
    assert found.total == len(text)


def test_an_excerpt_begins_where_asked_when_there_is_enough_text() -> None:
    assert excerpt("abcdef", 2, 3).text == "cde"
    assert excerpt("abcdef", 5, 3).text == "def"
