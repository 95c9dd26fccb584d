"""Between Python and the components in the browser: their files, events, numbers and scripts.

Scripts are loaded once from `static/`, instead of with every message.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from rnnlab.figures.scales import Scale
from rnnlab.figures.transport import plotly_javascript

_COMPONENTS = Path(__file__).resolve().parents[1]


def read_files(*names: str) -> str:
    """The named files of `pages/components`, joined: a shared script and a component's own."""
    return "\n".join((_COMPONENTS / name).read_text(encoding="utf-8") for name in names)


def relay(key: str, name: str, handle: Callable[[Any], object]) -> Callable[[], None]:
    """A callback for a component: hands on what it reports, before the script runs again.

    Args:
        key: of the component.
        name: of what is reported.
        handle: called with it.
    """

    def relayed() -> None:
        value = st.session_state[key].get(name)
        if value is not None:
            handle(value)

    return relayed


def ignore() -> None:
    """Declares what nobody listens to, so that the result of the component has it."""


def packed(values: np.ndarray, scale: Scale) -> dict[str, Any]:
    """Values as counts in base64, row by row, with what is needed to read and color them."""
    counts = scale.packed(values)
    return {
        "counts": base64.b64encode(counts.tobytes()).decode(),
        "bytes": counts.itemsize,
        "kind": scale.kind,
        "step": scale.step,
        "low": scale.low,
        "high": scale.high,
    }


def exact(values: np.ndarray) -> dict[str, Any]:
    """Values as 32-bit floats in base64, row by row; where small ones matter, as with chances."""
    data = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return {"counts": base64.b64encode(data).decode(), "kind": "exact"}


STATIC = Path(__file__).resolve().parents[3] / "static"
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
    return read_files("browser/plot_loader.js").replace(
        "ADDRESS", f"app/static/{_PLOT}?v={version}"
    )


def _plot_script() -> bytes:
    return read_files("browser/load_plotly.js", "browser/plot.js").encode()


def _publish(target: Path, data: bytes) -> None:
    if target.exists() and target.read_bytes() == data:
        return
    target.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(target)  # whole or not at all, if two apps start at once
