"""Where in a text a unit is most active."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Passage:
    """A stretch of a text around a peak of a unit."""

    start: int
    end: int  # one past the last character
    peak: int  # position of the peak in the whole text, start ≤ peak < end
    value: float  # of the unit there
    text: str  # the characters from start to end


def top_passages(
    trace: np.ndarray, unit: int, text: str, k: int = 8, width: int = 60
) -> list[Passage]:
    """The passages with the highest values of a unit, highest first; none overlap.

    Two thirds of a passage lie before its peak: what the unit had read when it rose. High means
    high, not far from zero: give −trace for the lowest.

    Args:
        trace: (T, H) one value of a layer.
        text: the T characters that were read.
        k: how many at most; fewer fit a short text.
        width: characters of a passage, cut to T.
    """
    if len(text) != len(trace):
        raise ValueError(f"The text has {len(text)} characters, but the trace has {len(trace)}.")
    values = trace[:, unit].astype(np.float64)  # a copy: what is taken is struck out below
    width = min(width, len(values))
    starts = np.arange(len(values)) - (2 * width) // 3  # of the passage around each position
    starts = np.clip(starts, 0, len(values) - width)
    passages: list[Passage] = []
    while len(passages) < k and np.isfinite(values.max(initial=-np.inf)):
        peak = int(values.argmax())
        start = int(starts[peak])
        end = start + width
        value = float(values[peak])
        passages.append(Passage(start, end, peak, value, text[start:end]))
        values[np.abs(starts - start) < width] = -np.inf  # their passages would overlap this one
    return passages
