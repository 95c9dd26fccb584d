"""Whose loss reaches which step: a triangle a network, and one of its rows over the text."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.bptt import scene as bptt_scene
from pages.components.bptt.networks import Subject, matrix
from pages.components.bptt.scene import ALL, Scene
from pages.components.browser.colored_text import colored_text
from pages.components.browser.plot import Click, plot
from pages.components.layout import escape_markdown, how_to_read
from pages.components.pickers.address import initial, put
from pages.components.pickers.values import row
from rnnlab.figures.bptt import MAX_POWER, MIN_POWER, Panel, bptt_matrices, power_of_ten
from rnnlab.figures.scales import SHARE
from rnnlab.inspection.gradients.backward import backward_per_prediction
from rnnlab.inspection.gradients.bptt import itemised
from rnnlab.network.cells import CELLS
from rnnlab.text.visible import visible

_KEY = "bptt_t"


def draw_row(scene: Scene, state: str) -> None:
    """The choice of a prediction, and the text colored by what its loss feels of each step."""
    t = _choose(scene)
    row = matrix(scene.found.key, scene.text, scene.layer).of(state)[t]  # (T,)
    felt = np.where(np.isfinite(row), row, 0.0)
    values = np.append(felt / (felt.max() or 1.0), 0.0)  # the last character is only predicted
    symbol = state if state in CELLS[scene.cell].states else "h"
    name = f"‖∂L/∂{symbol}‖"
    colored_text(
        scene.part.text,
        values.astype(np.float32),
        key="bptt_row",
        name=f"{name}, share of the largest",
        scale=SHARE,
        start=scene.part.start,
        selected=scene.part.start + t,
        notes=[
            f"{name} = {norm:.2e}, {t - s} back" if s <= t else "later than this loss"
            for s, norm in enumerate(np.append(row, 0.0))
        ],
        height=160,
        on_click=lambda position: _show(scene, position),
    )
    target = escape_markdown(visible(scene.part.text[t + 1]))
    how_to_read(
        "The same row of the run over its text, this time linear: the stronger the color of a "
        f"character, the more the loss of predicting “{target}”, after the framed one, still feels "
        "the state at it."
    )


def clicked(scene: Scene, click: Click) -> None:
    """Show the row of the matrix that was clicked."""
    if click.row >= 0:
        _show(scene, scene.part.start + click.row)


def _show(scene: Scene, position: int) -> None:
    last = scene.part.start + scene.steps - 1
    put(_KEY, min(max(position, scene.part.start), last))


def _choose(scene: Scene) -> int:
    """t, from 0."""
    start, steps = scene.part.start, scene.steps
    if steps == 1:
        return 0
    chosen = st.slider(
        "Loss at t",
        start,
        start + steps - 1,
        value=initial(_KEY, range(start, start + steps), start + steps - 1),
        key=_KEY,
        bind="query-params",
        help="Which prediction: a position in the text. A click on a row of the matrix, or on a "
        "character below, sets it too.",
    )
    return min(max(chosen - start, 0), steps - 1)


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
        on_click=lambda click: clicked(scene, click),
    )
    how_to_read(
        "A row is the loss of one prediction, a column a step before it: the stronger the color, "
        "the more a tiny change of the state there would change that loss; the same colors for "
        f"every network, in powers of ten from {power_of_ten(MIN_POWER)} to "
        f"{power_of_ten(MAX_POWER)}."
    )
    draw_row(scene, state)
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
        backward_per_prediction,
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
        _panel(scene, Subject(f"{run.name}, {scene.snapshot_name}", run.source), state),
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
