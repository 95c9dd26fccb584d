"""How a figure travels to the browser."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import plotly
from plotly.graph_objects import Figure as Figure
from plotly.utils import PlotlyJSONEncoder

_KINDS = ("i1", "u1", "i2", "u2")  # of whole numbers, as plotly and the page call them


def specification(figure: Figure, *, drag: str = "zoom") -> dict[str, Any]:
    """Traces and layout as JSON texts, arrays as typed arrays in base64.

    Each trace is a text of its own, so that the browser sees which of them did not change. Values
    that were given a `step` travel as whole counts of it, in one byte each or two, and characters
    once for all rows: the browser makes values and hover texts of them.

    Args:
        drag: what dragging does, as plotly's `dragmode`; "" for nothing.
    """
    plain = figure.to_dict()
    for sent, trace in zip(plain["data"], figure.data, strict=True):
        if "step" in (trace.meta or {}):
            sent["z"] = _counts(np.asarray(trace.z), trace.meta["step"])
            sent.pop("text", None)
    layout = plain.get("layout", {})
    layout.pop("template", None)  # the theme of the page says how things look
    layout.setdefault("uirevision", "kept")
    layout.setdefault("dragmode", drag or False)
    return {
        "traces": [json.dumps(trace, cls=PlotlyJSONEncoder) for trace in plain["data"]],
        "layout": json.dumps(layout, cls=PlotlyJSONEncoder),
    }


def _counts(values: np.ndarray, step: float) -> dict[str, str]:
    """Values (rows, columns) as plotly writes typed arrays: whole counts of the step."""
    counts = np.rint(values / step)
    kind = next(k for k in _KINDS if _holds(k, counts))
    return {
        "dtype": kind,
        "bdata": base64.b64encode(counts.astype(kind).tobytes()).decode(),
        "shape": ", ".join(map(str, counts.shape)),
    }


def _holds(kind: str, counts: np.ndarray) -> bool:
    known = np.iinfo(kind)
    return bool(known.min <= counts.min(initial=0) and counts.max(initial=0) <= known.max)


def plotly_javascript() -> Path:
    """Plotly's JavaScript, as it comes with the installed package."""
    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
