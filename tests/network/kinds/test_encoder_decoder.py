"""An encoder and a decoder: the numbers of torch, and one state that passes between the two."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, ParameterError
from rnnlab.network.kinds.encoder_decoder import EncoderDecoder, EncoderDecoderSizes, source_length
from rnnlab.training.engines.torch_engine.modules import LAYERS
from rnnlab.training.networks import fresh_params

V, H, B, N = 9, 5, 3, 4  # symbols, the last of which separates; units, rows, source


def net(cell: str = "gru", num_layers: int = 2, embedding_size: int = 0) -> EncoderDecoder:
    """A fresh float32 network."""
    sizes = EncoderDecoderSizes(Architecture(cell, V, embedding_size, H, num_layers))
    return EncoderDecoder(sizes, fresh_params(sizes, "pytorch", np.random.default_rng(1)))


def rows() -> np.ndarray:
    """(B, 2 N + 1): sources, separator, answers."""
    ids = np.random.default_rng(2).integers(0, V - 1, (B, 2 * N + 1))
    ids[:, N] = V - 1
    return ids


def torch_logits(model: EncoderDecoder, ids: np.ndarray) -> np.ndarray:
    """(B, N + 1, V) from torch's own layers, put together here."""
    half, params = model.architecture.half, model.params
    kind, more = LAYERS[CELLS[half.cell].torch_module], CELLS[half.cell].torch_options
    inputs = half.embedding_size or V
    encoder, decoder = (
        kind(inputs, H, half.num_layers, batch_first=True, **more) for _ in range(2)
    )
    for layers, prefix in ((encoder, "encoder."), (decoder, "rnn.")):
        own = {n.removeprefix(prefix): p for n, p in params.items() if n.startswith(prefix)}
        layers.load_state_dict({name: torch.tensor(p) for name, p in own.items()})
    table = torch.tensor(params.get("embedding.weight", np.eye(V, dtype=np.float32)))
    with torch.no_grad():
        _, state = encoder(table[torch.tensor(ids[:, :N])])
        h, _ = decoder(table[torch.tensor(ids[:, N:])], state)
        weight, bias = (torch.tensor(params[f"decoder.{n}"]) for n in ("weight", "bias"))
        return (h @ weight.T + bias).numpy()


@pytest.mark.parametrize("embedding_size", [0, 6])
@pytest.mark.parametrize("cell", CELLS)
def test_logits_are_those_of_torch(cell: str, embedding_size: int) -> None:
    model, ids = net(cell, 2, embedding_size), rows()
    logits = model.forward(ids).logits
    np.testing.assert_allclose(logits[:, N:], torch_logits(model, ids), atol=1e-5)
    assert not logits[:, :N].any()


def test_parameters_are_those_of_two_networks_but_for_the_shared_ends() -> None:
    # GRU, H = 5, V = 9, one-hot: 3·5·(9 + 5 + 2) = 240 and 3·5·(5 + 5 + 2) = 180 in each half,
    # and a decoder of 9·(5 + 1) = 54.
    assert net().architecture.parameter_count() == 2 * (240 + 180) + 54


def test_all_that_passes_from_one_to_the_other_is_the_state() -> None:
    model, ids = net("lstm"), rows()
    other = ids.copy()
    other[:, 0] = (other[:, 0] + 1) % (V - 1)  # another source
    ours, theirs = model.forward(ids), model.forward(other)
    assert np.abs(ours.logits[:, N:] - theirs.logits[:, N:]).max() > 1e-4
    again = model.decoder.forward(ids[:, N:], theirs.reading.final_state)
    np.testing.assert_array_equal(again.logits, theirs.logits[:, N:])


def test_what_it_writes_is_what_it_finds_likeliest_after_its_own_symbols() -> None:
    model, ids = net(), rows()
    written, logits = model.write(ids[:, :N], N + 1)
    given = np.concatenate([ids[:, : N + 1], written[:, :-1]], axis=1)
    seen = model.forward(given).logits[:, N:]
    np.testing.assert_allclose(logits, seen, atol=1e-6)
    np.testing.assert_array_equal(written, seen.argmax(axis=-1))


def test_rows_with_separators_at_different_places_are_refused() -> None:
    ids = rows()
    ids[1, N], ids[1, N + 1] = 0, V - 1
    with pytest.raises(ValueError, match="same length"):
        source_length(ids, V - 1)


def test_half_of_the_weights_is_no_network() -> None:
    model = net()
    decoder = {n: p for n, p in model.params.items() if not n.startswith("encoder.")}
    with pytest.raises(ParameterError, match=r"encoder\.bias_hh_l0"):
        EncoderDecoder(model.architecture, decoder)
