"""The app's settings do what they are there for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import streamlit.config

ROOT = Path(__file__).parents[3]
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def test_every_setting_is_one_that_streamlit_knows() -> None:
    known = streamlit.config._config_options_template
    for section in ("server", "runner", "client", "browser"):
        for name in SETTINGS[section]:
            assert f"{section}.{name}" in known, f"streamlit has no {section}.{name} (any more)"


def test_no_collection_of_garbage_after_every_run() -> None:
    assert SETTINGS["runner"]["postScriptGC"] is False


def test_only_this_computer_is_served_unless_somebody_opens_it() -> None:
    assert SETTINGS["server"]["address"] == "localhost"
    assert "enableCORS" not in SETTINGS["server"]
    assert "enableXsrfProtection" not in SETTINGS["server"]


def test_nothing_is_loaded_from_the_internet() -> None:
    for value in (ROOT / ".streamlit" / "config.toml").read_text().splitlines():
        if not value.lstrip().startswith("#"):
            assert "http" not in value


def test_an_error_offers_no_search_on_the_internet() -> None:
    assert SETTINGS["client"]["showErrorLinks"] is False


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_both_appearances_are_defined(mode: str) -> None:
    assert {"primaryColor", "backgroundColor", "textColor", "borderColor"} <= set(
        SETTINGS["theme"][mode]
    )
