"""What can be said about a run before it starts: its size, its work, what looks wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean

from rnnlab.network.cells import CELLS
from rnnlab.network.kinds import Sizes
from rnnlab.network.models import Architecture
from rnnlab.training.config import RunConfig
from rnnlab.training.costs import Work, work
from rnnlab.training.memory import gigabytes, memory_here, memory_needed
from rnnlab.training.task import Task

SENSIBLE_RATES = {
    **{"sgd": 0.5, "rmsprop": 0.002, "adagrad": 0.02, "adagrad_root": 0.02},
    **{"adam": 0.002, "adamw": 0.002},
}
HIGHEST_RATES = {
    **{"sgd": 5.0, "rmsprop": 0.02, "adagrad": 0.2, "adagrad_root": 0.2},
    **{"adam": 0.03, "adamw": 0.03},
}
OPTIMIZER_TITLES = {
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adagrad_root": "Adagrad, ε under the root",
    "adam": "Adam",
    "adamw": "AdamW",
}
_LARGE_FOR_NUMPY = 300_000  # parameters
_FIRST_BATCHES = 8
_MUCH_MEMORY = 0.5  # of the computer's; others need some of it, and estimates are rough


@dataclass(frozen=True)
class Term:
    """One summand of the number of parameters."""

    label: str  # "LSTM layer 1"
    formula: str  # "4·128·(65 + 128 + 2)"
    count: int


@dataclass(frozen=True)
class Outlook:
    """What a run amounts to on any machine."""

    parameters: int
    terms: list[Term]  # they add up to the parameters
    characters_per_update: float
    updates_per_epoch: int
    validation_characters: int
    work: Work  # of an update
    warnings: list[str]  # what looks wrong, a sentence each
    notes: list[str]  # what is worth knowing, a sentence each


def outlook(task: Task) -> Outlook:
    """What a run amounts to, before it starts."""
    return Outlook(
        parameters=task.architecture.parameter_count(),
        terms=parameter_sum(task.architecture),
        characters_per_update=task.batcher.characters_per_update,
        updates_per_epoch=task.batcher.updates_per_epoch,
        validation_characters=len(task.split.validation.text),
        work=work(task.config, task.architecture, *_batch_shape(task)),
        warnings=warnings(task),
        notes=notes(task),
    )


def _batch_shape(task: Task) -> tuple[int, float]:
    """Rows and mean length of a batch, with the padding of items, as the first few have it."""
    first = range(min(_FIRST_BATCHES, task.batcher.updates_per_epoch))
    shapes = [task.batcher.batch(step).inputs.shape for step in first]
    return shapes[0][0], fmean(length for _, length in shapes)


def parameter_sum(architecture: Sizes) -> list[Term]:
    """The number of parameters, term by term: embedding, each layer, decoder."""
    if not isinstance(architecture, Architecture):
        return [
            Term(name, "·".join(map(str, shape)), math.prod(shape))
            for name, shape in architecture.shapes().items()
        ]
    V, D = architecture.vocab_size, architecture.embedding_size  # noqa: N806
    H, cell = architecture.hidden_size, CELLS[architecture.cell]  # noqa: N806
    outputs = architecture.outputs
    terms = [Term("embedding", f"{V}·{D}", V * D)] if D else []
    for k in range(architecture.num_layers):
        inputs = H if k else (D or V)
        blocks = f"{cell.blocks}·" if cell.blocks > 1 else ""
        terms.append(
            Term(
                f"{cell.title} layer {k + 1}",
                f"{blocks}{H}·({inputs} + {H} + 2)",  # both matrices and both biases
                cell.blocks * H * (inputs + H + 2),
            )
        )
    return [*terms, Term("decoder", f"{outputs}·({H} + 1)", outputs * (H + 1))]


def warnings(task: Task) -> list[str]:
    """What looks wrong, one sentence each, with the value and a sensible one."""
    checks = (_memory, _rate, _batch, _sequence, _dropout, _size, _numpy, _budget, _relu)
    return [sentence for check in checks if (sentence := check(task.config, task))]


def notes(task: Task) -> list[str]:
    """What is worth knowing although nothing is wrong, one sentence each."""
    if task.has_test_part:
        return []
    return ["There is no test loss: training and validation take all of the text."]


def _memory(config: RunConfig, task: Task) -> str:
    needed, here = memory_needed(task), memory_here()
    if config.device in ("cuda", "mps") or needed.total <= _MUCH_MEMORY * here:
        return ""
    return (
        f"On the CPU, this run needs about {gigabytes(needed.total)} of memory, and this computer "
        f"has {gigabytes(here)}; {needed.remedy}."
    )


def _rate(config: RunConfig, task: Task) -> str:
    if config.learning_rate <= HIGHEST_RATES[config.optimizer]:
        return ""
    return (
        f"Learning rate {config.learning_rate:g} is far too high for "
        f"{OPTIMIZER_TITLES[config.optimizer]} and will probably diverge; try "
        f"{SENSIBLE_RATES[config.optimizer]:g}."
    )


def _batch(config: RunConfig, task: Task) -> str:
    per_update = task.batcher.characters_per_update
    share = per_update / max(1, len(task.split.training.text))
    if share <= 0.1:
        return ""
    return (
        f"One update reads {per_update:,.0f} characters, {share:.0%} of the training text, so an "
        "epoch has few updates; take a smaller batch or more text."
    )


def _sequence(config: RunConfig, task: Task) -> str:
    if config.seq_length <= 256 or config.batching == "items":
        return ""
    return (
        f"Sequence length {config.seq_length:,} makes updates slow and rarely learns more than "
        "128 would."
    )


def _dropout(config: RunConfig, task: Task) -> str:
    if config.dropout <= 0.5 and not (config.dropout > 0 and config.hidden_size <= 32):
        return ""
    return (
        f"Dropout {config.dropout:g} leaves about "
        f"{config.hidden_size * (1 - config.dropout):.0f} of {config.hidden_size} units to learn "
        "with; try 0 for a small network, 0.2 for a large one."
    )


def _size(config: RunConfig, task: Task) -> str:
    parameters = task.architecture.parameter_count()
    characters = len(task.split.training.text)
    if parameters <= 5 * characters:
        return ""
    return (
        f"{parameters:,} parameters for {characters:,} characters: the network can learn the text "
        "by heart; try fewer hidden units, more text, or watch the validation loss."
    )


def _numpy(config: RunConfig, task: Task) -> str:
    if config.engine != "numpy" or task.architecture.parameter_count() <= _LARGE_FOR_NUMPY:
        return ""
    return (
        f"The NumPy engine is slow for {task.architecture.parameter_count():,} parameters; try "
        "at most 128 hidden units in one layer, or the torch engine."
    )


def _budget(config: RunConfig, task: Task) -> str:
    updates = config.budget * task.batcher.updates_per_epoch
    if config.budget_unit != "epochs" or updates >= 100:
        return ""
    return (
        f"{config.budget_text} are only {max(1, round(updates))} updates here; most networks need "
        "some hundreds."
    )


def _relu(config: RunConfig, task: Task) -> str:
    if config.cell != "rnn_relu" or config.clipping != "none":
        return ""
    return "Without clipping a ReLU RNN easily explodes; clip the norm at 1."
