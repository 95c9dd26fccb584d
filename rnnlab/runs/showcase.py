"""Which run to show somebody who has not chosen one."""

from __future__ import annotations

from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore

_CELLS = ("lstm", "gru", "rnn_tanh", "rnn_relu")  # the best writers first


def showcase_run(store: RunStore) -> Run | None:
    """A trained run worth looking at: from the gallery, else the newest; None when there is none.

    Only runs that predict the next character and have weights and a vocabulary are taken.
    """
    gallery = sorted(store.gallery(), key=_rank)
    for run in [*gallery, *(run for run in store.runs() if not run.read_only)]:
        if _can_be_shown(run):
            return run
    return None


def _rank(run: Run) -> tuple[int, str]:
    cell = run.config.cell
    return (_CELLS.index(cell) if cell in _CELLS else len(_CELLS), run.id)


def passage(run: Run, length: int) -> str:
    """Something that a run wrote itself, "" when it has not written anything.

    Whole lines as far as they fit, from what it wrote at its end, else its latest sample.
    """
    text = run.written()
    if not text:
        samples = run.samples()
        text = samples[-1].text if samples else ""
    piece = text[:length]
    whole = piece.rpartition("\n")[0] if len(text) > length else piece
    return (whole or piece).strip("\n")


def _can_be_shown(run: Run) -> bool:
    if not run.writes_text or not (run.folder / "vocabulary.json").exists():
        return False
    return any((run.folder / "weights").glob("*.safetensors"))
