"""The engine that computes gradients with torch."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rnnlab.network.char_rnn import Params, Sizes
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.base import SavedState, Update, check_slots, taken, with_prefix
from rnnlab.training.engines.torch_engine.devices import (
    CORES,
    ThreadAutotuner,
    computing,
    find_device,
    thread_candidates,
)
from rnnlab.training.engines.torch_engine.modules import make_module
from rnnlab.training.engines.torch_engine.optimizers import TORCH_OPTIMIZERS, gradients
from rnnlab.training.evaluation import Evaluation, Score

NOT_COUNTED = -100  # target that cross_entropy leaves out
Carried = Tensor | tuple[Tensor, Tensor] | None  # h, or h and c, (L, B, H)


class TorchEngine:
    """Learns with torch; see `Engine` for what the methods promise.

    On the CPU all parameters are pieces of one long vector, and so are their gradients: clipping
    and the optimizer then cost one operation each, which makes updates of small networks a third
    faster. The optimizers work element by element, so the result is the same.
    """

    def __init__(
        self, config: RunConfig, architecture: Sizes, params: Params, dtype: str = "float32"
    ) -> None:
        self._device = find_device(config.device)
        self._module = make_module(architecture, config)
        self._module.to(self._device, getattr(torch, dtype))
        self._named = dict(self._module.named_parameters())
        self._set_params(params)
        tensors = laid_out(list(self._named.values()), self._device)
        self._grads = gradients(tensors)
        self._optimizer = TORCH_OPTIMIZERS[config.optimizer](tensors, config.weight_decay)
        self._carried: Carried = None
        self._seed = config.seed
        self._sums = config.loss == "sum"
        self._may_choose_threads = config.threads == 0 and self._device.type == "cpu"
        self._trial = ThreadAutotuner(thread_candidates(config.threads, self._device.type))

    @property
    def description(self) -> str:
        """Such as 'cpu, 1 thread' or 'cuda'."""
        if self._device.type != "cpu":
            return self._device.type
        if not self._trial.decided:
            return "cpu, timing threads"
        return f"cpu, {self._trial.threads} thread{'s'[: self._trial.threads > 1]}"

    def update(self, batch: Batch, learning_rate: float, clipping: str, grad_clip: float) -> Update:
        """Learn from one batch; the first ones also find out the best number of threads."""
        start = time.perf_counter()
        with computing(self._trial.threads):
            update = self._update(batch, learning_rate, clipping, grad_clip)
        if not self._trial.decided:
            self._trial.record(time.perf_counter() - start)
        return update

    def _update(
        self, batch: Batch, learning_rate: float, clipping: str, grad_clip: float
    ) -> Update:
        if self._module.draws:
            # Seeded for each update: a resumed run draws what it would have drawn.
            torch.manual_seed((self._seed << 32) + self._optimizer.count)
        inputs, targets = self._tensors(batch)
        logits, state = self._module(inputs, self._carried if batch.carry else None)
        self._carried = _detached(state)
        loss = self._loss(logits.flatten(0, 1), targets.flatten(), batch)
        torch._foreach_zero_(self._grads)
        (loss * (batch.counted / len(batch.targets)) if self._sums else loss).backward()
        norm = self._clip(clipping, grad_clip)
        self._optimizer.step(learning_rate)
        return Update(*torch.stack((loss.detach(), norm)).tolist())  # waits for a GPU only once

    def _loss(self, logits: Tensor, targets: Tensor, batch: Batch) -> Tensor:
        """The mean loss over the counted targets, (T·B,), each times its weight.

        Networks that vote give logits one after the other, (M·T·B, V), and have a loss each.
        """
        members = len(logits) // len(targets)
        targets = targets.repeat(members)
        if batch.weights is None:
            return F.cross_entropy(logits, targets)
        weights = self._tensor(batch.weights).to(logits).flatten().repeat(members)
        losses = F.cross_entropy(logits, targets, reduction="none")
        return (losses * weights).sum() / (members * batch.counted)

    def _clip(self, clipping: str, limit: float) -> Tensor:
        """Limit the gradients; their norm before."""
        norms = torch._foreach_norm(self._grads)
        norm = torch.linalg.vector_norm(torch.stack(norms)) if norms[1:] else norms[0]
        if clipping == "norm":
            torch._foreach_mul_(self._grads, (limit / (norm + 1e-6)).clamp_(max=1.0))
        elif clipping == "value":
            torch._foreach_clamp_min_(self._grads, -limit)
            torch._foreach_clamp_max_(self._grads, limit)
        return norm

    def evaluate(self, batches: Iterable[Batch]) -> Evaluation:
        """Loss and accuracy, without dropout and apart from the carried state."""
        self._module.eval()
        with computing(self._trial.threads), torch.inference_mode():
            score = self._score(batches)
        self._module.train()
        return score.result()

    def _score(self, batches: Iterable[Batch]) -> Score:
        score, state = Score(), None
        for batch in batches:
            inputs, targets = self._tensors(batch)
            logits, state = self._module(inputs, state if batch.carry else None)
            logits, targets = logits.flatten(0, 1), targets.flatten()  # (T·B, V), (T·B,)
            loss = F.cross_entropy(logits, targets, reduction="sum")
            hits = (logits.argmax(dim=1) == targets).sum()
            score.add(loss.item(), int(hits), int((targets != NOT_COUNTED).sum()))
        return score

    def params(self) -> Params:
        """Copies of the weights as float32."""
        return {name: _array(p).astype(np.float32) for name, p in self._named.items()}

    def state(self) -> SavedState:
        """Everything an equal continuation needs, as copies."""
        state = with_prefix("params", {name: _array(p) for name, p in self._named.items()})
        for slot, memory in self._optimizer.slots.items():
            state |= with_prefix(slot, self._by_name(memory))
        if self._carried is not None:
            carried = self._carried if isinstance(self._carried, tuple) else (self._carried,)
            state |= {f"carried.{n}": _array(t) for n, t in zip("hc", carried, strict=False)}
        if self._may_choose_threads and self._trial.decided:
            state["threads"] = np.array(self._trial.threads)
        return state | {"count": np.array(self._optimizer.count)}

    def load_state(self, state: SavedState) -> None:
        """Go on from a saved state."""
        shapes = {name: tuple(p.shape) for name, p in self._named.items()}
        check_slots(state, self._optimizer.slots)
        saved = {slot: taken(state, slot, shapes) for slot in self._optimizer.slots}
        self._set_params(taken(state, "params", shapes))
        self._optimizer.count = int(state["count"])
        for slot, arrays in saved.items():
            whole = torch.cat([torch.tensor(array).flatten() for array in arrays.values()])
            memory = self._optimizer.slots[slot]
            for tensor, piece in zip(memory, whole.split([t.numel() for t in memory]), strict=True):
                tensor.copy_(piece.view_as(tensor))
        self._carried = self._loaded_carried(state)
        if self._may_choose_threads and "threads" in state:
            self._trial = ThreadAutotuner((min(int(state["threads"]), CORES),))

    def _loaded_carried(self, state: SavedState) -> Carried:
        like = next(iter(self._named.values()))
        found = [torch.tensor(state[f"carried.{n}"]) for n in "hc" if f"carried.{n}" in state]
        tensors = [t.to(like.device, like.dtype) for t in found]
        if len(tensors) > 1:
            return tensors[0], tensors[1]
        return tensors[0] if tensors else None

    @torch.no_grad()
    def _set_params(self, params: Params) -> None:
        for name, p in self._named.items():
            p.copy_(torch.tensor(params[name]))

    def _by_name(self, tensors: list[Tensor]) -> Params:
        """What belongs to each parameter, of tensors that are laid out like the optimized ones."""
        whole = torch.cat([tensor.flatten() for tensor in tensors])
        pieces = whole.split([p.numel() for p in self._named.values()])
        named = zip(self._named.items(), pieces, strict=True)
        return {name: _array(piece.view_as(p)) for (name, p), piece in named}

    def _tensors(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Inputs and targets, (T, B); targets that do not count are `NOT_COUNTED`."""
        targets = batch.targets
        if batch.mask is not None:
            targets = np.where(batch.mask, targets, NOT_COUNTED)
        return self._tensor(batch.inputs), self._tensor(targets)

    def _tensor(self, ids: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(ids.T)).to(self._device)


def laid_out(params: list[nn.Parameter], device: torch.device) -> list[nn.Parameter]:
    """The tensors to optimize, with zero gradients: on the CPU one vector instead of many."""
    if device.type == "cpu":
        return [_joined(params)]
    for p in params:  # cuDNN wants its weights where it put them
        p.grad = torch.zeros_like(p)
    return params


def _joined(params: list[nn.Parameter]) -> nn.Parameter:
    """One vector of which all these parameters become pieces, and their gradients of its own."""
    vector = nn.Parameter(torch.cat([p.detach().flatten() for p in params]))
    vector.grad = torch.zeros_like(vector)
    sizes = [p.numel() for p in params]
    pieces = zip(params, vector.detach().split(sizes), vector.grad.split(sizes), strict=True)
    for p, piece, grad in pieces:
        p.data = piece.view_as(p)
        p.grad = grad.view_as(p)
    return vector


def _detached(state: Carried) -> Carried:
    if state is None:
        return None
    if isinstance(state, tuple):
        return state[0].detach(), state[1].detach()
    return state.detach()


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().to("cpu", copy=True).numpy()
