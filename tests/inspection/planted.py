"""A network made by hand, of which it is known what every unit does."""

from __future__ import annotations

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.text.vocabulary import Vocabulary

LETTERS = Vocabulary(("a", "b", "c", "d"))
DECIDES, IDLE = 0, 5  # units


def planted(dtype: type = np.float64) -> CharRNN:
    """Writes "abdabd…" while unit 0 is at 1, and "acdacd…" while it is at −1.

    Units 1 to 4 say which character was just read; unit 5 does so too, but nobody listens to it.
    Unit 0 decides what follows an "a" and nothing else.
    """
    architecture = Architecture("rnn_tanh", len(LETTERS), 0, 6, 1)
    params = {name: np.zeros(shape, dtype) for name, shape in architecture.shapes().items()}
    params["rnn.bias_ih_l0"][DECIDES] = 20
    params["rnn.weight_ih_l0"][1:5] = 20 * np.eye(4)
    params["rnn.weight_ih_l0"][IDLE, 0] = 1
    after_a, after_b, after_c, after_d = 1, 2, 3, 4
    decoder = params["decoder.weight"]
    decoder[1, [after_a, DECIDES]] = 100, 50  # b
    decoder[2, [after_a, DECIDES]] = 100, -50  # c
    decoder[3, [after_b, after_c]] = 150
    decoder[0, after_d] = 150
    return CharRNN(architecture, params)


def delay_line(delay: int, vocab_size: int) -> CharRNN:
    """A tanh RNN that passes each character on for `delay` steps and then predicts it again."""
    small, loud = 1e-3, 1e4
    units = vocab_size * (delay + 1)
    architecture = Architecture("rnn_tanh", vocab_size, 0, units, 1)
    params = {name: np.zeros(shape) for name, shape in architecture.shapes().items()}
    params["rnn.weight_ih_l0"][:vocab_size] = small * np.eye(vocab_size)
    params["rnn.weight_hh_l0"][vocab_size:, :-vocab_size] = np.eye(units - vocab_size)
    params["decoder.weight"][:, -vocab_size:] = loud * np.eye(vocab_size)
    return CharRNN(architecture, params)
