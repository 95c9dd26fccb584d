"""What a character RNN is, and where to begin."""

from __future__ import annotations

from pages.components import frame

frame.begin("RNN Lab")
