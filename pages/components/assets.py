"""The HTML, CSS and JavaScript files beside the components."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def read(*names: str) -> str:
    """The named files joined, such as a shared script and the component's own."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)
