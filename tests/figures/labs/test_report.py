"""The downloaded report: one file, self-contained, and nothing in it comes alive."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from rnnlab.figures.labs.step_by_step import (
    Drawing,
    Paragraph,
    Section,
    Table,
    WrittenPart,
    _readable,
    epochs_chart,
    hardness_bars,
    report_html,
)
from rnnlab.figures.scales import TANH
from rnnlab.figures.units import units_heatmap
from rnnlab.inspection.text_loss import Hardness

HOSTILE = '</pre></script><script>alert(1)</script><img src=x onerror="alert(2)"> <b>b</b>'


class Tags(HTMLParser):
    """Collects elements, outside of scripts as browsers do, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def report() -> str:
    trace = np.linspace(-1, 1, len(HOSTILE) * 3).reshape(-1, 3)
    bars = hardness_bars([Hardness("<", 3, 2.0, 0.5), Hardness("\n", 3, 1.0, 0.5)], 1.5)
    return report_html(
        HOSTILE,
        [
            Section("First", [Drawing(epochs_chart([2.0, 1.5], [1.9, 1.6], 1.7), HOSTILE)]),
            Section(
                HOSTILE,
                [
                    Paragraph(HOSTILE),
                    WrittenPart(HOSTILE),
                    Table((HOSTILE,), [(HOSTILE,)]),
                    Drawing(units_heatmap(trace, HOSTILE, name="h", scale=TANH), "units"),
                    Drawing(bars, "bars"),
                ],
            ),
        ],
    )


def test_hostile_text_stays_text(report: str) -> None:
    parsed = Tags(report)
    names = [name for name, _ in parsed.tags]
    assert "img" not in names
    assert "b" not in names
    assert parsed.words.count(HOSTILE) == 8  # title, h1, caption, h2, p, pre, and two cells


def test_nothing_is_loaded_from_elsewhere(report: str) -> None:
    for name, attributes in Tags(report).tags:
        assert name not in ("link", "iframe", "object", "embed")
        assert not attributes.get("src")
    assert len(re.findall(r"plotly\.js v\d", report)) == 1


def test_each_figure_is_drawn_once_with_its_caption(report: str) -> None:
    assert report.count("Plotly.newPlot(") >= 3
    assert [f"Figure {n}. " in report for n in (1, 2, 3, 4)] == [True, True, True, False]


def test_heatmaps_hold_values_and_not_counts() -> None:
    trace = np.array([[-1.0, 0.25], [0.5, 1.0], [0.0, -0.5]])
    figure = units_heatmap(trace, "a<b", name="h", scale=TANH)
    (cells,) = _readable(figure).data
    np.testing.assert_allclose(np.asarray(cells.z), trace.T, atol=TANH.step / 2 + 5e-4)
    assert list(cells.text[0]) == ["a", "&lt;", "b"]


def test_the_figure_of_the_page_is_left_as_it_was() -> None:
    figure = units_heatmap(np.zeros((3, 2)), "abc", name="h", scale=TANH)
    before = figure.to_json()
    _readable(figure)
    assert figure.to_json() == before
