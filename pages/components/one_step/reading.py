"""What the page One cell, one step is made of, kept from one rerun to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pages.components.networks import NetworkKey, precise
from pages.components.readings import tape
from rnnlab.inspection.one_step import salient_step, salient_unit, time_scales
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.tape import Tape, check_values
from rnnlab.text.excerpt import Excerpt


@dataclass(frozen=True)
class StepReading:
    """One layer of one network while it reads one text; cells and sums in float64."""

    key: NetworkKey
    part: Excerpt
    layer: int  # from 0

    @property
    def model(self) -> CharRNN:
        return precise(self.key)

    @property
    def tape(self) -> Tape:
        """Raises DivergedModelError when its values are not finite."""
        read = tape(self.key, self.part, precise=True)
        for layer in read.layers:
            check_values(layer["h"])
        return read

    @property
    def cell(self) -> str:
        return self.model.cell.name

    @property
    def state(self) -> str:
        """The name of what the cell keeps: c where there is one, else h."""
        return self.model.cell.states[-1]


@lru_cache(maxsize=32)
def unit_to_begin_with(reading: StepReading) -> int:
    """A unit that is worth looking at."""
    return salient_unit(reading.model, reading.tape, reading.layer)


@lru_cache(maxsize=32)
def position_to_begin_with(reading: StepReading) -> int:
    """Where something happens to that unit, counted in the longer text."""
    unit = unit_to_begin_with(reading)
    return reading.part.start + salient_step(reading.model, reading.tape, reading.layer, unit)


@lru_cache(maxsize=32)
def scales(reading: StepReading) -> np.ndarray:
    """(H,) the time-scales of the layer."""
    return time_scales(reading.cell, reading.tape, reading.layer)
