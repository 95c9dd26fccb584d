"""The engine that computes gradients with torch; the only module that imports it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rnnlab.network.models import Architecture, Params
from rnnlab.text.batching import Batch
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.engine import Update
from rnnlab.training.estimates import Speed
from rnnlab.training.evaluation import Evaluation, Score
from rnnlab.training.optimizers import OPTIMIZERS
from rnnlab.training.states import State, check_slots, taken, with_prefix
from rnnlab.training.thread_trial import ThreadTrial

NOT_COUNTED = -100  # target that cross_entropy leaves out
OPTIMIZER_CLASSES = {
    "sgd": torch.optim.SGD,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}
Carried = Tensor | tuple[Tensor, Tensor] | None  # h, or h and c, (L, B, H)
CORES = torch.get_num_threads()  # what torch would use by itself


class CharModule(nn.Module):
    """One-hot or embedding → recurrent layers → decoder; time first, (T, B, ·)."""

    def __init__(self, architecture: Architecture, dropout: float) -> None:
        super().__init__()
        V, D = architecture.vocab_size, architecture.embedding_size  # noqa: N806
        H, L = architecture.hidden_size, architecture.num_layers  # noqa: N806
        if D:
            self.embedding = nn.Embedding(V, D)
        else:
            self.register_buffer("one_hot", torch.eye(V), persistent=False)
        between = dropout if L > 1 else 0.0  # torch warns about dropout between layers of one
        self.rnn = _recurrent(architecture.cell)(D or V, H, L, dropout=between)
        self.decoder = nn.Linear(H, V)
        self.dropout = dropout

    def forward(self, ids: Tensor, state: object) -> tuple[Tensor, object]:
        """(T, B) ids → logits (T, B, V) and the state to go on from."""
        x = F.embedding(ids, self.one_hot) if hasattr(self, "one_hot") else self.embedding(ids)
        h, state = self.rnn(x, state)  # (T, B, H)
        if self.dropout:
            h = F.dropout(h, self.dropout, self.training)
        return self.decoder(h), state


class TorchEngine:
    """Learns with torch; see `Engine` for what the methods promise.

    On the CPU all parameters are pieces of one long vector, and so are their gradients: clipping
    and the optimizer then cost one operation each, which makes updates of small networks a third
    faster. The optimizers work element by element, so the result is the same.
    """

    def __init__(
        self, config: RunConfig, architecture: Architecture, params: Params, dtype: str = "float32"
    ) -> None:
        self._device = _device(config.device)
        self._module = CharModule(architecture, config.dropout)
        self._module.to(self._device, getattr(torch, dtype))
        self._named = dict(self._module.named_parameters())
        self._set_params(params)
        named = list(self._named.values())
        self._vectors = [_joined(named)] if self._device.type == "cpu" else named
        self._slots = OPTIMIZERS[config.optimizer].slot_names
        self._optimizer = _optimizer(config, self._vectors, self._slots)
        self._carried: Carried = None
        self._count = 0  # updates made
        self._seed = config.seed
        self._may_choose_threads = config.threads == 0 and self._device.type == "cpu"
        self._trial = ThreadTrial(_candidates(config.threads, self._device.type))

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
        with _computing(self._trial.threads):
            update = self._update(batch, learning_rate, clipping, grad_clip)
        if not self._trial.decided:
            self._trial.record(time.perf_counter() - start)
        return update

    def _update(
        self, batch: Batch, learning_rate: float, clipping: str, grad_clip: float
    ) -> Update:
        if self._module.dropout:
            # Seeded for each update: a resumed run drops what it would have dropped.
            torch.manual_seed((self._seed << 32) + self._count)
        self._count += 1
        inputs, targets = self._tensors(batch)
        logits, state = self._module(inputs, self._carried if batch.carry else None)
        self._carried = _detached(state)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        for vector in self._vectors:
            vector.grad.zero_()
        loss.backward()
        norm = self._clip(clipping, grad_clip)
        self._optimizer.param_groups[0]["lr"] = learning_rate
        self._optimizer.step()
        return Update(*torch.stack((loss.detach(), norm)).tolist())  # waits for a GPU only once

    def _clip(self, clipping: str, limit: float) -> Tensor:
        grads = [vector.grad for vector in self._vectors]
        norm = nn.utils.get_total_norm(grads)
        if clipping == "norm":
            scale = (limit / (norm + 1e-6)).clamp_(max=1.0)
            for grad in grads:
                grad.mul_(scale)
        elif clipping == "value":
            for grad in grads:
                grad.clamp_(-limit, limit)
        return norm

    def evaluate(self, batches: Iterable[Batch]) -> Evaluation:
        """Loss and accuracy, without dropout and apart from the carried state."""
        self._module.eval()
        with _computing(self._trial.threads), torch.inference_mode():
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

    def state(self) -> State:
        """Everything an equal continuation needs, as copies."""
        state = with_prefix("params", {name: _array(p) for name, p in self._named.items()})
        for slot in self._slots:
            memory = [self._optimizer.state[vector][slot] for vector in self._vectors]
            state |= with_prefix(slot, self._by_name(memory))
        if self._carried is not None:
            carried = self._carried if isinstance(self._carried, tuple) else (self._carried,)
            state |= {f"carried.{n}": _array(t) for n, t in zip("hc", carried, strict=False)}
        if self._may_choose_threads and self._trial.decided:
            state["threads"] = np.array(self._trial.threads)
        return state | {"count": np.array(self._count)}

    def load_state(self, state: State) -> None:
        """Go on from a saved state."""
        shapes = {name: tuple(p.shape) for name, p in self._named.items()}
        check_slots(state, self._slots)
        saved = {slot: taken(state, slot, shapes) for slot in self._slots}
        self._set_params(taken(state, "params", shapes))
        self._count = int(state["count"])
        for slot, arrays in saved.items():
            whole = torch.cat([torch.tensor(array).flatten() for array in arrays.values()])
            pieces = whole.split([vector.numel() for vector in self._vectors])
            for vector, piece in zip(self._vectors, pieces, strict=True):
                self._optimizer.state[vector][slot].copy_(piece.view_as(vector))
        for memory in self._optimizer.state.values():
            memory["step"].fill_(self._count)
        self._carried = self._loaded_carried(state)
        if self._may_choose_threads and "threads" in state:
            self._trial = ThreadTrial((min(int(state["threads"]), CORES),))

    def _loaded_carried(self, state: State) -> Carried:
        like = next(iter(self._named.values()))
        found = [torch.tensor(state[f"carried.{n}"]) for n in "hc" if f"carried.{n}" in state]
        tensors = [t.to(like.device, like.dtype) for t in found]
        return tuple(tensors) if len(tensors) > 1 else (tensors[0] if tensors else None)

    @torch.no_grad()
    def _set_params(self, params: Params) -> None:
        for name, p in self._named.items():
            p.copy_(torch.tensor(params[name]))

    def _by_name(self, tensors: list[Tensor]) -> Params:
        """What belongs to each parameter, of tensors that are laid out like the vectors."""
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


@contextmanager
def _computing(threads: int) -> Iterator[None]:
    """So many threads, and numbers below 1e-38 as zero: they would take a hundred times as long."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)  # other code of this process may want them


def available_devices() -> tuple[str, ...]:
    """Where torch can compute on this machine, best first."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return (*(name for name, is_here in here.items() if is_here), "cpu")


def measured_speed() -> Speed:
    """How fast this machine trains: from large updates, and from small ones that are all overhead.

    Also gets torch ready: what it loads at its first update is then loaded.
    """
    small, large = (1, 16), (32, 256)  # (B, H)
    per_position = _seconds_per_position(*small)
    multiplications = _multiplications(*large)
    return Speed(multiplications / (_seconds_per_position(*large) - per_position), per_position)


def _multiplications(batch_size: int, hidden_size: int) -> float:
    return 3.0 * batch_size * 4 * hidden_size * 2 * hidden_size  # forward, and twice in backward


def _seconds_per_position(batch_size: int, hidden_size: int, seq_length: int = 32) -> float:
    """Time of an update of an LSTM of as many inputs as units, divided by its length."""
    rnn = nn.LSTM(hidden_size, hidden_size)
    x = torch.zeros(seq_length, batch_size, hidden_size)
    times = []
    for _ in range(4):
        start = time.perf_counter()
        rnn(x)[0].sum().backward()
        times.append(time.perf_counter() - start)
    return min(times) / seq_length


def _device(wished: str) -> torch.device:
    here = available_devices()
    if wished == "auto":
        return torch.device(here[0])
    if wished not in here:
        raise ConfigError(
            f"Device is '{wished}', but torch finds only {', '.join(here)} on this machine; "
            "choose 'auto' or 'cpu'."
        )
    return torch.device(wished)


def _candidates(threads: int, device: str) -> tuple[int, ...]:
    if threads:
        return (threads,)
    return (1, min(2, CORES), CORES) if device == "cpu" else (1,)


def _recurrent(cell: str) -> Callable[..., nn.RNNBase]:
    if cell in ("lstm", "gru"):
        return nn.LSTM if cell == "lstm" else nn.GRU
    return partial(nn.RNN, nonlinearity=cell.removeprefix("rnn_"))


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


def _optimizer(
    config: RunConfig, vectors: list[nn.Parameter], slots: tuple[str, ...]
) -> torch.optim.Optimizer:
    """The optimizer with its memory laid out, all zero."""
    kind = OPTIMIZER_CLASSES[config.optimizer]
    fused = {"fused": True} if "exp_avg" in slots else {}  # the Adams have a faster way
    optimizer = kind(vectors, lr=config.learning_rate, weight_decay=config.weight_decay, **fused)
    for vector in vectors:
        vector.grad = torch.zeros_like(vector) if vector.grad is None else vector.grad
        place = vector.device if fused else "cpu"
        memory = {slot: torch.zeros_like(vector, requires_grad=False) for slot in slots}
        optimizer.state[vector] = {"step": torch.zeros((), device=place), **memory}
    return optimizer


def _detached(state: Tensor | tuple[Tensor, Tensor]) -> Carried:
    if isinstance(state, tuple):
        return state[0].detach(), state[1].detach()
    return state.detach()


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().to("cpu", copy=True).numpy()
