"""To be written."""

from __future__ import annotations

from pages.components import frame

frame.begin("Corpus")
