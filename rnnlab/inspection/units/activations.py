"""What the units of a layer do all over a long text, and the passages where one is most active."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.reading import read, spread
from rnnlab.text.vocabulary import Vocabulary


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


PIECES = 32  # read side by side: one matrix product serves all of them
WARM_UP = 100  # characters read before each piece, so that it does not begin with an empty memory
CHUNK = 64  # steps whose every value is in memory at once
_VALUES = 4_000_000  # units · characters that a sample keeps at most
_MIN_CHARACTERS, _MAX_CHARACTERS = 2_000, 30_000
_STILL = 0.01  # the least that two decimals tell apart


@dataclass(frozen=True)
class UnitPassage:
    """A short stretch of the text in which a unit peaks."""

    text: str
    values: np.ndarray  # of the unit, one a character
    peak: int  # place of the peak in `text`


@dataclass(frozen=True)
class ActivationSample:
    """One value of one layer on pieces of a text, one after another."""

    ids: np.ndarray  # (N,) the characters of all pieces
    trace: np.ndarray  # (N, H)
    size: int  # characters in each piece

    def piece_around(self, position: int) -> tuple[int, int]:
        """First position of the piece that holds this one, and the one after its last."""
        start = position // self.size * self.size
        return start, start + self.size

    def passages(
        self,
        unit: int,
        vocabulary: Vocabulary,
        *,
        lowest: bool = False,
        k: int = 8,
        width: int = 80,
    ) -> list[UnitPassage]:
        """Where a unit is highest, highest first, or lowest; no passage leaves its piece.

        Args:
            k, width: how many at most, and how many characters each has at most.
        """
        trace = -self.trace[:, [unit]] if lowest else self.trace[:, [unit]]
        found = top_passages(trace, 0, vocabulary.decode(self.ids), k, width)
        return [self._cut(passage, unit) for passage in found]

    def without_peak(self, unit: int, *, lowest: bool = False) -> str:
        """Why no passage of a unit stands out on this side; empty when some do.

        A gate that closes says something; a state that rests at 0 does not.
        """
        values, count = self.trace[:, unit], f"{len(self.ids):,} characters"
        low, high = float(values.min()), float(values.max())
        if high - low < _STILL:
            resting = round(float(values.mean()), 2) + 0.0  # never "-0.00"
            return f"Unit {unit} never moves: it stays at {resting:.2f} on all {count}."
        if not lowest and high < _STILL / 2:
            return f"Unit {unit} never rises above 0 on {count}; look at where it is lowest."
        if lowest and low > -_STILL / 2 and not self._is_gate():
            return f"Unit {unit} never falls below 0 on {count}; look at where it is highest."
        return ""

    def _is_gate(self) -> bool:
        return self.trace.min() >= 0 and self.trace.max() <= 1

    def _cut(self, passage: Passage, unit: int) -> UnitPassage:
        first, end = self.piece_around(passage.peak)
        start, stop = max(passage.start, first), min(passage.end, end)
        return UnitPassage(
            text=passage.text[start - passage.start : stop - passage.start],
            values=self.trace[start:stop, unit],
            peak=passage.peak - start,
        )


def sample_length(hidden_size: int, available: int) -> int:
    """How many characters a sample reads: up to 30,000, fewer with many units."""
    wanted = int(np.clip(_VALUES // hidden_size, _MIN_CHARACTERS, _MAX_CHARACTERS))
    return min(wanted, available)


def sample_activations(
    model: CharRNN, ids: np.ndarray, name: str, layer: int, length: int
) -> ActivationSample:
    """Read evenly spread pieces of a text and keep one value of one layer.

    Args:
        ids: (N,) the whole text, N ≥ 1.
        name, layer: as `Tape.trace` takes them.
        length: about how many characters to read in all; at most N.
    """
    places, warm_up = sample_places(len(ids), length)
    tapes = read(model, ids[places], chunk=CHUNK)
    kept = np.concatenate([tape.trace(name, layer).copy() for tape in tapes], axis=1)
    trace = kept[:, warm_up:]  # (pieces, T, H)
    return ActivationSample(
        ids=ids[places[:, warm_up:]].reshape(-1),
        trace=trace.reshape(-1, trace.shape[-1]),
        size=trace.shape[1],
    )


def sample_places(total: int, length: int, most: int = PIECES) -> tuple[np.ndarray, int]:
    """Evenly spread pieces of a text, each after the characters before it, and how many these are.

    Args:
        total: characters of the text; length: about how many to read, at most `total`.
        most: pieces.
    Returns:
        (pieces, warm-up + T) positions in the text, and the warm-up.
    """
    pieces = min(most, max(length // (2 * WARM_UP), 1))
    size = length // pieces
    warm_up = min(WARM_UP, total - size)
    return spread(total, size, pieces, warm_up), warm_up
