"""Gradients by torch, for a network whose parameters are given."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from rnnlab.network.char_rnn import CharRNN, Params
from rnnlab.network.tape import State
from rnnlab.training.engines.torch_engine.devices import computing
from rnnlab.training.engines.torch_engine.modules import CharModule
from rnnlab.training.engines.torch_engine.optimizers import gradients


def autograd(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State
) -> tuple[float, Params]:
    """The mean loss and its derivative by every parameter, without any code of the glass box.

    Args:
        model: its parameters and their precision; nothing of it is computed with.
        ids, targets: (B, T).
        state: before the first character.
    """
    module = CharModule(model.architecture, dropout=0.0)
    module.to(torch.from_numpy(model.params["decoder.bias"]).dtype)
    module.load_state_dict({name: torch.from_numpy(p) for name, p in model.params.items()})
    with computing(threads=1):  # so little work that threads would only wait for each other
        logits, _ = module(_time_first(ids), _state(state))  # (T, B, V)
        loss = F.cross_entropy(logits.flatten(0, 1), _time_first(targets).flatten())
        loss.backward()
    named = dict(module.named_parameters())
    grads = zip(named, gradients(named.values()), strict=True)
    return loss.item(), {name: grad.numpy() for name, grad in grads}


def _time_first(ids: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(ids.T))


def _state(state: State) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """h, or h and c, (L, B, H) each, as torch's layers take them."""
    stacked = [torch.from_numpy(np.stack([layer[name] for layer in state])) for name in state[0]]
    return tuple(stacked) if stacked[1:] else stacked[0]
