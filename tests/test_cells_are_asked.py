"""What is known of a cell is asked of the cell: no code tells cells apart by their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnlab.network.cells import CELLS

ROOT = Path(__file__).parents[1]
NAMES = frozenset(("rnn_tanh", "rnn_relu", "lstm", "gru")) | set(CELLS)
# Cells themselves; experiments, which are data; planted bugs, each of which is a line of one cell.
MAY_NAME_CELLS = (
    "rnnlab/network/cells.py",
    "rnnlab/experiments/",
    "rnnlab/inspection/gradient_check/",
)


def dispatches(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every place that tells cells apart by name: a comparison, a key, a choice of
    a table, a case, a list of names or a Literal of them."""
    for node in ast.walk(ast.parse(source)):
        if any(_is_name(part) for part in _deciding(node)):
            yield node.lineno, ast.unparse(node)


def _deciding(node: ast.AST) -> list[ast.expr | None]:
    """The parts of a node whose value decides what it does."""
    match node:
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.Dict():
            return list(node.keys)
        case ast.List() | ast.Tuple() | ast.Set():
            return list(node.elts)
        case ast.Subscript():
            return [node.slice]
        case ast.MatchValue():
            return [node.value]
        case ast.Call(func=ast.Attribute(attr="get" | "startswith" | "endswith" | "index")):
            return list(node.args[:1])
    return []


def _is_name(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value in NAMES


def _found() -> list[str]:
    return [
        f"{path}:{line}: {text[:70]}"
        for path in sorted(
            str(each.relative_to(ROOT))
            for folder in ("rnnlab", "pages")
            for each in (ROOT / folder).rglob("*.py")
        )
        if not path.startswith(MAY_NAME_CELLS)
        for line, text in dispatches((ROOT / path).read_text(encoding="utf-8"))
    ]


def test_no_code_outside_the_cells_tells_them_apart_by_name() -> None:
    found = _found()
    assert not found, "Ask the cell instead:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        'x = 1 if cell == "lstm" else 2',
        'x = "gru" in cells',
        'x = cell in ("lstm", "gru")',
        'x = {"rnn_tanh": 1}[cell]',
        'x = table["rnn_relu"]',
        'x = table.get("lstm")',
        'match cell:\n    case "lstm":\n        x = 1',
        'CellName = Literal["lstm", "gru"]',
    ],
)
def test_every_way_of_telling_them_apart_is_noticed(source: str) -> None:
    assert list(dispatches(source))


def test_naming_a_cell_is_no_dispatch() -> None:
    assert not list(dispatches('config = RunConfig(cell="lstm")\nsizes = Architecture("gru", 5)'))
