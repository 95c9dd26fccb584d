"""torch is the oracle: the same numbers from the same weights, forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import torch

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import State
from rnnlab.training.engines.torch_engine.modules import LAYERS

MakeModel = Callable[..., CharRNN]
MakeState = Callable[..., State]

pytestmark = [
    pytest.mark.parametrize("cell", CELLS),
    pytest.mark.parametrize("num_layers", [1, 2, 3]),
    pytest.mark.parametrize("embedding_size", [0, 4]),
]


class TorchTwin(torch.nn.Module):
    """The same network out of torch's own modules, with the weights of a CharRNN."""

    def __init__(self, model: CharRNN) -> None:
        super().__init__()
        sizes = model.architecture
        self.vocab_size = sizes.vocab_size
        if sizes.embedding_size:
            self.embedding = torch.nn.Embedding(sizes.vocab_size, sizes.embedding_size)
        kind, options = torch_kind(sizes.cell)
        self.rnn = kind(
            sizes.embedding_size or sizes.vocab_size,
            sizes.hidden_size,
            sizes.num_layers,
            batch_first=True,
            **options,
        )
        self.decoder = torch.nn.Linear(sizes.hidden_size, sizes.vocab_size)
        dtype = torch.float64 if model.dtype == np.float64 else torch.float32
        self.to(dtype).load_state_dict(
            {name: torch.from_numpy(param) for name, param in model.params.items()}
        )

    def forward(self, ids: np.ndarray, state: State) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Logits (B, T, V), and the final states, (L, B, H) each: h, and c of an LSTM."""
        x = torch.from_numpy(ids)
        if hasattr(self, "embedding"):
            x = self.embedding(x)
        else:
            x = torch.nn.functional.one_hot(x, self.vocab_size).to(self.decoder.weight.dtype)
        start = [torch.from_numpy(np.stack([layer[name] for layer in state])) for name in state[0]]
        h, final = self.rnn(x, tuple(start) if len(start) > 1 else start[0])
        return self.decoder(h), list(final) if len(start) > 1 else [final]


def torch_kind(cell: str) -> tuple[Callable[..., torch.nn.Module], Mapping[str, str]]:
    """The torch module of a cell, and its options."""
    return LAYERS[CELLS[cell].torch_module], CELLS[cell].torch_options


def relative(a: np.ndarray, b: np.ndarray) -> float:
    """‖a − b‖ / (‖a‖ + ‖b‖); 0 where both are zero."""
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-300))


def test_names_and_shapes_are_those_of_the_state_dict(
    make_model: MakeModel, cell: str, num_layers: int, embedding_size: int
) -> None:
    model = make_model(cell, num_layers, embedding_size)
    state_dict = TorchTwin(model).state_dict()
    shapes = model.architecture.shapes()
    assert shapes == {name: tuple(tensor.shape) for name, tensor in state_dict.items()}
    assert model.architecture.parameter_count() == sum(t.numel() for t in state_dict.values())


def test_float32_logits_and_final_state_equal_torch(
    make_model: MakeModel,
    make_state: MakeState,
    ids: np.ndarray,
    cell: str,
    num_layers: int,
    embedding_size: int,
) -> None:
    model = make_model(cell, num_layers, embedding_size, np.float32)
    state = make_state(model)
    tape = model.forward(ids, state)
    logits, final = TorchTwin(model)(ids, state)
    assert tape.logits.dtype == np.float32
    assert np.abs(tape.logits - logits.detach().numpy()).max() <= 1e-5
    for name, expected in zip(model.cell.states, final, strict=True):
        found = np.stack([layer[name] for layer in tape.final_state])
        assert np.abs(found - expected.detach().numpy()).max() <= 1e-5


@pytest.mark.parametrize("masked", [False, True])
def test_hand_written_gradients_equal_autograd(
    make_model: MakeModel,
    make_state: MakeState,
    ids: np.ndarray,
    targets: np.ndarray,
    mask: np.ndarray,
    masked: bool,
    cell: str,
    num_layers: int,
    embedding_size: int,
) -> None:
    model = make_model(cell, num_layers, embedding_size)
    state = make_state(model)
    counted = mask if masked else np.ones_like(mask)

    tape = model.forward(ids, state)
    loss, dlogits = cross_entropy(tape.logits, targets, mask if masked else None)
    grads = model.backward(tape, dlogits)

    twin = TorchTwin(model)
    logits, _ = twin(ids, state)
    chosen = torch.from_numpy(counted)
    expected = torch.nn.functional.cross_entropy(logits[chosen], torch.from_numpy(targets)[chosen])
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert list(grads) == list(model.params)
    for name, parameter in twin.named_parameters():
        assert relative(grads[name], parameter.grad.numpy()) <= 1e-10, name
