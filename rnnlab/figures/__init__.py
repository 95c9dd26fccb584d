"""Numbers in, plotly figures out: every chart by its name, loaded when it is asked for first."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# ruff: noqa: F401 - type checkers read these imports; at run time _CHARTS says where to look
if TYPE_CHECKING:
    from rnnlab.figures.bptt import (
        bptt_matrices,
        clipping_bars,
        decay_chart,
        direction_chart,
        eigenvalue_chart,
        truncation_chart,
    )
    from rnnlab.figures.cell_diagram import cell_flow
    from rnnlab.figures.connectivity import dependence_maps, lag_chart, measures_chart
    from rnnlab.figures.corpus import character_path, split_bar
    from rnnlab.figures.find_unit import probe_bars, ranking_bars, span_map, unit_and_feature
    from rnnlab.figures.gradient_check import agreement, element_heatmap, error_dots
    from rnnlab.figures.ladder import memory_chart, rung_bars
    from rnnlab.figures.learning import learning_chart, overlay_chart
    from rnnlab.figures.milestones import milestone_chart, words_chart
    from rnnlab.figures.one_step import character_terms, gate_parts, time_scales_chart, unit_terms
    from rnnlab.figures.start import unrolled
    from rnnlab.figures.surgery import (
        class_chart,
        distance_chart,
        effects_chart,
        expected_chart,
        parting_chart,
        range_chart,
        ranking_chart,
    )
    from rnnlab.figures.two_models import class_bars, difference_bars, saturation_map
    from rnnlab.figures.units import path_map, unit_history, unit_lines, units_heatmap

_CHARTS = {
    "bptt": (
        "decay_chart",
        "bptt_matrices",
        "eigenvalue_chart",
        "truncation_chart",
        "clipping_bars",
        "direction_chart",
    ),
    "cell_diagram": ("cell_flow",),
    "connectivity": ("dependence_maps", "lag_chart", "measures_chart"),
    "corpus": ("split_bar", "character_path"),
    "find_unit": ("ranking_bars", "probe_bars", "unit_and_feature", "span_map"),
    "gradient_check": ("error_dots", "agreement", "element_heatmap"),
    "ladder": ("rung_bars", "memory_chart"),
    "learning": ("learning_chart", "overlay_chart"),
    "milestones": ("milestone_chart", "words_chart"),
    "one_step": ("gate_parts", "unit_terms", "character_terms", "time_scales_chart"),
    "start": ("unrolled",),
    "surgery": (
        "range_chart",
        "parting_chart",
        "effects_chart",
        "class_chart",
        "ranking_chart",
        "distance_chart",
        "expected_chart",
    ),
    "two_models": ("class_bars", "difference_bars", "saturation_map"),
    "units": ("units_heatmap", "unit_lines", "unit_history", "path_map"),
}
_HOMES = {chart: module for module, charts in _CHARTS.items() for chart in charts}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"rnnlab.figures.{_HOMES[name]}"), name)
    raise AttributeError(f"There is no figure '{name}'; there are {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return list(__all__)
