"""Training with torch; nothing outside this package imports it.

Load it with `rnnlab.training.engines.factory.torch_engine`.
"""

from __future__ import annotations

from rnnlab.training.engines.torch_engine.autograd import autograd
from rnnlab.training.engines.torch_engine.devices import available_devices
from rnnlab.training.engines.torch_engine.engine import TorchEngine
from rnnlab.training.engines.torch_engine.speed import measured_speed

__all__ = ["TorchEngine", "autograd", "available_devices", "measured_speed"]
