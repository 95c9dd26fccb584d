"""Why a suspected bug cannot be the one whose errors are seen."""

from __future__ import annotations

from collections.abc import Mapping

from rnnlab.inspection.gradient_check.check import TensorCheck

Checks = Mapping[str, TensorCheck]


def objection(suspect: Checks, seen: Checks) -> str:
    """What speaks against a suspect, in a sentence or two that do not name the culprit.

    Args:
        suspect: what the check would find if it were the suspect, in the same setting.
        seen: what it finds.
    """
    too_many = _differing(suspect, seen)
    if too_many:
        return f"It would make {_list(too_many)} wrong, and here that is right."
    too_few = _differing(seen, suspect)
    if too_few:
        return f"It would leave {_list(too_few)} right, and here that is wrong."
    wrong = [name for name, one in seen.items() if not one.passes]
    if not wrong:
        return "With these sizes neither it nor the real bug can be seen. Change them and look on."
    worst = max(wrong, key=lambda name: abs(suspect[name].error - seen[name].error))
    return (
        "It would make the same tensors wrong, but with other numbers: the error of "
        f"`{worst}` would be {suspect[worst].error:.2g} and is {seen[worst].error:.2g}. Try one "
        "step, one sequence, or one layer, and look at single elements."
    )


def _differing(one: Checks, other: Checks) -> list[str]:
    """Tensors that are wrong in the first and right in the second."""
    return [name for name, check in one.items() if not check.passes and other[name].passes]


def _list(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names[:2]) + (" and others" if names[2:] else "")
