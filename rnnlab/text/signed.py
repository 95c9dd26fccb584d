"""A text to read in which every character can be seen."""

from __future__ import annotations

from rnnlab.text.visible import visible


def signed_lines(text: str) -> str:
    """The text with `↵` before each line break, `␣` for each space, and so on.

    Lines stay lines; `visible` would make one long line of them.
    """
    return f"{visible(chr(10))}\n".join(visible(line) for line in text.split("\n"))
