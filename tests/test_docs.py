"""What the documents name exists: files, folders, modules and their names."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# What a reader fills in, makes, or finds in a run's folder instead of in the project.
_NOT_HERE = re.compile(
    r"^\.venv|<|\*|…|^data/(downloads|own)|^checkpoints/scratch|^\./|^claims/|^weights/"
)
_PATH = re.compile(r"^[\w.]+(/[\w.]*)+$|^[\w-]+\.(md|py|toml|txt)$")
_OF_A_RUN = {"written.txt"}


def code_spans(document: Path) -> list[str]:
    """What stands between backticks, outside of blocks of code."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text)


def named_paths(document: Path) -> list[str]:
    """The paths among them, without what is no part of the project."""
    spans = [span for span in code_spans(document) if _PATH.match(span)]
    return [span for span in spans if not _NOT_HERE.search(span) and span not in _OF_A_RUN]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_is_named_exists(document: Path) -> None:
    folders = [ROOT, document.parent]
    missing = [
        path
        for path in named_paths(document)
        if not any((each / path).exists() for each in folders)
    ]
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    missing += [link for link in links if not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_dotted_name_exists(document: Path) -> None:
    for span in code_spans(document):
        if re.match(r"^rnnlab(\.\w+)+$", span):
            module, _, name = span.rpartition(".")
            found = importlib.import_module(module)
            assert hasattr(found, name) or importlib.import_module(span), span


def test_the_rule_sees_what_it_is_about() -> None:
    assert "rnnlab/network/cells.py" in named_paths(ROOT / "CONTRIBUTING.md")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_map_names_every_package(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for package in (ROOT / "rnnlab").iterdir():
        if (package / "__init__.py").exists():
            assert f"{package.name}/" in text or f"rnnlab/{package.name}" in text, package.name


def test_every_key_of_a_curve_stands_in_the_contract() -> None:
    from rnnlab.runs.metrics import COLUMNS
    from rnnlab.runs.status import Status

    text = (ROOT / "docs" / "run_folder.md").read_text(encoding="utf-8")
    for key in (*COLUMNS, *Status.__dataclass_fields__):
        assert f"`{key}`" in text, key
