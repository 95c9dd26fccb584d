"""The limits that keep the house one that can be lived in: how long a file is, who uses it.

`python tests/test_house.py` prints the counts.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
MIN_LINES, MAX_LINES = 40, 460
MAX_DECLARATION_LINES = 550  # of one long declaration, such as that of a run's settings
MAX_PAGE_LINES = 240
MAX_SHORT_MODULES = 8
MAX_MODULES_IN_FOLDER = 23
DECLARATIONS = {"rnnlab/training/config.py"}
# The readable optimizers and their twins in torch bear the same names on purpose.
TWINS = {
    "rnnlab/training/optimizers.py",
    "rnnlab/training/engines/torch_engine/optimizers.py",
}


def modules() -> dict[str, int]:
    """Lines of every module of the core and of the parts of pages, by path."""
    found = [*(ROOT / "rnnlab").rglob("*.py"), *(ROOT / "pages" / "components").rglob("*.py")]
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in found
        if path.name not in ("__init__.py", "__main__.py")
    }


def page_scripts() -> dict[str, int]:
    """Lines of every page script, by path."""
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "pages").glob("*.py")
        if path.name != "__init__.py"
    }


def short_modules() -> list[str]:
    """Modules so short that most of them belong into the one that uses them."""
    return sorted(path for path, lines in modules().items() if lines < MIN_LINES)


def class_homes() -> dict[str, set[str]]:
    """In which files of the core a public class of a name stands."""
    homes = defaultdict(set)
    for path in modules():
        if path.startswith("rnnlab/"):
            for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].add(path)
    return homes


def test_few_modules_are_too_short_to_be_one() -> None:
    assert len(short_modules()) <= MAX_SHORT_MODULES, short_modules()


def test_no_module_is_too_long_to_have_one_reason() -> None:
    for path, lines in modules().items():
        limit = MAX_DECLARATION_LINES if path in DECLARATIONS else MAX_LINES
        assert lines <= limit, f"{path} has {lines} lines; split it by subject"


def test_a_page_reads_from_top_to_bottom() -> None:
    for path, lines in page_scripts().items():
        assert lines <= MAX_PAGE_LINES, f"{path} has {lines} lines; move parts into its folder"
        assert "_view import" not in (ROOT / path).read_text(encoding="utf-8"), path


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    counts = defaultdict(int)
    for path in modules():
        counts[path.rpartition("/")[0]] += 1
    for folder, count in counts.items():
        assert count <= MAX_MODULES_IN_FOLDER, f"{folder} has {count} modules; give it rooms"


def test_a_class_name_means_one_thing() -> None:
    for name, homes in class_homes().items():
        assert len(homes) == 1 or homes == TWINS, f"{name} stands in {sorted(homes)}"


if __name__ == "__main__":
    lines = modules()
    for package in ("rnnlab/", "pages/components/"):
        own = {path: count for path, count in lines.items() if path.startswith(package)}
        print(f"{package}: {len(own)} modules, {sum(own.values()):,} lines")
    print(f"page scripts: {len(page_scripts())}, {sum(page_scripts().values()):,} lines")
    print(f"modules under {MIN_LINES} lines: {len(short_modules())}")
    print(*short_modules(), sep="\n")
