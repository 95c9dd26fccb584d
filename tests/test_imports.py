"""Who may import whom, by package: downwards only, and each heavy library in its one place."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From below to above: a package imports those of the lines above it here, and itself. Two in one
# line do not know each other. The command line is the one module that stands beside its package.
ORDER = [
    ["rnnlab.folders"],
    ["rnnlab.text", "rnnlab.network"],
    ["rnnlab.training"],
    ["rnnlab.inspection"],
    ["rnnlab.figures"],
    ["rnnlab.runs"],
    ["rnnlab.experiments"],
    ["rnnlab.api"],
    ["rnnlab.commands"],
    ["rnnlab.__main__"],
    ["pages.components"],
    ["pages"],
    ["app"],
]
LEVEL = {package: level for level, line in enumerate(ORDER) for package in line}
# Parts of `pages/components` that pages share; every other folder there belongs to one page.
SHARED = {"browser", "labs", "pickers", "training"}
PARTS = ROOT / "pages" / "components"
PAGES_WITH_PARTS = {path.parent.name for path in PARTS.glob("*/__init__.py")} - SHARED
# What a notebook asks for is imported by name when it is asked for first.
LAZY = {ROOT / "rnnlab" / "__init__.py", ROOT / "rnnlab" / "figures" / "__init__.py"}
# Packages that are installed under another name than they are imported by.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}


def sources() -> list[Path]:
    """All Python files of the app and the core."""
    return [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "rnnlab").rglob("*.py")]


def module_name(path: Path) -> str:
    """Dotted name of a file of the project."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the package"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def package_of(module: str) -> str | None:
    """The package of the list that a module belongs to; None for modules of others."""
    parts = module.split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((name for name in names if name in LEVEL), None)


@pytest.mark.parametrize("path", sources(), ids=module_name)
def test_imports_point_downwards(path: Path) -> None:
    own = package_of(module_name(path))
    if own is None:
        assert module_name(path) == "rnnlab", f"{path} stands in no package of the list"
        return
    for imported in imported_modules(path):
        other = package_of(imported)
        if other is not None and other != own:
            assert LEVEL[other] < LEVEL[own], f"{own} may not import {imported}"


@pytest.mark.parametrize("path", sources(), ids=module_name)
def test_the_parts_of_a_page_are_imported_by_that_page_alone(path: Path) -> None:
    own = module_name(path)
    for imported in imported_modules(path):
        for page in PAGES_WITH_PARTS:
            if f"{imported}.".startswith(f"pages.components.{page}."):
                is_home = own == f"pages.{page}" or own.startswith(f"pages.components.{page}")
                assert is_home, f"{own} imports {imported}, which belongs to the page {page}"


def test_no_imports_go_in_circles() -> None:
    """Within a package, where the rule above allows both directions."""
    names = {module_name(path) for path in sources()}
    imports = {module_name(path): _modules(path, names) for path in sources()}
    while leaves := {name for name, needed in imports.items() if not needed & imports.keys()}:
        imports = {name: needed for name, needed in imports.items() if name not in leaves}
    assert not imports, f"circles among {sorted(imports)}"


def _modules(path: Path, names: set[str]) -> set[str]:
    """Which of these modules a file imports, without the packages on the way to others of them."""
    found = names.intersection(imported_modules(path))
    return {name for name in found if not any(other.startswith(f"{name}.") for other in found)}


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("streamlit", ("app", "pages")),
        ("torch", ("rnnlab.training.engines.torch_engine",)),
        ("plotly", ("rnnlab.figures",)),
        ("pickle", ()),
        ("multiprocessing", ()),
    ],
)
def test_library_is_imported_only_at_home(library: str, home: tuple[str, ...]) -> None:
    for path in sources():
        name = module_name(path)
        if not any(name == place or name.startswith(f"{place}.") for place in home):
            roots = {imported.split(".")[0] for imported in imported_modules(path)}
            assert library not in roots, f"{name} imports {library}"


def test_nothing_outside_the_package_is_imported_by_it() -> None:
    for path in (ROOT / "rnnlab").rglob("*.py"):
        if path not in LAZY:
            assert "import_module" not in path.read_text(encoding="utf-8"), f"{path}: by name"
        roots = {imported.split(".")[0] for imported in imported_modules(path)}
        assert not roots & {"pages", "benchmarks", "tests", "app"}, path


def test_the_rule_sees_the_files_it_is_about() -> None:
    names = {module_name(path) for path in sources()}
    assert {"app", "pages.train", "rnnlab.network.cells"} <= names
    assert all(any(f"{name}.".startswith(f"{package}.") for name in names) for package in LEVEL)


def test_requirements_are_what_is_imported() -> None:
    own = {"app", "pages", "rnnlab"}
    roots = {m.split(".")[0] for path in sources() for m in imported_modules(path)}
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    names = {re.split("[<>=]", line)[0] for line in listed}
    imported = roots - own - set(sys.stdlib_module_names)
    assert names == {DISTRIBUTIONS.get(root, root) for root in imported}
