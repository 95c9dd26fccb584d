"""Text for figures, in which plotly would read marks such as `<b>` as formatting."""

from __future__ import annotations

import html


def label(text: str) -> str:
    """The text as plotly shows it letter for letter.

    A percent sign before a brace, which begins plotly's templates, is parted from it.
    """
    return html.escape(text, quote=False).replace("%{", "%\u200b{")
