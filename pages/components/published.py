"""Scripts that the browser loads once from `static/`, instead of with every message."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

from pages.components import assets
from rnnlab.figures.transport import plotly_javascript

STATIC = Path(__file__).resolve().parents[2] / "static"
_PLOT = "rnnlab-plot.js"


@cache
def publish(folder: Path = STATIC) -> None:
    """Put the chart library and the script that draws with it where the browser can load them.

    Raises:
        OSError: the folder cannot be written.
    """
    source = plotly_javascript()
    _publish(folder / source.name, source.read_bytes())
    _publish(folder / _PLOT, _plot_script())


def loader() -> str:
    """What stands for the script in messages: it loads it when it has changed."""
    version = sha256(_plot_script()).hexdigest()[:12]
    return assets.read("plot_loader.js").replace("ADDRESS", f"app/static/{_PLOT}?v={version}")


def _plot_script() -> bytes:
    return assets.read("load_plotly.js", "plot.js").encode()


def _publish(target: Path, data: bytes) -> None:
    if target.exists() and target.read_bytes() == data:
        return
    target.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(target)  # whole or not at all, if two apps start at once
