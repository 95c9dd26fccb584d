"""How fast gradients fade with the lag, their half-life, and what theory allows."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.bptt import scene as bptt_scene
from pages.components.bptt.networks import Passage, Source, Subject, matrix, model, place_of, read
from pages.components.bptt.scene import ALL, Scene
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read
from pages.components.pickers.address import one_of
from pages.components.pickers.values import row
from rnnlab.figures.bptt import DecayLine, decay_chart
from rnnlab.inspection.gradients.backward import GradientFlow, half_life, spectral_radius
from rnnlab.inspection.gradients.bptt import MEANS, MIN_PREDICTIONS, bound, decay
from rnnlab.network.cells import CELLS

_MEAN = "bptt_mean"


def draw(scene: Scene) -> None:
    """The curves with their theory, and the half-lives."""
    with row():
        shown = bptt_scene.cells_choice()
        state = bptt_scene.state_choice(list(CELLS) if shown == ALL else [scene.cell])
        mean = _mean()
    subjects = [each for each in _subjects(scene, shown) if scene.is_shown(each[1])]
    lines = []
    for cell, subject in subjects:
        dash = "solid" if scene.is_trained(subject) else "dot"
        flow = flow_of(subject.source, scene.text, scene.layer, state, mean)
        # One cell alone needs no color to be told from others: there the fresh one is gray.
        color = None if shown != ALL and not scene.is_trained(subject) else list(CELLS).index(cell)
        lines.append(DecayLine(subject.name, flow.norms, color, dash))
        if shown != ALL:
            known = _theory(subject, scene, state, mean, len(flow.norms))
            lines += [DecayLine(name, norms, color, "dash", True) for name, norms in known.items()]
    plot(
        decay_chart(lines, state, scene.run.config.seq_length),
        key="bptt_decay",
        height=430,
        alt="Gradient norms against the lag",
    )
    how_to_read(
        f"The {mean} over all predictions; logarithmic, so a straight line falls by the same "
        "factor with every character. Solid: trained; dotted: fresh"
        + _words_of_theory(lines, state, scene.cell)
    )
    rows = [_row(scene, subject, state, mean) for _, subject in subjects]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    how_to_read(
        "Half-life: after how many characters a gradient has halved, from a straight line through "
        "the logarithms. Reach: over how many lags it stays above a thousandth of that at lag 0."
    )
    _definition()


def _subjects(scene: Scene, shown: str) -> list[tuple[str, Subject]]:
    cells = list(CELLS) if shown == ALL else [scene.cell]
    found = scene.trained()
    return [
        *((cell, scene.fresh(cell)) for cell in cells),
        *((cell, found[cell]) for cell in cells if cell in found),
    ]


@lru_cache(maxsize=64)
def flow_of(source: Source, text: Passage, layer: int, state: str, mean: str) -> GradientFlow:
    """The decay of a network's gradients with the lag."""
    return decay(matrix(source, text, layer).of(state), mean)


def _theory(
    subject: Subject, scene: Scene, state: str, mean: str, lags: int
) -> dict[str, np.ndarray]:
    """What is known beforehand, by name: a bound for a plain cell, what the gate carries for a
    gated one."""
    cell = model(subject.source).cell
    if cell.carried is not None:
        if state != cell.carried:
            return {}
        carried = matrix(subject.source, scene.text, scene.layer).carried
        assert carried is not None
        return {f"Π {cell.carry_gate}, {subject.name}": decay(carried, mean).norms}
    most = bound(read(subject.source, scene.text))
    if most is None or scene.layer != -1:
        return {}
    return {f"bound, {subject.name}": most ** np.arange(lags)}


def _words_of_theory(lines: list[DecayLine], state: str, cell: str) -> str:
    if any(line.is_theory for line in lines):
        return "; dashed and thin: what theory says about that network."
    kind = CELLS[cell]
    if kind.has_memory() and state != kind.carried:
        return f"; choose {kind.carried} to see what the {kind.carry_words}s alone hand back."
    return "."


def half_life_text(flow: GradientFlow) -> str:
    """Such as '1.1 characters'."""
    if flow.half_life == 0:
        return "–"
    if math.isinf(flow.half_life):
        return "stays as it is"
    if flow.half_life < 0:
        return f"doubles in {-flow.half_life:,.1f} characters"
    return f"{flow.half_life:,.1f} characters"


def _row(scene: Scene, subject: Subject, state: str, mean: str) -> dict[str, str]:
    flow = flow_of(subject.source, scene.text, scene.layer, state, mean)
    network = model(subject.source)
    most = bound(read(subject.source, scene.text))
    lags = len(flow.norms)
    return {
        "Network": subject.name,
        "Half-life": half_life_text(flow),
        "Reach": f"{flow.reach} characters" + (" or more" if flow.reach == lags else ""),
        "Left at lag 10": f"{flow.norms[10]:.1e}" if lags > 10 else "–",
        "Spectral radius": f"{spectral_radius(network, place_of(subject.source, scene.layer)):.2f}",
        "Bound a step": "–" if most is None else f"{most:.2f}",
    }


def _mean() -> str:
    options = list(MEANS)
    return one_of(
        "Over predictions, the",
        options,
        key=_MEAN,
        help="Geometric mean: the mean of the logarithms, to which each prediction adds its own "
        "slope; one that vanished pulls it down. Median: what happens to the prediction in the "
        "middle.",
    )


def _definition() -> None:
    bptt_scene.definition(
        r"\frac{\lVert \partial L_t/\partial h_s\rVert}{\lVert \partial L_t/\partial h_t\rVert} "
        r"\le \left(\lVert W_{hh}\rVert_2 \cdot \max \tanh'\right)^{t-s} \qquad "
        r"\frac{\partial c_t}{\partial c_s} \ni \prod_{u=s+1}^{t} f_u \qquad "
        r"\text{half-life} = \frac{\ln 0.5}{\text{slope of } \ln g \text{ against the lag}}",
        "**tanh.** One step back multiplies by $\\mathrm{diag}(1 - h_u^2)\\, W_{hh}$. Its norm is "
        "at most the largest singular value of $W_{hh}$ times the largest slope that any unit has "
        "at any step of this text, usually one that is near 0, where the slope is 1. So it is a "
        "**bound, not a forecast**: above 1 it allows an explosion that need not come, and units "
        "that are saturated make the true factor far smaller. A ReLU's slope is 1 where it is on.\n"
        "\n**LSTM.** Besides the ways through $h$, a gradient by $c$ is handed on by the forget "
        "gates alone, unit by unit: $\\prod f_u$ of the gates of this text, applied to "
        "$\\partial L_t/\\partial c_t$. A **GRU** hands on $h$ by its update gates, "
        "$\\prod z_u$. What lies above these lines came another way.\n"
        f"\nAt every lag, {MIN_PREDICTIONS} predictions or more are averaged, each relative to its "
        "own lag 0. The curve of a trained network is rarely straight: where it bends, one "
        "half-life cannot say it all.",
        "Pascanu et al. 2013, arXiv:1211.5063; Hochreiter & Schmidhuber 1997, Neural Computation "
        "9(8)",
        decay,
        bound,
        half_life,
    )
