"""Who may import whom: downwards; Streamlit in pages, torch in its engine, plotly in figures."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module may import from layers below its own, or from its own layer. Longest prefix decides.
LAYERS = [
    {"rnnlab.folders", "rnnlab.text", "rnnlab.network.cells", "rnnlab.training.config"},
    {"rnnlab.network"},
    {
        "rnnlab.training.engines.factory",
        "rnnlab.training.engines.base",
        "rnnlab.training.torch_engine",
        "rnnlab.training.engines.numpy_engine",
        "rnnlab.training.optimizers",
        "rnnlab.training.loop",
        "rnnlab.training.tasks.base",
        "rnnlab.training.evaluation",
        "rnnlab.training.cost_model",
        "rnnlab.training.planning",
        "rnnlab.training.engines.torch_engine.devices",
    },
    {"rnnlab.training", "rnnlab.network.sampling", "rnnlab.inspection"},
    {"rnnlab.runs.store", "rnnlab.experiments", "rnnlab.runs"},
    {
        "rnnlab.runs.jobs.worker",
        "rnnlab.runs.jobs.manager",
        "rnnlab.runs.jobs.foreground",
        "rnnlab.figures",
    },
    {"rnnlab.api"},
    {"rnnlab.__main__", "rnnlab.commands"},
    {"pages.components"},
    {"pages"},
    {"app"},
]
# Packages that are installed under another name than they are imported by.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}
LEVEL = {prefix: level for level, layer in enumerate(LAYERS) for prefix in layer}


def sources() -> list[Path]:
    """All Python files of the app and the core."""
    found = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "rnnlab").rglob("*.py")]
    return [path for path in found if path.exists()]


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
            assert node.level == 0, f"{path}: relative imports hide the layer"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def level(module: str) -> int | None:
    """The layer of a module of the project, by its longest listed prefix; None for others."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in LEVEL:
            return LEVEL[prefix]
    return None


@pytest.mark.parametrize("path", sources(), ids=module_name)
def test_imports_point_downwards(path: Path) -> None:
    own = level(module_name(path))
    for imported in imported_modules(path):
        other = level(imported)
        if own is not None and other is not None:
            assert other <= own, f"{module_name(path)} may not import {imported} from above"


def test_every_module_has_a_layer() -> None:
    for path in sources():
        name = module_name(path)
        assert name == "rnnlab" or level(name) is not None, f"{name} stands in no layer"


def test_no_imports_go_in_circles() -> None:
    """Within a layer, where the rule above allows both directions."""
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
    ("package", "home"),
    [
        ("streamlit", ("app", "pages")),
        ("torch", ("rnnlab.training.torch_engine",)),
        ("plotly", ("rnnlab.figures",)),
        ("pickle", ()),
        ("multiprocessing", ()),
    ],
)
def test_package_is_imported_only_at_home(package: str, home: tuple[str, ...]) -> None:
    for path in sources():
        name = module_name(path)
        at_home = any(name == place or name.startswith(f"{place}.") for place in home)
        if not at_home:
            roots = {imported.split(".")[0] for imported in imported_modules(path)}
            assert package not in roots, f"{name} imports {package}"


def test_the_rule_sees_the_files_it_is_about() -> None:
    names = {module_name(path) for path in sources()}
    assert {"app", "pages.train", "rnnlab.network.cells", "rnnlab.training.torch_engine"} <= names


def test_requirements_are_what_is_imported() -> None:
    own = {"app", "pages", "rnnlab"}
    roots = {m.split(".")[0] for path in sources() for m in imported_modules(path)}
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    names = {re.split("[<>=]", line)[0] for line in listed}
    imported = roots - own - set(sys.stdlib_module_names)
    assert names == {DISTRIBUTIONS.get(root, root) for root in imported}
