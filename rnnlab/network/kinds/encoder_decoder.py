"""Two networks in a row: one reads a text to its end, the other writes from what the first knows.

The decoder is a character RNN. The encoder has layers of the same sizes and no output; its final
state is the state that the decoder starts from, and all that passes between the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, ParameterError, Params
from rnnlab.network.tape import State, Tape

READER, WRITER = "encoder.", "rnn."  # how the recurrent weights of the two halves are named


@dataclass(frozen=True)
class EncoderDecoderSizes:
    """The sizes of both halves; the last symbol of the vocabulary ends what is read."""

    half: Architecture

    @property
    def vocab_size(self) -> int:
        """How many symbols it reads, the separator among them."""
        return self.half.vocab_size

    @property
    def outputs(self) -> int:
        """How many symbols it chooses between."""
        return self.half.outputs

    @property
    def separator(self) -> int:
        """The id after which the decoder begins."""
        return self.vocab_size - 1

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter; both halves share the embedding, if there is one."""
        decoder = self.half.shapes()
        encoder = {_read_name(name): s for name, s in decoder.items() if name.startswith(WRITER)}
        return encoder | decoder

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


@dataclass(frozen=True, eq=False)
class Translation:
    """What both halves did."""

    logits: np.ndarray  # (B, T, V); 0 where the encoder reads
    reading: Tape  # of the encoder, over the source
    writing: Tape  # of the decoder, from the separator on

    @property
    def final_state(self) -> State:
        """Of the decoder."""
        return self.writing.final_state


class EncoderDecoder:
    """An encoder and a decoder; float32 or float64, as their parameters.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape.
    """

    def __init__(self, architecture: EncoderDecoderSizes, params: Params) -> None:
        _check_names(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params
        decoder = {name: p for name, p in params.items() if not name.startswith(READER)}
        # The encoder is the same network with other recurrent weights, whose output nobody reads.
        read = {name: params[_read_name(name)] for name in decoder if name.startswith(WRITER)}
        self.encoder = CharRNN(architecture.half, decoder | read)
        self.decoder = CharRNN(architecture.half, decoder)

    @classmethod
    def from_params(cls, cell: str, params: Params) -> EncoderDecoder:
        """The network that these parameters make; the sizes are read from the shapes."""
        decoder = {name: p for name, p in params.items() if not name.startswith(READER)}
        half = CharRNN.from_params(cell, decoder).architecture
        return cls(EncoderDecoderSizes(half), params)

    def forward(self, ids: np.ndarray, state: State | None = None) -> Translation:
        """Read (B, T) symbols: a source, the separator, and what the decoder is given after it.

        Args:
            ids: with the separator at the same place in every row.
            state: of the encoder before the first symbol; zeros if None.
        Raises:
            ValueError: no separator, or nothing before it.
        """
        length = source_length(ids, self.architecture.separator)
        reading = self.encoder.forward(ids[:, :length], state)
        writing = self.decoder.forward(ids[:, length:], reading.final_state)
        silent = np.zeros((len(ids), length, self.architecture.outputs), writing.logits.dtype)
        return Translation(np.concatenate([silent, writing.logits], axis=1), reading, writing)

    def write(self, sources: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """What the decoder writes on its own, always the likeliest symbol, fed back to it.

        Args:
            sources: (B, N) what the encoder reads, without the separator.
        Returns:
            ids (B, steps) and the logits (B, steps, V) that they were the largest of.
        """
        state = self.encoder.forward(sources).final_state
        given = np.full(len(sources), self.architecture.separator)  # (B,)
        written, logits = [], []
        for _ in range(steps):
            scores, state, _ = self.decoder.step(given, state)  # (B, V)
            given = scores.argmax(axis=-1)
            written.append(given)
            logits.append(scores)
        return np.stack(written, axis=1), np.stack(logits, axis=1)


def source_length(ids: np.ndarray, separator: int) -> int:
    """How many symbols stand before the separator, the same in every row; ValueError otherwise."""
    found = ids == separator  # (B, T)
    length = int(found[0].argmax())
    if not found[:, length].all() or length == 0:
        raise ValueError("Every row needs a source of the same length and then the separator.")
    return length


def _read_name(name: str) -> str:
    return READER + name.removeprefix(WRITER)


def _check_names(shapes: dict[str, tuple[int, ...]], params: Params) -> None:
    if set(shapes) != set(params):
        wrong = sorted(set(shapes) ^ set(params))[0]
        raise ParameterError(f"An encoder and a decoder have no '{wrong}', or it is missing.")
    for name, param in params.items():
        if param.shape != shapes[name]:
            raise ParameterError(
                f"The parameter '{name}' has shape {param.shape}, but this network needs "
                f"{shapes[name]}."
            )
