"""One line of a benchmark: a figure of ours beside a peer's, measured in the same run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """A measured value and what it is compared with."""

    name: str
    value: float
    unit: str
    peer: str  # what was measured beside it, or the limit that was set
    peer_value: float
    details: dict[str, Any] = field(default_factory=dict)
