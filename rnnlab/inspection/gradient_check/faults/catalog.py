"""All planted bugs, which of them a cell can have, and which one a case draws."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults import (
    bias_last,
    bias_mean,
    carried,
    lookup,
    reused,
    slope,
    swapped,
)
from rnnlab.inspection.gradient_check.faults.fault import Fault
from rnnlab.network.cells import CELLS

FAULTS: dict[str, Fault] = {
    module.FAULT.name: module.FAULT
    for module in (carried, slope, bias_mean, bias_last, swapped, reused, lookup)
}


def faults_of(cell: str) -> list[Fault]:
    """The bugs that this cell can have."""
    return [fault for fault in FAULTS.values() if cell in fault.pieces]


def missing_in(cell: str) -> list[Fault]:
    """The bugs for which this cell has no place."""
    return [fault for fault in FAULTS.values() if cell not in fault.pieces]


def drawn(cell: str, number: int) -> Fault:
    """The bug of a numbered case: each is as likely, and the number does not tell which.

    Raises:
        ValueError: no bug is known of this cell.
    """
    options = faults_of(cell)
    if not options:
        raise ValueError(
            f"No bug is known that a {CELLS[cell].title} can have, so there is none to be found; "
            "choose another cell."
        )
    rng = np.random.default_rng([number, list(CELLS).index(cell)])
    return options[int(rng.integers(len(options)))]
