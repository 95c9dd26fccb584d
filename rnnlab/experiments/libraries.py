"""What is installed here, read from the packages themselves and without importing them."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

_PURPOSES = {
    "torch": "the fast engine: gradients by itself",
    "numpy": "arrays; the engine whose every line can be read",
    "plotly": "figures",
    "streamlit": "this page",
    "pandas": "tables",
    "safetensors": "weights on disk",
    "pooch": "fetching the text and checking it",
}


@dataclass(frozen=True)
class Library:
    """A package and what it is good for here."""

    name: str
    version: str  # "" when it is not installed
    purpose: str


def libraries() -> list[Library]:
    """Python, and the packages that this lab uses, each in the version that is installed."""
    packages = [Library(name, _version(name), purpose) for name, purpose in _PURPOSES.items()]
    return [Library("Python", platform.python_version(), "the language"), *packages]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
