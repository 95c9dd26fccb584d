"""Classic bugs of hand-written backward passes: what each does, how to find it, and its code.

A bug is one line. Its code is compiled from the source of the right function, as it stands, with
that line replaced; so right and wrong code cannot drift apart.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import linecache
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import FunctionType
from typing import Literal

import numpy as np

from rnnlab.inspection.gradient_check.check import TensorCheck
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN

Place = Literal["cell", "layer_backward", "linear_backward"]  # attributes of a CharRNN
Line = tuple[str, str]  # as it is right, and as it is wrong; both without indentation
Checks = Mapping[str, TensorCheck]  # by the name of the tensor

EVERY_CELL = "*"


@dataclass(frozen=True)
class Bug:
    """A bug, told to a student."""

    name: str
    title: str
    description: str  # what the code does, a sentence
    fails: tuple[str, ...]  # names of the tensors whose gradient is wrong; * stands for any end
    hidden_by: str  # the size of a CaseSetting that hides the bug where it is 1; "" for none
    hints: tuple[str, str, str]
    why: str  # why this bug makes this pattern of errors
    place: Place
    lines: Mapping[str, Line]  # by the name of the cell, or of EVERY_CELL
    # By the name of the cell: the gates whose rows alone are wrong after one step through one
    # layer; none where all are.
    gates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fits(self, cell: str) -> bool:
        """Whether this cell has a place for it."""
        return self._line(cell) is not None

    def functions(self, cell: str) -> tuple[Callable, Callable]:
        """The right function and the wrong one.

        Raises:
            ValueError: the cell has no place for it.
        """
        line = self._line(cell)
        if line is None:
            raise ValueError(f"A {CELLS[cell].title} has no place for this bug: {self.title}.")
        right = CELLS[cell].backward if self.place == "cell" else getattr(CharRNN, self.place)
        return right, _compiled(self.name, right, *line)

    def put_into(self, model: CharRNN) -> CharRNN:
        """The same network with this bug in its backward pass.

        Raises:
            ValueError: the cell has no place for it.
        """
        _, wrong = self.functions(model.architecture.cell)
        broken = CharRNN(model.architecture, model.params)
        if self.place == "cell":
            broken.cell = type(self.name, (model.cell,), {"backward": staticmethod(wrong)})
        else:
            setattr(broken, self.place, wrong)
        return broken

    def _line(self, cell: str) -> Line | None:
        return self.lines.get(cell) or self.lines.get(EVERY_CELL)


@lru_cache(maxsize=256)
def _compiled(bug: str, right: FunctionType, right_line: str, wrong_line: str) -> Callable:
    """The function with a line of it replaced, in a copy of its module's names.

    Raises:
        ValueError: the line does not stand in the function, or stands there twice.
    """
    lines = bare_source(right)
    places = [k for k, line in enumerate(lines) if line.strip() == right_line]
    if len(places) != 1:
        raise ValueError(
            f"The bug {bug} replaces a line that stands once in {right.__qualname__}, but it is "
            f"found {len(places)} times: {right_line}"
        )
    (place,) = places
    indent = lines[place].removesuffix(right_line)
    wrong_lines = textwrap.indent(wrong_line, indent).splitlines()
    source = "\n".join([*lines[:place], *wrong_lines, *lines[place + 1 :], ""])
    # Known to the line cache, so that tracebacks and `inspect.getsource` find the source.
    file = f"<{bug} in {right.__module__}.{right.__qualname__}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    names = dict(right.__globals__)
    exec(compile(source, file, "exec"), names)
    return names[right.__name__]


def bare_source(function: Callable) -> list[str]:
    """The lines of a function as they run, without decorator and docstring."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    (node,) = ast.parse("\n".join(lines)).body
    assert isinstance(node, ast.FunctionDef)
    first, body = node.lineno - 1, node.body
    if ast.get_docstring(node) is None:
        return lines[first:]
    told = body[0]
    return lines[first : told.lineno - 1] + lines[told.end_lineno :]


def source_diff(right: Callable, wrong: Callable) -> str:
    """The whole of both: `-` before a line that only the right one has, `+` only the wrong one."""
    lines = difflib.ndiff(bare_source(right), bare_source(wrong))
    return "\n".join(line for line in lines if not line.startswith("?"))


_CARRIED = Bug(
    name="carried",
    title="The carried gradient is dropped",
    description="Each step hears only of its own error: what the later steps send back is thrown "
    "away.",
    fails=("rnn.*",),
    hidden_by="seq_length",
    hints=(
        "Which tensors are wrong, and which is right? The decoder comes before the walk back "
        "through time; everything else lies behind it.",
        "Set the sequence length to 1. What does a walk back through time do when there is only "
        "one step?",
        "With one step all tensors pass, with two they fail: what is missing is what step 2 has "
        "to tell step 1.",
    ),
    why="The hidden state of a step is blamed twice: by the output of that step, and by all steps "
    "after it, which used it as their memory. The second part is overwritten instead of added. So "
    "every gradient that is made of `da` or `du` is too short, in every layer, and the decoder, "
    "which lies before the walk through time, is right. With one step there is no future, and the "
    "bug cannot be seen.",
    place="layer_backward",
    lines={
        EVERY_CELL: (
            'd["h"] = d["h"] + dh[t]  # the future and the present both blame h_t',
            'd = {name: np.zeros_like(initial[name]) for name in cell.states} | {"h": dh[t]}',
        )
    },
)

_SLOPE = Bug(
    name="slope",
    title="The slope is forgotten (tanh′, or that of the ramp)",
    description="The derivative passes through the squashing function as if it were a straight "
    "line.",
    fails=("rnn.*",),
    hidden_by="",
    hints=(
        "Which tensors are wrong, and which is right? The decoder comes before the recurrent "
        "layers.",
        "Does one step make it pass? If not, the walk back through time is innocent, and the fault "
        "lies inside a single step.",
        "With one step and one layer, look at a wrong tensor element by element. In a cell with "
        "gates, the rows of the candidate (g of an LSTM, n of a GRU) tell. In a plain RNN, look "
        "for numbers that are too large, never too small.",
    ),
    why="A change of what tanh is given reaches the state only as far as tanh is steep there, "
    "1 − tanh²; a ramp lets it through or not at all. Without that factor every derivative behind "
    "it is too large, in one step already. An LSTM loses it for the candidate g, so with one step "
    "only the rows of g are wrong; a GRU for n, and with it for r, whose derivative goes through "
    "n. With more steps the wrong part flows back and spoils the other rows too.",
    place="cell",
    lines={
        "rnn_tanh": ('da = d["h"] * (1 - values["h"] ** 2)', 'da = d["h"]'),
        "rnn_relu": ('da = d["h"] * (values["h"] > 0)', 'da = d["h"]'),
        "lstm": ("dg = dc * i * (1 - g**2)", "dg = dc * i"),
        "gru": (
            'dn = d["h"] * (1 - z) * (1 - n**2)',
            'dn = d["h"] * (1 - z)',
        ),
    },
    gates={"lstm": ("g",), "gru": ("r", "n")},
)

_BIAS_MEAN = Bug(
    name="bias_mean",
    title="The bias is averaged over the batch",
    description="The gradient of a bias is the mean over the sequences of the batch, not their "
    "sum.",
    fails=("decoder.bias", "rnn.bias_ih_l*"),
    hidden_by="batch_size",
    hints=(
        "Which tensors are wrong? Not one matrix is: what do a matrix and its bias not share?",
        "Look at the scatter of a wrong tensor: is it a cloud, or a straight line of another "
        "slope? Which number is that slope?",
        "All points lie on one line, so every number is wrong by the same factor. Change the "
        "number of sequences, and watch the slope.",
    ),
    why="The loss is already a mean, and `dy` carries its 1/(T·B). A bias is added at every "
    "position of every sequence, so its gradient is the plain sum of `dy`. A second mean divides "
    "by B once more: every number is right but for the factor 1/B, which is the slope in the "
    "scatter, and with one sequence it is 1. The sum for b_hh is taken elsewhere, in "
    "`layer_backward`, and is right.",
    place="linear_backward",
    lines={
        EVERY_CELL: (
            "dbias = drows.sum(axis=0)",
            "dbias = dy.sum(axis=0).mean(axis=0)",
        )
    },
)

_BIAS_LAST = Bug(
    name="bias_last",
    title="The bias is summed over the last step only",
    description="The gradient of a bias is that of the last step; the steps before it are "
    "forgotten.",
    fails=("decoder.bias", "rnn.bias_ih_l*"),
    hidden_by="seq_length",
    hints=(
        "Which tensors are wrong? Not one matrix is: what do a matrix and its bias not share?",
        "Look at the scatter of a wrong tensor: a straight line would mean one wrong factor. Is it "
        "one?",
        "It is a cloud, so something is missing that differs from number to number. Change the "
        "number of sequences, then the number of steps: which of them makes it go away?",
    ),
    why="A bias is added at every step, so its gradient sums over the steps. The code keeps the "
    "last one, `dy[-1]`. What is missing differs from unit to unit, so the scatter is a cloud, and "
    "no number of sequences mends it; with one step nothing is missing. The sum for b_hh is taken "
    "elsewhere, in `layer_backward`, and is right.",
    place="linear_backward",
    lines={EVERY_CELL: ("dbias = drows.sum(axis=0)", "dbias = dy[-1].sum(axis=0)")},
)

_SWAPPED = Bug(
    name="swapped",
    title="Two gates are swapped (i and f, or r and z)",
    description="The derivatives of two gates stand in each other's rows.",
    fails=("rnn.*",),
    hidden_by="",
    hints=(
        "Which tensors are wrong, and which is right? The decoder comes before the recurrent "
        "layers.",
        "Does one step make it pass? If not, the walk back through time is innocent, and the fault "
        "lies inside a single step.",
        "With one step and one layer, look at a wrong tensor element by element: which gates have "
        "wrong rows, which are right? Two wrong blocks, side by side, are a trace.",
    ),
    why="The blocks of the matrices stand in the order i, f, g, o (LSTM) or r, z, n (GRU). The "
    "derivatives are right, but the first two are joined in the wrong order: so with one step "
    "exactly these two blocks of rows are wrong, and each holds what belongs into the other. With "
    "more steps the wrong order goes back through W_hh and spoils all rows.",
    place="cell",
    lines={
        "lstm": ("da = join(di, df, dg, do)", "da = join(df, di, dg, do)"),
        "gru": (
            'return join(dr, dz, dn), join(dr, dz, dn * r), {"h": d["h"] * z}',
            'return join(dz, dr, dn), join(dz, dr, dn * r), {"h": d["h"] * z}',
        ),
    },
    gates={"lstm": ("i", "f"), "gru": ("r", "z")},
)

_REUSED = Bug(
    name="reused",
    title="The last step's state is used again",
    description="The gradient of W_hh is made with the state after the step, not with the one "
    "before it.",
    fails=("rnn.weight_hh_l*",),
    hidden_by="",
    hints=(
        "Which tensors are wrong? Is the bias that stands beside them wrong as well?",
        "Does anything change with one step, or with one sequence? If not, time and batch are "
        "innocent.",
        "The bias b_hh is right, so the derivative by what the memory says is right. The gradient "
        "of W_hh is that derivative times what W_hh was given. What was it given?",
    ),
    why="W_hh multiplies the state before the step, h_{t−1}, so its gradient is the sum of "
    "`du_t · h_{t−1}`. The code takes h_t, one place later. Everything else that is made of `du` "
    "is right: the bias, whose gradient is the sum of `du`, and what flows on to earlier steps and "
    "to the layer below. So W_hh stands alone, with one step as with many.",
    place="layer_backward",
    lines={
        EVERY_CELL: (
            'dweight = du.reshape(-1, len(weight)).T @ previous["h"].reshape(-1, weight.shape[1])',
            'dweight = du.reshape(-1, len(weight)).T @ values["h"].reshape(-1, weight.shape[1])',
        )
    },
)

_LOOKUP = Bug(
    name="lookup",
    title="A repeated character overwrites",
    description="The gradient of a character's column is that of its last use; earlier ones are "
    "lost.",
    fails=("rnn.weight_ih_l0",),
    hidden_by="",
    hints=(
        "One tensor is wrong. What does it do that no other does?",
        "Look at it element by element: are its columns wrong everywhere, or some of them? Which "
        "characters are these?",
        "Count in the text how often each character of a wrong column is read. Then type a text in "
        "which no character occurs twice.",
    ),
    why="A one-hot vector picks a column of W_ih, so each use of a character adds to the gradient "
    "of its column. `dweight[:, ids] = …` assigns: of several uses the last one stays. Columns of "
    "characters that are read once are right, those of the others are wrong. `np.add.at`, or a sum "
    "over sorted ids as in the right code, adds.",
    place="linear_backward",
    lines={
        EVERY_CELL: (
            "return None, np.ascontiguousarray(lookup_backward(x, dy, weight.shape[1]).T), dbias",
            "dweight = np.zeros_like(weight)  # (N, V)\n"
            "dweight[:, x.ravel()] = drows.T\n"
            "return None, dweight, dbias",
        )
    },
)

BUGS: dict[str, Bug] = {
    bug.name: bug for bug in (_CARRIED, _SLOPE, _BIAS_MEAN, _BIAS_LAST, _SWAPPED, _REUSED, _LOOKUP)
}


def bugs_of(cell: str) -> list[Bug]:
    """The bugs that this cell can have."""
    return [bug for bug in BUGS.values() if bug.fits(cell)]


def missing_in(cell: str) -> list[Bug]:
    """The bugs for which this cell has no place."""
    return [bug for bug in BUGS.values() if not bug.fits(cell)]


def drawn(cell: str, number: int) -> Bug:
    """The bug of a numbered case: each is as likely, and the number does not tell which."""
    options = bugs_of(cell)
    rng = np.random.default_rng([number, list(CELLS).index(cell)])
    return options[int(rng.integers(len(options)))]


def objection(candidate: Checks, seen: Checks) -> str:
    """What speaks against a candidate, in a sentence or two that do not name the real bug.

    Args:
        candidate: what the check would find if it were the candidate, in the same setting.
        seen: what it finds.
    """
    too_many = _differing(candidate, seen)
    if too_many:
        return f"It would make {_list(too_many)} wrong, and here that is right."
    too_few = _differing(seen, candidate)
    if too_few:
        return f"It would leave {_list(too_few)} right, and here that is wrong."
    wrong = [name for name, one in seen.items() if not one.passes]
    if not wrong:
        return "With these sizes neither it nor the real bug can be seen. Change them and look on."
    worst = max(wrong, key=lambda name: abs(candidate[name].error - seen[name].error))
    return (
        "It would make the same tensors wrong, but with other numbers: the error of "
        f"`{worst}` would be {candidate[worst].error:.2g} and is {seen[worst].error:.2g}. Try one "
        "step, one sequence, or one layer, and look at single elements."
    )


def _differing(one: Checks, other: Checks) -> list[str]:
    """Tensors that are wrong in the first and right in the second."""
    return [name for name, check in one.items() if not check.passes and other[name].passes]


def _list(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names[:2]) + (" and others" if names[2:] else "")
