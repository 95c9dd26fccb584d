"""Small computations with torch that the app asks of a warm worker: how they cross the pipe.

A query is one line of JSON, an answer another. The numbers are those of Python's `repr`, which
give back every bit of a 64-bit float.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN, ParameterError, Params
from rnnlab.network.tape import State
from rnnlab.training.engines.factory import autograd

# So long a line, about 60 KB, still goes into a pipe at once: who asks never waits for a reader.
MAX_NUMBERS, MAX_CHARACTERS = 2_800, 100  # weights, characters read


class QueryError(ValueError):
    """A query that cannot be answered; the message says why."""


def autograd_query(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State
) -> dict[str, Any]:
    """What the gradients of the mean loss are: (B, T) ids and targets, a state to start from.

    Raises:
        QueryError: the network or the text is too large.
    """
    _check_sizes(model, ids)
    return {
        "do": "autograd",
        "cell": model.architecture.cell,
        "params": {name: param.tolist() for name, param in model.params.items()},
        "ids": ids.tolist(),
        "targets": targets.tolist(),
        "state": [{name: h.tolist() for name, h in layer.items()} for layer in state],
    }


def answer_autograd_query(query: dict[str, Any]) -> dict[str, Any]:
    """The worker's side: the loss and the gradients, or one sentence under "error"."""
    try:
        model, ids, targets, state = _read(query)
        loss, grads = autograd(model, ids, targets, state)
    except (QueryError, ParameterError) as error:
        return {"error": str(error)}
    except Exception as error:
        return {"error": f"torch could not compute this ({type(error).__name__}: {error})."}
    return {"loss": loss, "grads": {name: grad.tolist() for name, grad in grads.items()}}


def gradients(answer: dict[str, Any]) -> Params:
    """The gradients of an answer.

    Raises:
        QueryError: there are none; says why.
    """
    if "error" in answer:
        raise QueryError(answer["error"])
    return {name: np.array(grad, np.float64) for name, grad in answer["grads"].items()}


def _read(query: dict[str, Any]) -> tuple[CharRNN, np.ndarray, np.ndarray, State]:
    """The parts of a query, checked: it came through a pipe."""
    cell = query.get("cell")
    if cell not in CELLS:
        raise QueryError(f"There is no cell '{cell}'; the cells are {', '.join(CELLS)}.")
    params = {name: _floats(param) for name, param in query["params"].items()}
    model = CharRNN.from_params(cell, params)
    ids = _ids(query["ids"], model.architecture.vocab_size)
    targets = _ids(query["targets"], model.architecture.outputs)
    _check_sizes(model, ids)
    state = [{name: _floats(h) for name, h in layer.items()} for layer in query["state"]]
    _check_together(model, ids, targets, state)
    return model, ids, targets, state


def _check_sizes(model: CharRNN, ids: np.ndarray) -> None:
    count = model.architecture.parameter_count()
    if count > MAX_NUMBERS or ids.size > MAX_CHARACTERS:
        raise QueryError(
            f"This network has {count:,} weights and reads {ids.size:,} characters; at most "
            f"{MAX_NUMBERS:,} and {MAX_CHARACTERS:,} can be asked about."
        )


def _check_together(model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State) -> None:
    if targets.shape != ids.shape:
        raise QueryError(f"The targets are {targets.shape}, but the characters {ids.shape}.")
    expected = [
        {name: h.shape for name, h in layer.items()} for layer in model.initial_state(len(ids))
    ]
    found = [{name: h.shape for name, h in layer.items()} for layer in state]
    if found != expected:
        raise QueryError(f"The state has the shapes {found}, but this network needs {expected}.")


def _floats(numbers: list) -> np.ndarray:
    try:
        found = np.array(numbers, np.float64)  # null, which stands for what is no number, is nan
    except (TypeError, ValueError):
        raise QueryError("A list of numbers is ragged, or holds something else.") from None
    if not np.isfinite(found).all():
        raise QueryError("A weight or a state is no finite number: the network has diverged.")
    return found


def _ids(numbers: list, size: int) -> np.ndarray:
    try:
        found = np.array(numbers)
    except ValueError:
        found = np.empty(0)
    if found.ndim != 2 or found.dtype.kind != "i" or not found.size:
        raise QueryError("Characters must be a table of whole numbers, a row for each sequence.")
    if found.min() < 0 or found.max() >= size:
        raise QueryError(f"Characters are counted from 0 to {size - 1} in this network.")
    return found
