"""What was found in a run and stored with it."""

from __future__ import annotations

from collections.abc import Sequence

from rnnlab.inspection.finding import Finding
from rnnlab.runs.files import read_json, replace_json
from rnnlab.runs.run import Run

FINDING = "finding.json"


def stored_findings(run: Run) -> list[Finding]:
    """The findings that come with a run, the clearest first; [] without."""
    try:
        data = read_json(run.folder / FINDING)
    except (OSError, ValueError):
        return []
    found = map(Finding.from_json, data if isinstance(data, list) else [])
    return [each for each in found if each is not None]


def store_findings(run: Run, found: Sequence[Finding]) -> None:
    """Write findings into the folder of a run."""
    replace_json(run.folder / FINDING, [each.to_json() for each in found])
