"""What all units of a network hold at very many characters of a text, read in parallel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.survey import WARM_UP, tapes, windows
from rnnlab.network.diverged import check_values
from rnnlab.network.models import CharRNN

MOST = 100_000  # characters
SHORTEST = 4_000  # characters: of fewer, too few shifts are far enough apart
_PIECES = 64  # read side by side
_VALUES = 55_000_000  # units · characters kept at once: 220 MB


@dataclass(frozen=True)
class Unit:
    """One number of a network that changes with every character."""

    value: str  # "h", or "c" of an LSTM
    layer: int  # from 0
    number: int

    @property
    def title(self) -> str:
        """'h of unit 17, layer 1': layers are counted from 1 where people read them."""
        return f"{self.value} of unit {self.number}, layer {self.layer + 1}"


@dataclass(frozen=True, eq=False)
class UnitStates:
    """Values of units at places of a text, which follow each other in the text's order."""

    units: tuple[Unit, ...]
    values: np.ndarray  # (U, N) float32
    places: np.ndarray  # (N,) in the text

    def index(self, unit: Unit) -> int:
        """The row of a unit.

        Raises:
            ValueError: the network has no such unit.
        """
        try:
            return self.units.index(unit)
        except ValueError:
            raise ValueError(f"This network has no {unit.title}.") from None


def states_of(
    model: CharRNN, ids: np.ndarray, values: Sequence[str], most: int = MOST
) -> UnitStates:
    """Read a text, or evenly spread pieces of a long one, and keep what carries its memory.

    Up to 128 pieces are read side by side, each after the 100 characters before it.

    Args:
        ids: (N,) the text.
        values: "h", and "c" of an LSTM; of all layers.
        most: characters; fewer are read of a network with very many units.
    Raises:
        ValueError: the text is too short, or a value is no number.
    """
    if len(ids) < SHORTEST:
        raise ValueError(
            f"The text has {len(ids):,} characters that this network knows, but comparing units "
            f"with chance needs {SHORTEST:,}; choose a longer one."
        )
    sizes = model.architecture
    rows = [(value, layer) for layer in range(sizes.num_layers) for value in values]
    units = tuple(Unit(*row, number) for row in rows for number in range(sizes.hidden_size))
    length = max(min(most, len(ids) - WARM_UP, _VALUES // len(units)), SHORTEST - WARM_UP)
    places, warm_up = windows(len(ids), length, _PIECES)
    kept = _read(model, ids[places], rows, warm_up)  # (rows, H, pieces, T)
    kept = kept.reshape(len(units), -1)
    check_values(kept)
    return UnitStates(units, kept, places[:, warm_up:].reshape(-1))


def _read(
    model: CharRNN, ids: np.ndarray, rows: Sequence[tuple[str, int]], warm_up: int
) -> np.ndarray:
    pieces, steps = ids.shape
    shape = (len(rows), model.architecture.hidden_size, pieces, steps - warm_up)
    kept = np.empty(shape, np.float32)
    begin = -warm_up  # of the tape, counted from the first character that is kept
    for tape in tapes(model, ids):
        skipped, end = max(-begin, 0), begin + tape.ids.shape[1]
        if end > 0:
            for row, (value, layer) in enumerate(rows):
                trace = tape.layers[layer][value][skipped:]  # (t, pieces, H)
                kept[row, :, :, begin + skipped : end] = trace.transpose(2, 1, 0)
        begin = end
    return kept
