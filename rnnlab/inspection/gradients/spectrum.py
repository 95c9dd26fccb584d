"""The eigenvalues of the weights from state to state, and the same network with others."""

from __future__ import annotations

import numpy as np

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN


def block_names(cell: str) -> tuple[str, ...]:
    """The square blocks of W_hh, one a gate; "h" where there is only one."""
    return CELLS[cell].blocks_of()


def candidate(cell: str) -> str:
    """The block that offers a new value; the only one of a plain RNN."""
    return CELLS[cell].candidate()


def eigenvalues(model: CharRNN, block: str, layer: int = -1) -> np.ndarray:
    """(H,) complex eigenvalues of one block of W_hh. Layers count from 0; −1 is the top one."""
    return np.linalg.eigvals(_block(model, block, layer % model.architecture.num_layers))


def rescaled(model: CharRNN, radius: float, blocks: tuple[str, ...]) -> CharRNN:
    """The network with these blocks of W_hh multiplied, in every layer, so that the largest
    |eigenvalue| of each is `radius`.

    Raises:
        ValueError: a block has no eigenvalue but 0.
    """
    params = dict(model.params)
    names = block_names(model.architecture.cell)
    size = model.architecture.hidden_size
    for layer in range(model.architecture.num_layers):
        weight = params[f"rnn.weight_hh_l{layer}"].copy()
        for block in blocks:
            place = names.index(block) * size
            weight[place : place + size] *= radius / _radius(model, block, layer)
        params[f"rnn.weight_hh_l{layer}"] = weight
    return CharRNN(model.architecture, params)


def _radius(model: CharRNN, block: str, layer: int) -> float:
    found = float(np.abs(eigenvalues(model, block, layer)).max())
    if not found > 0:
        raise ValueError(
            f"The block '{block}' of W_hh in layer {layer + 1} has no eigenvalue but 0, so no "
            "factor gives it another spectral radius; choose another network."
        )
    return found


def _block(model: CharRNN, block: str, layer: int) -> np.ndarray:
    """(H, H)."""
    place = block_names(model.architecture.cell).index(block)
    size = model.architecture.hidden_size
    return model.params[f"rnn.weight_hh_l{layer}"][place * size : (place + 1) * size]
