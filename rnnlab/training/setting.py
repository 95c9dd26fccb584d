"""One choice of a run: what a person must know about it, and whether a value is possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class ConfigError(ValueError):
    """A run was described that cannot be trained; the message says what to change."""


@dataclass(frozen=True)
class Setting:
    """What a person must know about one field: its name, meaning, unit and range."""

    label: str
    help: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


def setting(default: Any, label: str, help: str, **more: Any) -> Any:
    """A field of a dataclass with a `Setting` in its metadata."""
    return field(default=default, metadata={"setting": Setting(label, help, **more)})


def parsed(name: str, value: str, default: Any) -> Any:
    """The value that a text of the command line stands for.

    Args:
        default: of the field, which says its kind.
    Raises:
        ConfigError: it is of another kind.
    """
    if isinstance(default, bool):
        if value.lower() in ("true", "yes", "1"):
            return True
        if value.lower() in ("false", "no", "0"):
            return False
        raise ConfigError(f"{name} must be true or false, not '{value}'.")
    if isinstance(default, (int, float)):
        try:
            return type(default)(value)
        except ValueError:
            kind = "whole number" if isinstance(default, int) else "number"
            raise ConfigError(f"{name} must be a {kind}, not '{value}'.") from None
    return value


def check(name: str, value: Any, setting: Setting, default: Any) -> None:
    """Refuse a value of another kind than the default's, or outside of its range.

    Raises:
        ConfigError: the sentence names the field, the value and what is possible.
    """
    wanted: tuple[type, ...] = (int, float) if isinstance(default, float) else (type(default),)
    is_flag = isinstance(value, bool)
    if not isinstance(value, wanted) or is_flag != isinstance(default, bool):
        raise ConfigError(
            f"{setting.label} ({name}) must be {_article(default)}, not {str(value)[:60]!r}."
        )
    if setting.choices and value not in setting.choices:
        raise ConfigError(
            f"{setting.label} ({name}) cannot be '{str(value)[:60]}'; choose one of "
            f"{', '.join(setting.choices)}."
        )
    if isinstance(value, (int, float)) and not is_flag:
        low, high = setting.minimum, setting.maximum
        inside = (low is None or value >= low) and (high is None or value <= high)  # NaN is not
        if not inside:
            raise ConfigError(
                f"{setting.label} ({name}) is {_number(value)}, but must lie between "
                f"{_number(low)} and {_number(high)}."
            )


def _number(value: float | None) -> str:
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**18 else "far too large a number"
    return f"{value:g}"


def _article(default: Any) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    return names[type(default)]
