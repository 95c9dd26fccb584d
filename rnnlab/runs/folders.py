"""Where runs and corpora lie: beside `app.py`, unless the environment names other folders."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def runs_folder() -> Path:
    """The folder of runs: RNNLAB_RUNS, or `checkpoints/`."""
    return Path(os.environ.get("RNNLAB_RUNS") or PROJECT / "checkpoints")


def data_folder() -> Path:
    """The folder of corpora: RNNLAB_DATA, or `data/`."""
    return Path(os.environ.get("RNNLAB_DATA") or PROJECT / "data")
