"""What two networks make of a text, kept from one rerun to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.components import services
from pages.components.networks import Network, NetworkKey, load
from pages.components.pickers import text as text_picker
from pages.components.pickers.snapshot import snapshot_name
from rnnlab.inspection.comparison import TextScore, common_text, score_text
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import MAX_HELD_OUT_CHARACTERS, training_overlap
from rnnlab.text.excerpt import Excerpt

_LEARNED = 0.05  # from so much of a text on, it is said that a run learned from it


@dataclass(frozen=True)
class Pair:
    """Two networks, A and B, with what they are called."""

    first: Network
    second: Network
    names: tuple[str, str]
    runs: tuple[Run, Run]


@dataclass(frozen=True, eq=False)
class Both:
    """A text and what each of the two made of it."""

    text: str  # N + 1 characters that both know
    first: TextScore
    second: TextScore
    left_out: int  # characters that one of them does not know

    @property
    def gain(self) -> np.ndarray:
        """(N,) log2 p of A − log2 p of B: how many bits less each character cost A."""
        return self.second.bits - self.first.bits


def names_of(runs: tuple[Run, Run], snapshots: tuple[str, str]) -> tuple[str, str]:
    """ "A: …" and "B: …", with the snapshot where the run is the same."""
    is_same = runs[0].id == runs[1].id
    first, second = (
        f"{run.name}, {snapshot_name(snapshot)}" if is_same else run.name
        for run, snapshot in zip(runs, snapshots, strict=True)
    )
    return f"A: {first}", f"B: {second}"


def long_text(run: Run, part: Excerpt) -> tuple[str, str]:
    """What the numbers are taken from, and what it is called: more than the excerpt if there is."""
    kind = st.session_state.get(text_picker.SOURCE)
    if kind not in (text_picker.CORPUS, text_picker.UNSEEN):
        return part.text, "the text above"
    source = text_picker.source_of(run, unseen=kind == text_picker.UNSEEN)
    return source.text[:MAX_HELD_OUT_CHARACTERS], source.title


def read_both(pair: Pair, text: str) -> Both:
    """Both networks through the characters that both know.

    Raises:
        ValueError: too few of them, or a network computes no numbers any more.
    """
    common = common_text(text, pair.first.vocabulary, pair.second.vocabulary)
    first, second = (_read(each.key, common) for each in (pair.first, pair.second))
    return Both(common, first, second, len(text) - len(common))


@lru_cache(maxsize=8)
def _read(key: NetworkKey, text: str) -> TextScore:
    known = load(key)
    return score_text(known.model, known.vocabulary, text)


def who_learned(pair: Pair, text: str) -> list[str]:
    """A sentence for each of the two that learned from a text."""
    said = []
    for letter, network in zip("AB", (pair.first, pair.second), strict=True):
        share = _share(network.key, text)
        if share is not None and share > _LEARNED:
            said.append(f"{letter} learned from {share:.0%} of this text.")
    return said


@lru_cache(maxsize=16)
def _share(key: NetworkKey, text: str) -> float | None:
    return training_overlap(RunStore(key.root).open(key.run_id), services.library(), text)
