"""RNN Lab: character-level recurrent networks, trained, run and opened up.

    net = rnnlab.open("gallery/shakespeare-lstm")
    net.sample("HAMLET:", length=200, temperature=0.8, seed=1)

Everything is loaded when it is asked for first, so that importing this costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnlab import figures
    from rnnlab.api import TrainedNetwork, list_runs, open, train

__all__ = ["TrainedNetwork", "figures", "list_runs", "open", "train"]


def __getattr__(name: str) -> Any:
    if name == "figures":
        return import_module("rnnlab.figures")
    if name in __all__:
        return getattr(import_module("rnnlab.api"), name)
    raise AttributeError(f"module 'rnnlab' has no attribute '{name}'; it has {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return list(__all__)
