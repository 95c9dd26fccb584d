"""One person goes through the whole lab: what one page keeps must not disturb another."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.runs.store import RunStore
from tests.pages.conftest import ROOT

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("backwards", [False, True])
def test_every_page_opens_after_every_other(small_lab: RunStore, backwards: bool) -> None:
    shutil.copytree(ROOT / "checkpoints/gallery/play-lstm", small_lab.root / "gallery/play-lstm")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for page in reversed(PAGES) if backwards else PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, (page, app.exception[0].message)
        assert not app.error, (page, app.error[0].value)
