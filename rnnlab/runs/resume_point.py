"""The point from which an interrupted run goes on: one file, replaced every few seconds.

It holds everything the rest of the run depends on: weights, optimizer state, the carried hidden
state and the generators' states as tensors, and the place in the run as metadata. They are one
file because a kill between two files would pair the weights of one moment with the place of
another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from rnnlab.runs.errors import BrokenRun
from rnnlab.runs.files import replace_file
from rnnlab.runs.weights import parse_tensors

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
