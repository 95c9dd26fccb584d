"""Numbers on their way to a component in the browser."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from rnnlab.figures.scales import Scale


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
