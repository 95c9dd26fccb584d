"""Which engine trains a run; torch is loaded only when it is asked for."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, Params, Sizes
from rnnlab.network.kinds.minimal import MinimalSizes
from rnnlab.network.tape import State
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.cost_model import Speed
from rnnlab.training.engines.base import Engine
from rnnlab.training.engines.numpy_engine import NumpyEngine


def make_engine(
    config: RunConfig, architecture: Sizes, params: Params, dtype: str = "float32"
) -> Engine:
    """The engine of this config, starting from these parameters.

    Args:
        dtype: "float32", or "float64" where the two engines are compared.
    Raises:
        ConfigError: the device is not there, or the engine cannot learn networks of this kind.
    """
    if config.engine == "numpy":
        if not isinstance(architecture, Architecture | MinimalSizes):
            raise ConfigError(
                "The NumPy engine has a backward pass for recurrent layers only; choose the torch "
                "engine for this network."
            )
        return NumpyEngine(config, architecture, params, dtype)
    return torch_engine().TorchEngine(config, architecture, params, dtype)


def computes_on_cpu(config: RunConfig) -> bool:
    """Whether the engine of this config will use the CPU; loads torch where that must be asked."""
    if config.engine == "numpy" or config.device == "cpu":
        return True
    return config.device == "auto" and available_devices()[0] == "cpu"


def torch_engine() -> ModuleType:
    """The package of the torch engine; the first call loads torch, which takes seconds."""
    from rnnlab.training.engines import torch_engine as module

    return module


def available_devices() -> tuple[str, ...]:
    """Where torch can compute on this machine, best first: 'cuda', 'mps', 'cpu'. Loads torch."""
    return torch_engine().available_devices()


def measured_speed() -> Speed:
    """How fast this machine trains, by half a second of updates. Loads torch."""
    return torch_engine().measured_speed()


def autograd(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State
) -> tuple[float, Params]:
    """The mean loss of a network and its gradients by name, as torch finds them. Loads torch.

    Args:
        ids, targets: (B, T).
        state: before the first character.
    """
    return torch_engine().autograd(model, ids, targets, state)
