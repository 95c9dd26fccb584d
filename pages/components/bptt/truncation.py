"""What truncating backpropagation cuts off the gradient by W_hh."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.bptt import scene as bptt_scene
from pages.components.bptt.networks import Passage, Source, Subject, read
from pages.components.bptt.scene import Scene
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read, problems
from rnnlab.figures.bptt import TRUNCATION_KINDS, truncation_chart
from rnnlab.inspection.gradients.bptt import Truncation, truncation

_LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
_HEIGHT = 400


def draw(scene: Scene) -> None:
    """Error and angle against k, for the run and a fresh network."""
    subjects = [
        scene.fresh(scene.cell),
        Subject(f"this run, {scene.snapshot_name}", scene.found.key),
    ]
    seq_length = scene.run.config.seq_length
    lengths = tuple(sorted({k for k in (*_LENGTHS, seq_length) if k < scene.steps} | {scene.steps}))
    found: dict[str, Truncation] = {}
    for subject in subjects:
        with problems():
            found[subject.name] = _truncation(subject.source, scene.text, scene.layer, lengths)
    if not found:
        return
    for column, what in zip(st.columns(2, gap="large"), ("error", "cosine"), strict=True):
        with column:
            plot(
                truncation_chart(found, what, seq_length),
                key=f"bptt_truncation_{what}",
                height=_HEIGHT,
                alt=f"The {what} of truncated gradients against k",
            )
    how_to_read(
        f"The full gradient goes back through all {scene.steps} steps of this text; left: what "
        "share of it is missing or wrong at k steps, right: how far the direction has turned (1 is "
        "the same). Solid: every loss reaches back k steps at most; dashed: windows of k, as in "
        f"training. Upright: the sequence length of this run, {seq_length}"
        + ("." if seq_length <= scene.steps else ", which is longer than this text.")
    )
    _table(found, min(seq_length, scene.steps))
    _definition()


@lru_cache(maxsize=32)
def _truncation(source: Source, text: Passage, layer: int, lengths: tuple[int, ...]) -> Truncation:
    return truncation(read(source, text), np.array(lengths), layer)


def _table(found: dict[str, Truncation], length: int) -> None:
    lines = []
    for name, each in found.items():
        place = each.lengths.tolist().index(length)
        for kind, words in TRUNCATION_KINDS.items():
            against = getattr(each, kind)
            lines.append(
                {
                    "Network": name,
                    "Truncation": words,
                    "Goes back, on average": f"{against.steps[place]:.1f} steps",
                    "Relative error": f"{against.error[place]:.4f}",
                    "Cosine": f"{against.cosine[place]:.4f}",
                    "Norm of the full gradient": f"{each.norm:.3g}",
                }
            )
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(f"At k = {length}.")


def _definition() -> None:
    bptt_scene.definition(
        r"g_k = \frac1T \sum_t \sum_{s = t-k+1}^{t} \left(\frac{\partial L_t}{\partial u_s}\right) "
        r"h_{s-1}^\top, \quad u_s = W_{hh} h_{s-1}, \qquad \text{error} = "
        r"\frac{\lVert g_k - g_T\rVert}{\lVert g_T\rVert}",
        "**At most k back**: each loss $L_t$ is felt at its own step and the $k-1$ before it; all "
        "states before count as given. This is exact, not an estimate: the shares of single "
        "predictions are kept apart and those from further back left out. **Windows of k** is what "
        "training does: the text is cut, the state is carried on, and gradients stop at each cut. "
        "The first loss of a window then goes back one step, the last one k, "
        "**(k + 1) / 2 on average**: about half the sequence length. So windows cut off more than "
        "the number suggests, and what they cut off depends on where the cuts fall in this text: "
        "the dashed lines may jump. The full gradient is itself cut off where this text begins. A "
        "small error does not say that nothing is to be learned from further back: only that, as "
        "the network is now, hardly any gradient comes from there.",
        "Williams & Peng 1990, Neural Computation 2(4), 490–501",
        truncation,
    )
