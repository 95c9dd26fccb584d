"""One row of the matrix over its text: where a single prediction's loss is felt."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components import frame
from pages.components.bound import initial, put
from pages.components.bptt_networks import matrix
from pages.components.bptt_scene import Scene
from pages.components.colored_text import colored_text
from pages.components.plain import plain
from pages.components.plot import Click
from rnnlab.figures.scales import SHARE
from rnnlab.text.visible import visible

_KEY = "bptt_t"


def draw(scene: Scene, state: str) -> None:
    """The choice of a prediction, and the text colored by what its loss feels of each step."""
    t = _choose(scene)
    row = matrix(scene.found.key, scene.text, scene.layer).of(state)[t]  # (T,)
    felt = np.where(np.isfinite(row), row, 0.0)
    values = np.append(felt / (felt.max() or 1.0), 0.0)  # the last character is only predicted
    symbol = "c" if state == "c" and scene.cell == "lstm" else "h"
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
    target = plain(visible(scene.part.text[t + 1]))
    frame.how_to_read(
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
