"""What `pip install .` installs, and where that keeps what people make."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from rnnlab.text.corpora.catalog import SHIPPED
from tests.conftest import ROOT

_BUILD = (  # as pip does, but without a network and an environment of its own
    "import os, sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is installed, built from links to this checkout."""
    pytest.importorskip("setuptools", reason="setuptools builds the package")
    folder = tmp_path_factory.mktemp("package")
    names = ("rnnlab", "pages", "data", "app.py", "pyproject.toml", "setup.py", "README.md")
    for name in (*names, "LICENSE", "requirements.txt", "requirements-dev.txt"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "checkpoints").mkdir()
    (folder / "checkpoints" / "gallery").symlink_to(ROOT / "checkpoints" / "gallery")
    (folder / "tests").symlink_to(ROOT / "tests")
    target = folder / "wheel"
    target.mkdir()
    command = [sys.executable, "-c", _BUILD, str(target)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the package was unpacked into."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def call(
    installed: Path, at: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """`rnnlab …` as installed, in a folder, by a user whose home is beside it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RNNLAB_")}
    environment |= {"PYTHONPATH": str(installed), "HOME": str(at / "home"), **more}
    environment["XDG_DATA_HOME"] = environment["LOCALAPPDATA"] = str(at / "home")
    command = [sys.executable, "-m", "rnnlab", *arguments]
    return subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True)


def test_one_name_is_installed_with_the_gallery_and_the_corpora(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"rnnlab"}
    gallery = ROOT / "checkpoints" / "gallery"
    for path in gallery.rglob("*"):
        if path.is_file():
            assert f"rnnlab/_shipped/gallery/{path.relative_to(gallery).as_posix()}" in names
    for corpus in SHIPPED:
        assert f"rnnlab/_shipped/data/{corpus.file}" in names
    for module in (ROOT / "rnnlab").rglob("*.py"):
        assert module.relative_to(ROOT).as_posix() in names


def test_requirements_are_those_of_the_lists(installed: Path) -> None:
    text = next(installed.glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
    found = {line.split(": ")[1] for line in text.splitlines() if line.startswith("Requires-Dist")}
    plain = {_name(line) for line in found if "extra ==" not in line}
    dev = {_name(line) for line in found if 'extra == "dev"' in line}
    assert plain == _listed("requirements.txt")
    assert dev == _listed("requirements-dev.txt")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert scripts["scripts"] == {"rnnlab": "rnnlab.__main__:main"}


def _name(line: str) -> str:
    return line.replace(";", " ").split()[0].partition("<")[0].partition(">")[0].partition("=")[0]


def _listed(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").split("\n")
    return {_name(line) for line in lines if line and not line.startswith("-r")}


def test_the_gallery_writes_far_from_a_checkout(installed: Path, tmp_path: Path) -> None:
    done = call(installed, tmp_path, "generate", "gallery/play-lstm", "--length", "20")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) > 20
    assert f"Runs are kept in {tmp_path / 'home'}" in done.stderr
    assert not (tmp_path / "home").exists()  # nothing was made, so nothing is there


@pytest.mark.thorough
def test_own_runs_are_kept_and_found_again(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    tiny = ("engine=numpy", "hidden_size=8", "budget=3", "budget_unit=steps", "corpus=play")
    settings = [text for each in tiny for text in ("--set", each)]
    done = call(installed, tmp_path, "train", "demo-30s", *settings)
    assert done.returncode == 0, done.stderr
    assert f"Runs are kept in {tmp_path / 'checkpoints'}" in done.stderr
    listed = call(installed, tmp_path, "runs").stdout
    assert "lstm-8-play" in listed
    assert "gallery/shakespeare-lstm" in listed  # lent by the package
    assert not (tmp_path / "checkpoints" / "gallery").exists()


def test_the_environment_still_names_the_folders(installed: Path, tmp_path: Path) -> None:
    done = call(installed, tmp_path, "runs", RNNLAB_RUNS=str(tmp_path / "mine"))
    assert f"Runs are kept in {tmp_path / 'mine'}" in done.stderr
