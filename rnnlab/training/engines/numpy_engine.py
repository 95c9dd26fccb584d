"""The engine whose every line can be read: forward, backward and optimizer in NumPy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from threadpoolctl import ThreadpoolController

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, Params
from rnnlab.network.kinds.minimal import MinimalSizes
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import State as CarriedState
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.base import SavedState, Update, check_slots, taken, with_prefix
from rnnlab.training.evaluation import Evaluation, evaluate
from rnnlab.training.networks import make_model, reader
from rnnlab.training.optimizers import OPTIMIZERS, clip_grads, grad_norm


class NumpyEngine:
    """Learns with the hand-written backward pass; see `Engine` for what the methods promise.

    A network that diverges computes with ∞ and NaN without a warning, as one of torch does: the
    loss tells.
    """

    def __init__(
        self,
        config: RunConfig,
        architecture: Architecture | MinimalSizes,
        params: Params,
        dtype: str = "float32",
    ) -> None:
        copies = {name: array.astype(dtype) for name, array in params.items()}
        self._model = make_model(architecture, copies)
        self._optimizer = OPTIMIZERS[config.optimizer](copies, config.weight_decay)
        self._carried: CarriedState | None = None
        self._dropout = config.dropout
        self._sums = config.loss == "sum"
        self._seed = config.seed
        self._threads = config.threads or 1  # matrices this small are slower on more
        self._pool = ThreadpoolController()  # finding the libraries takes longer than an update

    @property
    def description(self) -> str:
        """Such as 'cpu, 1 thread, NumPy'."""
        return f"cpu, {self._threads} thread{'s'[: self._threads > 1]}, NumPy"

    @np.errstate(over="ignore", invalid="ignore")
    def update(self, batch: Batch, learning_rate: float, clipping: str, grad_clip: float) -> Update:
        """Forward, loss, backward, clip, step."""
        with self._pool.limit(limits=self._threads):
            start = self._carried if batch.carry else None
            # A generator of its own for each update: a resumed run draws what it would have drawn.
            rng = np.random.default_rng((self._seed, self._optimizer.count))
            tape = self._model.forward(batch.inputs, start, dropout=self._dropout, rng=rng)
            self._carried = tape.final_state
            loss, dlogits = cross_entropy(tape.logits, batch.targets, batch.mask, batch.weights)
            if self._sums:
                dlogits *= batch.counted / len(batch.targets)  # of the mean → of each row's sum
            grads = self._model.backward(tape, dlogits)
            norm = grad_norm(grads)
            clip_grads(grads, clipping, grad_clip, norm)
            self._optimizer.step(grads, learning_rate)
        return Update(loss, norm)

    @np.errstate(over="ignore", invalid="ignore")
    def evaluate(self, batches: Iterable[Batch]) -> Evaluation:
        """Loss and accuracy, without dropout and apart from the carried state."""
        with self._pool.limit(limits=self._threads):
            return evaluate(reader(self._model), batches)

    def params(self) -> Params:
        """Copies of the weights as float32."""
        return {name: array.astype(np.float32) for name, array in self._model.params.items()}

    def state(self) -> SavedState:
        """Everything an equal continuation needs, as copies."""
        state = with_prefix("params", self._model.params)
        for slot, arrays in self._optimizer.slots.items():
            state |= with_prefix(slot, arrays)
        for name in self._carried[0] if self._carried else ():
            state[f"carried.{name}"] = np.stack([layer[name] for layer in self._carried or []])
        copies = {key: array.copy() for key, array in state.items()}
        return copies | {"count": np.array(self._optimizer.count)}

    def load_state(self, state: SavedState) -> None:
        """Go on from a saved state."""
        check_slots(state, self._optimizer.slot_names)
        shapes = {name: array.shape for name, array in self._model.params.items()}
        for prefix, arrays in {"params": self._model.params, **self._optimizer.slots}.items():
            for name, saved in taken(state, prefix, shapes).items():
                arrays[name][...] = saved
        self._optimizer.count = int(state["count"])
        self._carried = self._loaded_carried(state)

    def _loaded_carried(self, state: SavedState) -> CarriedState | None:
        if "carried.h" not in state:
            return None
        names = CELLS[self._model.architecture.cell].states
        return [
            {name: state[f"carried.{name}"][k].astype(self._model.dtype) for name in names}
            for k in range(self._model.architecture.num_layers)
        ]
