"""What a planted bug is: a piece of the backward pass, what it does wrong, and how to find out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal

from rnnlab.network.cells import CELLS, Cell
from rnnlab.network.char_rnn import CharRNN

Place = Literal["cell", "layer_backward", "linear_backward"]  # attributes of a CharRNN


@dataclass(frozen=True)
class Piece:
    """The code that takes the place of the right one in a kind of network."""

    place: Place
    wrong: type[Cell] | Callable
    # Gates whose rows alone are wrong after one step through one layer; none where all are.
    gates: tuple[str, ...] = ()

    def sources(self, cell: str) -> tuple[Callable, Callable]:
        """The right function and the wrong one."""
        if self.place == "cell":
            assert isinstance(self.wrong, type)
            assert issubclass(self.wrong, Cell)
            return CELLS[cell].backward, self.wrong.backward
        return getattr(CharRNN, self.place), self.wrong


@dataclass(frozen=True)
class Fault:
    """A bug, told to a student."""

    name: str
    title: str
    act: str  # what the code does, a sentence
    fails: tuple[str, ...]  # patterns of the names of tensors whose gradient is wrong
    hidden_by: str  # the size of a Setting that hides the bug where it is 1; "" for none
    hints: tuple[str, str, str]
    why: str  # why this bug makes this pattern of errors
    pieces: Mapping[str, Piece]  # by the name of the cell; without a piece there is no such bug

    def is_wrong(self, tensor: str) -> bool:
        """Whether it makes the gradient of this tensor wrong, where nothing hides it."""
        return any(fnmatch(tensor, pattern) for pattern in self.fails)

    def put_into(self, model: CharRNN) -> CharRNN:
        """The same network with this bug in its backward pass.

        Raises:
            ValueError: the cell has no place for it.
        """
        piece = self.pieces.get(model.architecture.cell)
        if piece is None:
            raise ValueError(f"A {model.cell.title} has no place for this bug: {self.title}.")
        faulty = CharRNN(model.architecture, model.params)
        setattr(faulty, piece.place, piece.wrong)
        return faulty


def everywhere(piece: Piece) -> dict[str, Piece]:
    """The same piece for every cell."""
    return dict.fromkeys(CELLS, piece)
