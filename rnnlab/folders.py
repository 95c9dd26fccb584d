"""Where runs and corpora lie, in a checkout and without one.

In a checkout they lie beside `app.py`. Where only the package is installed, they lie in the working
folder if it has a `checkpoints/`, else in the user's data folder. The environment may name other
folders (RNNLAB_RUNS, RNNLAB_DATA).
"""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]  # the checkout, or what the package is installed in
INSTALLED = Path(__file__).resolve().parent / "_shipped"  # gallery/ and data/ in a built package
_RUNS = "checkpoints"
_DATA = "data"


def runs_folder() -> Path:
    """The folder of runs: RNNLAB_RUNS, or `checkpoints/`."""
    return Path(os.environ.get("RNNLAB_RUNS") or _home() / _RUNS)


def data_folder() -> Path:
    """The folder of corpora: RNNLAB_DATA, or `data/`."""
    return Path(os.environ.get("RNNLAB_DATA") or _home() / _DATA)


def is_checkout() -> bool:
    """Whether the package lies beside its app, as in a copy of the project."""
    return not INSTALLED.is_dir()


def _home() -> Path:
    """The folder that holds both."""
    if is_checkout():
        return PROJECT
    if (Path.cwd() / _RUNS).is_dir():
        return Path.cwd()
    from platformdirs import user_data_path  # needed outside of a checkout only

    return user_data_path("rnnlab", appauthor=False)
