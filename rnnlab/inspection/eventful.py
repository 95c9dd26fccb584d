"""Where to look first: a unit, and a step at which something happens to it."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.ledger import account, kept_shares, time_scales
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import Tape

_TINY = 1e-12  # for a unit that is always 0


def eventful_unit(model: CharRNN, tape: Tape, layer: int) -> int:
    """The unit that remembers long and is yet rewritten at a blow.

    Largest is (its time-scale, at most the length of the text) × (its largest change in one step,
    relative to its largest value). In a cell without gates: the unit that moves most.
    """
    state = _state(model, tape, layer)  # (T, H)
    if account(model.cell.name) is None:
        return int(state.std(axis=0).argmax())
    scales = np.minimum(time_scales(model.cell.name, tape, layer), len(state))
    jumps = np.abs(np.diff(state, axis=0)).max(axis=0, initial=0.0)
    largest = np.abs(state).max(axis=0)
    return int((scales * jumps / np.maximum(largest, _TINY)).argmax())


def eventful_step(model: CharRNN, tape: Tape, layer: int, unit: int) -> int:
    """Where a unit changes much and yet keeps much, in the later half of a text: there it has a
    past. Largest is |change| × share that is kept; in a cell without gates |change|."""
    state = _state(model, tape, layer)[:, unit]
    first = max(len(state) // 2, 1)
    changes = np.abs(np.diff(state))[first - 1 :]  # of the steps from `first` on
    if account(model.cell.name):
        changes = changes * kept_shares(model.cell.name, tape, layer)[first:, unit]
    return first + int(changes.argmax()) if changes.size else 0


def _state(model: CharRNN, tape: Tape, layer: int) -> np.ndarray:
    """(T, H) what the cell keeps: c where there is one, else h."""
    return tape.trace(model.cell.states[-1], layer)[0].astype(np.float64)
