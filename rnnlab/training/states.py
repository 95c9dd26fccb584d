"""What the saved states of both engines have in common: names, and refusing what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

State = dict[str, np.ndarray]


def with_prefix(prefix: str, arrays: Mapping[str, np.ndarray]) -> State:
    """Arrays under `<prefix>.<name>`."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def taken(state: State, prefix: str, shapes: Mapping[str, tuple[int, ...]]) -> State:
    """The arrays of a state under `<prefix>.<name>`, by name.

    Raises:
        ValueError: one is missing or has another shape.
    """
    found = {}
    for name, shape in shapes.items():
        key = f"{prefix}.{name}"
        if key not in state:
            raise ValueError(
                f"The saved training state has no '{key}', so it belongs to a run with other "
                "settings; start the run anew."
            )
        if state[key].shape != shape:
            raise ValueError(
                f"'{key}' in the saved training state has shape {state[key].shape}, but this run "
                f"needs {shape}; start the run anew."
            )
        found[name] = state[key]
    return found


def check_slots(state: State, slots: Iterable[str]) -> None:
    """Refuse the memory of another optimizer.

    Raises:
        ValueError: the state has slots that this optimizer does not know.
    """
    known = {*slots, "params", "carried", "count", "threads"}
    unknown = sorted({key.partition(".")[0] for key in state} - known)
    if unknown:
        raise ValueError(
            f"The saved training state has '{unknown[0]}', which this run's optimizer does not "
            "use; it belongs to a run with other settings, so start the run anew."
        )
