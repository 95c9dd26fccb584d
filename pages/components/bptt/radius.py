"""The eigenvalues of W_hh, and a slider that moves them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from pages.components.bptt import scene as bptt_scene
from pages.components.bptt.decay import half_life_text
from pages.components.bptt.networks import Passage, Source, Subject, matrix, model, read
from pages.components.bptt.scene import Scene
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read, problems, two_columns
from pages.components.pickers.address import initial, one_of
from pages.components.pickers.values import row
from rnnlab.figures.bptt import DecayLine, Panel, bptt_matrices, decay_chart, eigenvalue_chart
from rnnlab.inspection.gradients.backward import GradientFlow
from rnnlab.inspection.gradients.bptt import GradientReading, Itemised, decay, itemised, reading
from rnnlab.inspection.gradients.spectrum import block_names, candidate, eigenvalues, rescaled

_FRESH, _RUN = "Fresh", "Trained"
_ONE, _EVERY = "Candidate", "All blocks"
_MIN_RADIUS, _MAX_RADIUS, _STEP = 0.1, 2.0, 0.05
_HEIGHT = 430


def draw(scene: Scene) -> None:
    """The slider, the eigenvalues, the matrix and the decay."""
    with row():
        subject = _subject(scene)
        blocks = _blocks(scene.cell)
        block = _block(scene.cell)
        radius = _radius()
    with problems():
        loss, found = _rescaled(subject.source, scene.text, scene.layer, radius, blocks)
        before, factor = _spectrum(subject.source, block, scene.layer)
        now = before * (radius / factor if block in blocks else 1.0)
        was = matrix(subject.source, scene.text, scene.layer)
        flows = decay(was.by_h), decay(found.by_h)
        _numbers(scene, subject, radius, flows, loss)
        left, right = two_columns()
        with left:
            _eigenvalues(now, before, block)
        with right:
            _matrix(scene, Panel(f"{subject.name}, radius {radius:g}", found.by_h))
        _decay(scene, radius, flows)
        _definition()


def _numbers(
    scene: Scene,
    subject: Subject,
    radius: float,
    flows: tuple[GradientFlow, GradientFlow],
    loss: float,
) -> None:
    """Radius, half-lives and loss, before and after."""
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Spectral radius as it is",
            f"{_spectrum(subject.source, candidate(scene.cell), scene.layer)[1]:.3f}",
            help="The largest |eigenvalue| of W_hh; of a gated cell, of the candidate's block.",
        )
        st.metric("Half-life as it is", half_life_text(flows[0]), help=_HALF_LIFE)
        st.metric(f"Half-life at {radius:g}", half_life_text(flows[1]), help=_HALF_LIFE)
        st.metric(
            "Loss on this text",
            f"{loss:.3f}",
            f"{loss - read(subject.source, scene.text).loss:+.3f}",
            delta_color="inverse",
            help="Nats per character with the rescaled weights, and the change: a trained network "
            "whose weights are rescaled is another network.",
        )


def _eigenvalues(now: np.ndarray, before: np.ndarray, block: str) -> None:
    plot(
        eigenvalue_chart(now, before, block),
        key="bptt_eigenvalues",
        height=_HEIGHT,
        alt="Eigenvalues of W_hh and the unit circle",
    )
    how_to_read(
        "Each point is an eigenvalue. A linear network would multiply the gradient along it by "
        "|λ| with every step: inside the circle it fades, outside it grows, on it it stays."
    )


def _matrix(scene: Scene, panel: Panel) -> None:
    figure = bptt_matrices(
        [panel],
        scene.part.text,
        columns=1,
        state="h",
        height=_HEIGHT,
        start=scene.part.start,
    )
    plot(figure, key="bptt_rescaled", height=_HEIGHT, alt="Whose loss reaches which step")
    how_to_read(
        "A row is the loss of one prediction, a column the step where it is felt; the same "
        "colors as in the part Matrix."
    )


def _decay(scene: Scene, radius: float, flows: tuple[GradientFlow, GradientFlow]) -> None:
    lines = [
        DecayLine("as it is", flows[0].norms, None, "dot"),
        DecayLine(f"rescaled to {radius:g}", flows[1].norms, 0),
        DecayLine(
            f"{radius:g} to the power of the lag", radius ** np.arange(scene.steps), 3, "dash", True
        ),
    ]
    plot(
        decay_chart(lines, "h", scene.run.config.seq_length),
        key="bptt_radius_decay",
        height=330,
        alt="Gradient norms against the lag, as they are and rescaled",
    )
    how_to_read(
        "Thin and dashed: what a linear network with this radius would do in the long run; "
        "saturated units pull a gradient below it, and what gates hand on keeps it above."
    )


_HALF_LIFE = "After how many characters the gradient by h has halved, from a straight line."


@lru_cache(maxsize=48)
def _spectrum(source: Source, block: str, layer: int) -> tuple[np.ndarray, float]:
    """Eigenvalues of a block, and the largest of their absolute values."""
    found = eigenvalues(model(source), block, layer)
    return found, float(np.abs(found).max())


@lru_cache(maxsize=48)
def _rescaled(
    source: Source, text: Passage, layer: int, radius: float, blocks: tuple[str, ...]
) -> tuple[float, Itemised]:
    found: GradientReading = reading(
        rescaled(model(source), radius, blocks), np.array(text.ids), text.skip
    )
    return found.loss, itemised(found, layer)


def _subject(scene: Scene) -> Subject:
    options = [_FRESH, _RUN]
    chosen = one_of(
        "Network",
        options,
        _FRESH,
        key="bptt_network",
        help="A fresh network of this cell, or the run at the moment chosen above.",
    )
    return scene.trained()[scene.cell] if chosen == _RUN else scene.fresh(scene.cell)


def _blocks(cell: str) -> tuple[str, ...]:
    """Those that are rescaled."""
    names = block_names(cell)
    if len(names) == 1:
        return names
    options = [_ONE, _EVERY]
    chosen = one_of(
        "Rescale",
        options,
        _ONE,
        key="bptt_blocks",
        help=f"W_hh of this cell has a square block for each of {', '.join(names)}. Candidate: "
        f"only that of {candidate(cell)}, the new value offered to the memory. All blocks: each "
        "of them is brought to this radius.",
    )
    return names if chosen == _EVERY else (candidate(cell),)


def _block(cell: str) -> str:
    """The one whose eigenvalues are drawn."""
    names = block_names(cell)
    if len(names) == 1:
        return names[0]
    return one_of(
        "Eigenvalues of",
        names,
        candidate(cell),
        key="bptt_block",
        help="The block of W_hh whose eigenvalues are drawn: one a gate, and one of the candidate.",
    )


def _radius() -> float:
    options = [
        round(_MIN_RADIUS + k * _STEP, 2)
        for k in range(round((_MAX_RADIUS - _MIN_RADIUS) / _STEP) + 1)
    ]
    chosen = st.select_slider(
        "Spectral radius",
        options,
        value=initial("bptt_radius", options, 1.0),
        format_func=lambda radius: f"{radius:g}",
        key="bptt_radius",
        bind="query-params",
        width=320,
        help="W_hh is multiplied so that its largest |eigenvalue| is this. Nothing is trained.",
    )
    return chosen if chosen in options else 1.0


def _definition() -> None:
    bptt_scene.definition(
        r"\rho(W_{hh}) = \max_j |\lambda_j|, \qquad W_{hh} \leftarrow \frac{\rho}{\rho(W_{hh})}"
        r"\, W_{hh}, \qquad \frac{\partial h_t}{\partial h_s} = \prod_{u=s+1}^{t} "
        r"\mathrm{diag}(1 - h_u^2)\, W_{hh}",
        "Weights drawn uniformly from $\\pm 1/\\sqrt H$ have the variance $1/(3H)$, so their "
        "eigenvalues fill a disc of radius $1/\\sqrt 3 = 0.577$: a fresh PyTorch network forgets "
        "by a factor near that with every step, before tanh adds its own share. What the network "
        "at hand has is measured, and stands above. The radius rules a *linear* network *in the "
        "long run*: over a few steps the largest singular value, which is larger, can make a "
        "gradient grow first, and tanh, ReLU and gates multiply by slopes of their own. "
        "In a gated cell a smaller radius need not shorten the reach: what the gates hand on does "
        "not pass through the candidate's block. In every layer the same blocks are brought to "
        "the same radius.",
        "Pascanu et al. 2013, arXiv:1211.5063; Ginibre 1965 and Tao & Vu 2008 (circular law)",
        rescaled,
        eigenvalues,
    )
