"""What the saved states of both engines have in common: names, and refusing what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

State = dict[str, np.ndarray]

_WITH_ANY_OPTIMIZER = ("params", "carried", "count", "threads")
_WHAT_TO_DO = "Start a new run with this run's settings."


class StateError(ValueError):
    """A saved training state fits other settings than the run's; the message says in what."""


def with_prefix(prefix: str, arrays: Mapping[str, np.ndarray]) -> State:
    """Arrays under `<prefix>.<name>`."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def taken(state: State, prefix: str, shapes: Mapping[str, tuple[int, ...]]) -> State:
    """The arrays of a state under `<prefix>.<name>`, by name.

    Raises:
        StateError: one is missing or has another shape.
    """
    found = {}
    for name, shape in shapes.items():
        key = f"{prefix}.{name}"
        if key not in state:
            raise StateError(
                f"The saved training state has no '{key}', but this run needs it with shape "
                f"{shape}: it was saved with other settings. {_WHAT_TO_DO}"
            )
        if state[key].shape != shape:
            raise StateError(
                f"'{key}' in the saved training state has shape {state[key].shape}, but this run "
                f"needs {shape}: it was saved with other settings. {_WHAT_TO_DO}"
            )
        found[name] = state[key]
    return found


def check_slots(state: State, slots: Iterable[str]) -> None:
    """Refuse the memory of another optimizer.

    Raises:
        StateError: the state has slots that this optimizer does not know.
    """
    own = sorted(slots)
    unknown = sorted({key.partition(".")[0] for key in state} - {*own, *_WITH_ANY_OPTIMIZER})
    if unknown:
        kept = " and ".join(f"'{name}'" for name in own) or "nothing"
        raise StateError(
            f"The saved training state has '{unknown[0]}', which this run's optimizer does not "
            f"use (it keeps {kept}): it was saved with other settings. {_WHAT_TO_DO}"
        )
