"""Weights on disk: safetensors, read from bytes, never mapped and never pickled.

Snapshots are stored in half precision, which changes a loss by less than 0.001 nats and halves
the space; `best` and `last` are stored as they are. A network whose weights have grown beyond
what half precision holds is stored in single precision instead of being turned into infinities.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from rnnlab.runs.errors import BrokenRun
from rnnlab.runs.files import replace_file

SUFFIX = ".safetensors"
_HALF_MAXIMUM = float(np.finfo(np.float16).max)
_HEADER_LIMIT = 1_000_000  # bytes; a run has a few dozen tensors


def write_weights(path: Path, params: Mapping[str, np.ndarray], *, half: bool) -> None:
    """Store named arrays, in float16 when `half` and they fit, else in float32."""
    replace_file(path, weights_bytes(params, half=half))


def weights_bytes(params: Mapping[str, np.ndarray], *, half: bool) -> bytes:
    """The content of a weights file."""
    dtype = np.float16 if half and _fits_half(params) else np.float32
    stored = {name: np.asarray(value, dtype=dtype, order="C") for name, value in params.items()}
    return save(stored)


def _fits_half(params: Mapping[str, np.ndarray]) -> bool:
    return all(
        not np.any(np.abs(value[np.isfinite(value)]) > _HALF_MAXIMUM) for value in params.values()
    )


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """The named arrays of a weights file as float32.

    Raises:
        BrokenRun: not a safetensors file of float16 or float32 tensors.
        OSError: no such file.
    """
    return parse_weights(path.read_bytes(), path.name)


def parse_weights(data: bytes, where: str) -> dict[str, np.ndarray]:
    """The content of a weights file as float32 arrays; BrokenRun, beginning with `where`, if not
    one of float16 or float32 tensors."""
    arrays, _ = parse_tensors(data, where, ("F16", "F32"))
    return {name: value.astype(np.float32) for name, value in arrays.items()}


def parse_tensors(
    data: bytes, where: str, dtypes: tuple[str, ...]
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Arrays and metadata of safetensors bytes, refused unless all are of the allowed types.

    Raises:
        BrokenRun: cut off, not safetensors, or of another type; the sentence begins with `where`.
    """
    header = _header(data, where)
    for name, tensor in header.items():
        if name != "__metadata__" and tensor.get("dtype") not in dtypes:
            raise BrokenRun(
                f"{where}: tensor '{name[:60]}' is of type {str(tensor.get('dtype'))[:20]}, but a "
                f"run stores {' or '.join(dtypes)}."
            )
    try:
        return load(data), header.get("__metadata__", {})
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise BrokenRun(f"{where} is damaged: {error}.") from error


def _header(data: bytes, where: str) -> dict[str, Any]:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(_HEADER_LIMIT, len(data) - 8):
        raise BrokenRun(f"{where} is cut off or is no safetensors file.")
    try:
        header = json.loads(data[8 : 8 + length].decode("utf-8"))
    except (ValueError, RecursionError):
        raise BrokenRun(f"{where} is no safetensors file.") from None
    if not isinstance(header, dict) or not all(isinstance(v, dict) for v in header.values()):
        raise BrokenRun(f"{where} is no safetensors file.")
    return header
