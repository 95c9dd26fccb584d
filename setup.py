"""What pyproject.toml cannot say: lists that are written elsewhere, and data from other folders.

Only `rnnlab` is installed. The runs of the gallery and the corpora that ship travel inside it, as
`rnnlab/_shipped`, taken from where they lie in a checkout.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import find_packages, setup


def requirements(name: str) -> list[str]:
    """The lines of a requirements file, without those that only name another file."""
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("-r ")]


SHIPPED = {"rnnlab._shipped.gallery": "checkpoints/gallery", "rnnlab._shipped.data": "data"}

setup(
    install_requires=requirements("requirements.txt"),
    extras_require={"dev": requirements("requirements-dev.txt")},
    packages=[*find_packages(include=["rnnlab", "rnnlab.*"]), *SHIPPED],
    package_dir=SHIPPED,
    package_data={"rnnlab._shipped.gallery": ["**/*"], "rnnlab._shipped.data": ["*.txt"]},
    include_package_data=False,
)
