"""Weights and resume points on disk: safetensors, read from bytes, never mapped or pickled.

Snapshots are stored in half precision, which changes a loss by less than 0.001 nats and halves
the space (single precision where weights have grown beyond its range); `best` and `last` are
stored as they are. A resume point holds everything the rest of the run depends on (weights,
optimizer state, hidden state, generators, place in the run) in one file, because a kill between
two files would pair the weights of one update with the place of another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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


FORMAT = 1
_DTYPES = ("F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "BOOL")


@dataclass(frozen=True)
class ResumePoint:
    """Where a run stands, and the state of its engine there."""

    step: int
    seconds: float  # of training
    state: Mapping[str, np.ndarray]
    corpus_sha256: str = ""
    best_val_loss: float | None = None
    controls: Mapping[str, Any] = field(default_factory=dict)  # learning rate … as changed


def write_resume_point(folder: Path, point: ResumePoint) -> None:
    """Replace the resume point of a run; OSError when the disk is full, the old one stays."""
    place = {
        "format": FORMAT,
        "step": point.step,
        "seconds": point.seconds,
        "corpus_sha256": point.corpus_sha256,
        "best_val_loss": point.best_val_loss,
        "controls": dict(point.controls),
    }
    arrays = {name: np.asarray(value, order="C") for name, value in point.state.items()}
    replace_file(folder / "resume.safetensors", save(arrays, {"place": json.dumps(place)}))


def read_resume_point(folder: Path) -> ResumePoint | None:
    """Where the run can go on; None when it never got that far.

    Raises:
        BrokenRun: there is a resume point, but it is damaged or of another version.
    """
    try:
        data = (folder / "resume.safetensors").read_bytes()
    except FileNotFoundError:
        return None
    state, metadata = parse_tensors(data, "The resume point", _DTYPES)
    try:
        place = json.loads(metadata["place"])
        if place["format"] != FORMAT:
            raise BrokenRun(
                f"The resume point has format {place['format']!r}, but this version of RNN Lab "
                f"reads format {FORMAT}; resume it with the version that wrote it."
            )
        return ResumePoint(
            int(place["step"]),
            float(place["seconds"]),
            state,
            place["corpus_sha256"],
            place["best_val_loss"],
            place["controls"],
        )
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError):
        raise BrokenRun("The resume point is damaged.") from None
