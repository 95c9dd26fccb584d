"""Where torch computes: devices, and threads of the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from rnnlab.training.config import ConfigError

CORES = torch.get_num_threads()  # what torch would use by itself


def available_devices() -> tuple[str, ...]:
    """Where torch can compute on this machine, best first."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return (*(name for name, is_here in here.items() if is_here), "cpu")


def find_device(wished: str) -> torch.device:
    """The device of a config; ConfigError when it is not there."""
    here = available_devices()
    if wished == "auto":
        return torch.device(here[0])
    if wished not in here:
        raise ConfigError(
            f"Device is '{wished}', but torch finds only {', '.join(here)} on this machine; "
            "choose 'auto' or 'cpu'."
        )
    return torch.device(wished)


def thread_candidates(threads: int, device: str) -> tuple[int, ...]:
    """Numbers of CPU threads that may be fastest; the configured one unless that is 0."""
    if threads:
        return (threads,)
    return (1, min(2, CORES), CORES) if device == "cpu" else (1,)


@contextmanager
def computing(threads: int) -> Iterator[None]:
    """So many threads, and numbers below 1e-38 as zero: they would take a hundred times as long."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)  # other code of this process may want them
