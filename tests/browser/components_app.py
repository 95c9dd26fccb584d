"""A page with one of each component, for the tests beside it."""

from __future__ import annotations

import time

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.components.browser.colored_text import colored_text
from pages.components.browser.player import Cell, player
from pages.components.browser.plot import Click, plot
from rnnlab.figures import colors
from rnnlab.figures.players import Writing
from rnnlab.figures.scales import TANH
from rnnlab.figures.units import units_heatmap

HOSTILE = "<script>window.hacked = 1</script>\n*one* `two` $three$ <b>four</b>\n"
TEXT = (HOSTILE * 5)[:300]

st.set_page_config(layout="wide")
rng = np.random.default_rng(0)
trace = np.tanh(rng.normal(size=(len(TEXT), 128)))


@st.fragment(run_every=0.5)
def live() -> None:
    st.session_state.points = st.session_state.get("points", 20) + 5
    y = np.exp(-np.arange(st.session_state.points, dtype=np.float32) / 50)
    figure = go.Figure()
    figure.add_scatter(y=y, name="training", line_color=colors.TRAINING, uid="t")
    figure.add_scatter(y=y + 0.1, name="validation", line_color=colors.VALIDATION, uid="v")
    plot(figure, key="live", height=260, alt="Loss")
    time.sleep(0.01)


def chosen(click: Click) -> None:
    st.session_state.unit = int(click.y)
    st.session_state.position = int(click.x)


def read(cell: Cell) -> None:
    st.session_state.read = f"read {cell.position} {cell.unit}"


@st.fragment
def units() -> None:
    unit = st.session_state.get("unit", 0)
    position = st.session_state.get("position", 0)
    if st.toggle("Heatmap", key="heatmap"):
        figure = units_heatmap(
            trace,
            TEXT,
            name="h",
            scale=TANH,
            order=np.arange(128)[::-1],
            selected=(unit, position),
        )
        plot(figure, key="units", height=400, alt="Units", on_click=chosen)
    st.text(f"unit {unit} position {position} value {trace[position, unit]:.2f}")
    colored_text(
        TEXT,
        trace[:, unit],
        key="text",
        name=f"unit {unit}",
        scale=TANH,
        on_click=lambda p: st.session_state.update(position=p),
    )


view = st.segmented_control("View", ["live", "units", "player", "hidden"], key="view")
if view == "live":
    live()
elif view == "units":
    units()
elif view == "player":
    writing = Writing(
        id="w",
        prime="> ",
        text=TEXT,
        probabilities=rng.uniform(size=300),
        candidates=("<b",) * 300,
        candidate_probabilities=np.full((300, 2), 0.5),
        values=trace,
        units=tuple(range(128)),
    )
    player(writing, key="player", on_click=read, rate=60)
    st.text(st.session_state.get("read", "nothing read"))
elif view == "hidden":
    first, second = st.tabs(["first", "second"])
    first.write("here")
    with second:
        plot(go.Figure(go.Scatter(y=[1, 2, 3])), key="late", height=200, alt="Late")
