"""Whose loss reaches which step: a triangle a network."""

from __future__ import annotations

import streamlit as st

from pages.components import bptt_row, bptt_scene, frame
from pages.components.bptt_networks import Subject, matrix
from pages.components.bptt_scene import ALL, Scene
from pages.components.plot import plot
from pages.components.value_picker import row
from rnnlab.figures.bptt_matrix import HIGHEST, LOWEST, Panel, bptt_matrices, power_of_ten
from rnnlab.inspection.bptt import itemised
from rnnlab.inspection.itemised import walk_back
from rnnlab.network.cells import CELLS

_HEIGHT_OF_ALL, _HEIGHT_OF_TWO = 620, 540


def draw(scene: Scene) -> None:
    """The choice of networks and state, and the figure."""
    with row():
        shown = bptt_scene.cells_choice()
        state = bptt_scene.state_choice(list(CELLS) if shown == ALL else [scene.cell])
    panels, columns = (_all(scene, state), len(CELLS)) if shown == ALL else (_two(scene, state), 2)
    height = _HEIGHT_OF_ALL if shown == ALL else _HEIGHT_OF_TWO
    figure = bptt_matrices(
        panels,
        scene.part.text,
        columns=columns,
        state=state,
        height=height,
        start=scene.part.start,
    )
    plot(
        figure,
        key="bptt_matrix",
        height=height,
        alt="Whose loss reaches which step",
        on_click=lambda click: bptt_row.clicked(scene, click),
    )
    frame.how_to_read(
        "A row is the loss of one prediction, a column a step before it: the stronger the color, "
        "the more a tiny change of the state there would change that loss; the same colors for "
        f"every network, in powers of ten from {power_of_ten(LOWEST)} to {power_of_ten(HIGHEST)}."
    )
    bptt_row.draw(scene, state)
    bptt_scene.definition(
        r"g(t, s) = \left\lVert \frac{\partial L_t}{\partial h_s} \right\rVert_2, \quad s \le t, "
        r"\qquad L_t = -\ln p_t[y_t]",
        "One backward pass of training adds all losses up, and nobody can tell any more which one "
        "said what. Here it carries **one row a prediction**, in float64: in float32 the squares "
        "of a fading gradient are 0 long before the gradient is. $g(t,s)$ is over all paths, also "
        "those through other layers, and through $c$ of an LSTM; by $c$ it is $\\lVert \\partial "
        "L_t / \\partial c_s \\rVert$. Gradients end where the text begins: what was read before "
        "counts as given. A prediction that is sure and right has a faint row, because there is "
        "nothing left to learn from it.",
        "Cashman et al. 2019, RNNbow, arXiv:1907.12545; Pascanu et al. 2013, arXiv:1211.5063",
        itemised,
        walk_back,
    )
    if scene.found.item_end is not None:
        st.caption(
            "This network learned single items, each from an empty state; here it reads on from "
            "line to line, so gradients cross the ends of items."
        )


def _two(scene: Scene, state: str) -> list[Panel]:
    run = scene.trained()[scene.cell]
    return [
        _panel(scene, scene.fresh(scene.cell), state),
        _panel(scene, Subject(f"{run.name}, {scene.moment}", run.source), state),
    ]


def _all(scene: Scene, state: str) -> list[Panel]:
    found = scene.trained()
    above = [_panel(scene, scene.fresh(cell), state) for cell in CELLS]
    below = [
        _panel(scene, found[cell], state)
        if cell in found
        else Panel(f"{CELLS[cell].title}, trained", None)
        for cell in CELLS
    ]
    return above + below


def _panel(scene: Scene, subject: Subject, state: str) -> Panel:
    if not scene.is_shown(subject):
        return Panel(subject.name, None)
    return Panel(subject.name, matrix(subject.source, scene.text, scene.layer).of(state))
