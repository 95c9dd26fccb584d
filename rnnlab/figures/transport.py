"""How a figure travels to the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import plotly
from plotly.graph_objects import Figure as Figure
from plotly.utils import PlotlyJSONEncoder


def specification(figure: Figure, *, drag: str = "zoom") -> dict[str, Any]:
    """Traces and layout as JSON texts, arrays as typed arrays in base64.

    Each trace is a text of its own, so that the browser sees which of them did not change.

    Args:
        drag: what dragging does, as plotly's `dragmode`; "" for nothing.
    """
    plain = figure.to_dict()
    layout = plain.get("layout", {})
    layout.pop("template", None)  # the theme of the page says how things look
    layout.setdefault("uirevision", "kept")
    layout.setdefault("dragmode", drag or False)
    return {
        "traces": [json.dumps(trace, cls=PlotlyJSONEncoder) for trace in plain["data"]],
        "layout": json.dumps(layout, cls=PlotlyJSONEncoder),
    }


def plotly_javascript() -> Path:
    """Plotly's JavaScript, as it comes with the installed package."""
    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
