"""What the browser gets, and the colors it finds there."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.figures import colors
from rnnlab.figures.layout import label
from rnnlab.figures.transport import plotly_javascript, specification

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]


def test_arrays_travel_as_typed_arrays_and_the_template_stays() -> None:
    figure = go.Figure(go.Scatter(x=np.arange(500, dtype=np.float32), y=np.zeros(500, np.float32)))
    sent = specification(figure)
    assert json.loads(sent["traces"][0])["x"]["dtype"] == "f4"
    assert "template" not in json.loads(sent["layout"])
    assert len(sent["layout"]) < 200


def test_zoom_is_kept_unless_the_figure_says_otherwise() -> None:
    assert json.loads(specification(go.Figure())["layout"])["uirevision"] == "kept"
    own = go.Figure(layout={"uirevision": "mine"})
    assert json.loads(specification(own)["layout"])["uirevision"] == "mine"
    assert json.loads(specification(go.Figure(), drag="")["layout"])["dragmode"] is False


def test_numbers_that_json_lacks_become_null() -> None:
    sent = specification(go.Figure(go.Scatter(y=[1.0, float("nan"), float("inf")])))
    assert json.loads(sent["traces"][0], parse_constant=pytest.fail)["y"] == [1.0, None, None]


def test_plotly_brings_its_javascript() -> None:
    assert plotly_javascript().stat().st_size > 1_000_000


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_each_theme_has_ten_distinct_colors_of_each_kind(mode: str) -> None:
    for kind in ("Categorical", "Sequential", "Diverging"):
        assert len(set(THEME[mode][f"chart{kind}Colors"])) == 10, kind


def test_figures_are_drawn_in_the_colors_of_the_light_theme() -> None:
    assert tuple(THEME["light"]["chartCategoricalColors"]) == colors.PALETTE
    for color, name in colors.THEME_VARIABLES.items():
        words = name.removeprefix("--st-").split("-")
        assert THEME["light"]["".join([words[0], *(w.title() for w in words[1:])])] == color


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


def _contrast(a: str, b: str) -> float:
    """From 1 to 21. Source: WCAG 2.2, relative luminance and contrast ratio."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_curves_can_be_read_from_the_last_row(mode: str) -> None:
    theme = THEME[mode]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert _contrast(theme["textColor"], ground) >= 10
        assert _contrast(theme["linkColor"], ground) >= 4.5
    for color in theme["chartCategoricalColors"]:
        assert _contrast(color, theme["backgroundColor"]) >= 3.9, color
    assert _contrast("#ffffff", theme["primaryColor"]) >= 3.8  # on buttons


@given(st.text(max_size=20))
def test_labels_hold_no_marks_that_plotly_obeys(text: str) -> None:
    assert "<" not in label(text)
    assert "%{" not in label(text)


def test_first_twenty_series_differ() -> None:
    assert len({colors.series_line(i) for i in range(20)}) == 20
