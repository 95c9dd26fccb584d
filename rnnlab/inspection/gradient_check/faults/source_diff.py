"""Two functions line by line, with the lines marked in which they differ."""

from __future__ import annotations

import ast
import difflib
import inspect
import textwrap
from collections.abc import Callable


def bare_source(function: Callable) -> list[str]:
    """The lines of a function as they run, without decorator and docstring."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    (node,) = ast.parse("\n".join(lines)).body
    assert isinstance(node, ast.FunctionDef)
    first, body = node.lineno - 1, node.body
    if ast.get_docstring(node) is None:
        return lines[first:]
    told = body[0]
    return lines[first : told.lineno - 1] + lines[told.end_lineno :]


def source_diff(right: Callable, wrong: Callable) -> str:
    """The whole of both: `-` before a line that only the right one has, `+` only the wrong one."""
    lines = difflib.ndiff(bare_source(right), bare_source(wrong))
    return "\n".join(line for line in lines if not line.startswith("?"))
