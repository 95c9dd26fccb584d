"""Where the weights start: the schemes that a run can choose from.

In all of them the fresh network has almost no opinion about the next character, so its loss
starts near ln V.
"""

from __future__ import annotations

import math

import numpy as np

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, Params
from rnnlab.network.kinds.minimal import MinimalSizes

Layered = Architecture | MinimalSizes

# Standard deviation of small random numbers. Beside an identity they must be smaller: three layers
# that forget nothing add up what they read over and over.
SMALL, SMALLER = 0.01, 0.001
SCHEMES = ("pytorch", "orthogonal", "xavier", "identity", "normal")


def initial_params(
    architecture: Layered, scheme: str, rng: np.random.Generator, forget_bias: float = 0.0
) -> Params:
    """Fresh float32 parameters.

    Args:
        scheme: "pytorch": uniform in ±1/√H, embedding normal, as the modules of torch do it;
            "orthogonal": each recurrent block a rotation, inputs as in "xavier";
            "xavier": uniform in ±√(6 / (inputs + units)) for each block;
            "identity": the recurrent block of a plain RNN, or of the candidate, copies the state,
            everything else very small; "normal": small normal numbers everywhere.
            Biases are zero and the decoder is small, except with "pytorch".
        forget_bias: added to the input-side bias of the forget gates, as an LSTM has them.
    Raises:
        ValueError: the scheme does not exist.
    Source:
        Glorot & Bengio 2010; Saxe et al. 2013, arXiv:1312.6120; Le et al. 2015, arXiv:1504.00941;
        forget bias: Gers et al. 2000.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"There is no initialization '{scheme}'; choose {', '.join(SCHEMES)}.")
    params = {
        name: _draw(name, shape, architecture, scheme, rng).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    cell = CELLS[architecture.cell]
    if cell.forget_gate is not None:
        for k in range(architecture.num_layers):
            blocks = np.split(params[f"rnn.bias_ih_l{k}"], cell.blocks)  # views
            blocks[cell.gates.index(cell.forget_gate)] += np.float32(forget_bias)
    return params


def _draw(
    name: str,
    shape: tuple[int, ...],
    architecture: Layered,
    scheme: str,
    rng: np.random.Generator,
) -> np.ndarray:
    if scheme == "pytorch" and name != "embedding.weight":
        bound = 1 / math.sqrt(architecture.hidden_size)
        return rng.uniform(-bound, bound, shape)
    if name == "embedding.weight" and scheme != "normal":
        return rng.standard_normal(shape)
    if ".bias" in name:
        return np.zeros(shape)
    blocks = CELLS[architecture.cell].blocks
    size = (shape[0] // blocks, shape[1])  # of one block
    if name.startswith("rnn.weight_hh") and scheme == "identity":
        return _identity_blocks(architecture, rng)
    if name.startswith("rnn.weight_hh") and scheme == "orthogonal":
        return np.concatenate([_rotation(size[0], rng) for _ in range(blocks)])
    if name.startswith("rnn.") and scheme in ("xavier", "orthogonal"):
        bound = math.sqrt(6 / sum(size))
        return rng.uniform(-bound, bound, shape)
    small = SMALLER if scheme == "identity" else SMALL
    return small * rng.standard_normal(shape)


def _identity_blocks(architecture: Layered, rng: np.random.Generator) -> np.ndarray:
    size, cell = architecture.hidden_size, CELLS[architecture.cell]
    weight = SMALLER * rng.standard_normal((cell.blocks, size, size))
    weight[cell.candidate_block] = np.eye(size)
    return weight.reshape(cell.blocks * size, size)


def _rotation(size: int, rng: np.random.Generator) -> np.ndarray:
    q, r = np.linalg.qr(rng.standard_normal((size, size)))
    return q * np.sign(np.diag(r))  # without the signs, some rotations would be likelier
