"""What a person wants of a training process: `control.json`, applied within a second."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rnnlab.runs.files import replace_json
from rnnlab.runs.metrics import CachedJson


@dataclass(frozen=True)
class ControlRequest:
    """All that is asked of one attempt at a run; a later attempt starts with nothing asked."""

    attempt: int = 0
    pause: bool = False
    stop: bool = False
    singles: int = 0  # how many single updates were asked for since the attempt began
    learning_rate: float | None = None  # None: as it is
    clipping: str | None = None
    grad_clip: float | None = None


def write_control(folder: Path, request: ControlRequest) -> None:
    """Tell the worker; OSError when the disk is full."""
    replace_json(folder / "control.json", asdict(request))


class ControlReader:
    """Looks up what is asked of one attempt; cheap when nothing changed."""

    def __init__(self, folder: Path, attempt: int) -> None:
        self._file = CachedJson(folder / "control.json")
        self._none = ControlRequest(attempt)

    def now(self) -> ControlRequest:
        """What is asked now; nothing when it was meant for another attempt."""
        data = self._file.value()
        request = _parsed(data) if isinstance(data, dict) else None
        return request if request and request.attempt == self._none.attempt else self._none


def _parsed(data: dict[str, Any]) -> ControlRequest | None:
    known = {f.name: data[f.name] for f in fields(ControlRequest) if f.name in data}
    numbers = all(
        isinstance(known.get(name, 0), (int, float, type(None)))
        for name in ("attempt", "singles", "learning_rate", "grad_clip")
    )
    return ControlRequest(**known) if numbers else None
