"""Who may train a run: numbered claims, so that no folder is ever trained by two processes.

Training a run is an *attempt*; resuming it begins another one. Attempt n belongs to whoever
creates the file `claims/<n>` with O_EXCL, which the file system grants to one process only:

1. Whoever wants to train reads the newest number n, then makes sure that attempt n is over or its
   worker dead (`Run.status`), and then creates `claims/<n + 1>`. The order matters: a claim made
   by another between the first two steps makes the third one fail. Of two tabs, two apps or two
   machines that do this at once, one succeeds; the others tell their user so. The claim is made
   when a run is queued, not when it starts, so a run waits in one queue only.
2. The winner ends what is left of the old worker when it runs on this machine (it may be frozen
   rather than dead), and starts its own.
3. A worker looks before each write whether `claims/<its own number + 1>` exists, and leaves
   without another word when it does. That covers the laptop that slept while another machine
   took the run over.

Claims are never deleted while the folder lives, so a number is never used twice. An app that
closes while runs wait in its queue gives them up by taking its name off the claim; the claim of
an app that was killed names a dead process. Both are free for any other app: it makes the next
claim in the same way.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnlab.runs.files import json_bytes, read_json, replace_file
from rnnlab.runs.processes import ProcessName

_BEING_WRITTEN = 5.0  # seconds in which a claim may be empty: created, content still to come


@dataclass(frozen=True)
class Claim:
    """The right to one attempt at training a run."""

    number: int  # attempts count from 1; 0 stands for none yet
    queued: float = 0.0  # seconds since 1970: first come, first trained
    owner: ProcessName | None = None  # the app that has it in its queue; None when given up

    def owner_is_alive(self) -> bool:
        """Whether the app that made the claim still runs; an app elsewhere is taken to run."""
        if self.owner is None:
            return False
        return not self.owner.is_here or self.owner.is_alive()


def newest_number(folder: Path) -> int:
    """The number of the newest attempt at a run; 0 before the first."""
    try:
        names = os.listdir(folder / "claims")  # noqa: PTH208 - names only, called often
    except FileNotFoundError:
        return 0
    return max((int(name) for name in names if name.isascii() and name.isdigit()), default=0)


def is_newest(folder: Path, number: int) -> bool:
    """Whether attempt `number` may still write: the folder is there and nobody took it over."""
    claims = folder / "claims"
    return (claims / str(number)).exists() and not (claims / str(number + 1)).exists()


def newest_claim(folder: Path) -> Claim:
    """The newest claim to a run, number 0 when there is none."""
    number = newest_number(folder)
    return read_claim(folder, number) if number else Claim(0)


def read_claim(folder: Path, number: int) -> Claim:
    """One claim; an unreadable one counts as given up, unless it is being written just now."""
    path = folder / "claims" / str(number)
    try:
        data: Any = read_json(path)
        return Claim(number, float(data["queued"]), ProcessName.from_json(data["owner"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return Claim(number, _modified(path), _somebody() if _is_fresh(path) else None)


def take(folder: Path, number: int, owner: ProcessName, queued: float) -> bool:
    """Claim attempt `number`; False when somebody else has it already.

    Raises:
        OSError: the folder cannot be written, or is gone.
    """
    (folder / "claims").mkdir(exist_ok=True)
    path = folder / "claims" / str(number)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(json_bytes({"owner": owner.to_json(), "queued": queued}))
    return True


def give_up(folder: Path, claim: Claim) -> None:
    """Leave a queued run to whichever app looks next; called by the claim's owner only."""
    content = json_bytes({"owner": None, "queued": claim.queued})
    replace_file(folder / "claims" / str(claim.number), content)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_fresh(path: Path) -> bool:
    return abs(time.time() - _modified(path)) < _BEING_WRITTEN


def _somebody() -> ProcessName:
    return ProcessName("", 1, 0.0)  # on no machine of that name: taken to be alive
