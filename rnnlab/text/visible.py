"""Characters that show nothing, made visible: in one line, or in a text that keeps its lines."""

from __future__ import annotations

import unicodedata

BLANK = "□"  # stands for what cannot be drawn
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


class _Pictures(dict[int, str]):
    """Code point → what is drawn for it, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _picture(code)
        return self[code]


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's own pictures of the control characters
    if unicodedata.category(chr(code)) in _INVISIBLE or code in _VARIATION_SELECTORS:
        return BLANK
    return chr(code)


_PICTURES = _Pictures(
    {ord("\n"): "↵", ord(" "): "␣", ord("\t"): "⇥", 0x7F: "␡", ord("\N{NO-BREAK SPACE}"): "⍽"}
)


def visible(text: str) -> str:
    """The text with one visible sign for each character that would show nothing.

    Newline is `↵`, space `␣`, tab `⇥`, a no-break space `⍽`; other control characters are their
    Unicode pictures (such as `␀`), anything else invisible is `□`. Length and positions stay.
    """
    return text.translate(_PICTURES)


def signed_lines(text: str) -> str:
    """The text with `↵` before each line break, `␣` for each space, and so on.

    Lines stay lines; `visible` would make one long line of them.
    """
    return f"{visible(chr(10))}\n".join(visible(line) for line in text.split("\n"))
