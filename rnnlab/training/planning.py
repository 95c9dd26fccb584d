"""What can be said of a run before it starts: parameters, memory, time, warnings, advice.

A run that cannot fit into memory is refused, not killed half-way; for a text that is too short
for the batch, a smaller batch is proposed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

import psutil

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, Sizes
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.cost_model import Speed, Work, seconds, work
from rnnlab.training.pacing import EVALUATION_SHARE, MAX_EVALUATIONS
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import Task

_FLOAT = 4  # bytes
_COPIES_OF_WEIGHTS = 6  # themselves, gradients, two of the optimizer, scratch, one to be stored
_COPIES_OF_LOGITS = 4  # one-hot input, logits, probabilities, gradient
_GIGABYTE = 1e9


@dataclass(frozen=True)
class Memory:
    """What training takes at its peak, in bytes, to within a factor of about two."""

    weights: float
    values: float  # of every position of a batch, kept for the backward pass
    one_hot: float  # the table of one-hot vectors

    @property
    def total(self) -> float:
        """Bytes of all together."""
        return self.weights + self.values + self.one_hot

    @property
    def remedy(self) -> str:
        """What to change where it takes too much."""
        if self.values >= max(self.weights, self.one_hot):
            return "use a smaller batch, a shorter sequence or fewer hidden units"
        if self.weights >= self.one_hot:
            return "use fewer hidden units or layers"
        return "use an embedding instead of one-hot vectors, or a text with fewer characters"


def memory_needed(task: Task) -> Memory:
    """What training a run on the CPU takes."""
    sizes, config = task.architecture, task.config
    blocks = CELLS[config.cell].blocks
    # Each layer keeps its gates and as much again; the one going backward holds that twice.
    hidden = 2 * blocks * config.hidden_size * (config.num_layers + 1)
    position = _COPIES_OF_LOGITS * sizes.outputs + hidden
    return Memory(
        weights=_FLOAT * _COPIES_OF_WEIGHTS * sizes.parameter_count(),
        values=_FLOAT * position * task.batcher.characters_per_update,
        one_hot=0 if config.embedding_size else _FLOAT * sizes.vocab_size**2,
    )


def memory_here() -> float:
    """Bytes of memory in this computer."""
    return float(psutil.virtual_memory().total)


def check_memory(task: Task, available: float) -> None:
    """Refuse a run that this much memory, in bytes, cannot hold.

    Raises:
        ConfigError: it takes more.
    """
    needed = memory_needed(task)
    if needed.total > available:
        raise ConfigError(
            f"This run needs about {gigabytes(needed.total)} of memory, but this computer has "
            f"{gigabytes(available)}; {needed.remedy}."
        )


def gigabytes(size: float) -> str:
    """Bytes in words, such as '3,800 GB'."""
    return f"{size / _GIGABYTE:,.0f} GB" if size >= 10e9 else f"{size / _GIGABYTE:.1f} GB"


SENSIBLE_RATES = {
    **{"sgd": 0.5, "rmsprop": 0.002, "adagrad": 0.02, "adagrad_root": 0.02},
    **{"adam": 0.002, "adamw": 0.002},
}
MAX_RATES = {
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
class RunPlan:
    """What a run amounts to on any machine."""

    parameters: int
    terms: list[Term]  # they add up to the parameters
    characters_per_update: float
    updates_per_epoch: int
    validation_characters: int
    work: Work  # of an update
    warnings: list[str]  # what looks wrong, a sentence each
    notes: list[str]  # what is worth knowing, a sentence each


def plan(task: Task) -> RunPlan:
    """What a run amounts to, before it starts."""
    return RunPlan(
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
    checks = (_memory, _rate, _batch, _sequence, _dropout, _size, _numpy, _budget, _unbounded)
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
    if config.learning_rate <= MAX_RATES[config.optimizer]:
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


def _unbounded(config: RunConfig, task: Task) -> str:
    cell = CELLS[config.cell]
    if cell.is_bounded() or config.clipping != "none":
        return ""
    return f"Without clipping a {cell.title} easily explodes; clip the norm at 1."


_READING = 1 / 3  # of the time of learning the same characters
_SAMPLE = 0.02  # seconds to write one


@dataclass(frozen=True)
class Forecast:
    """How much a run will do."""

    updates: int
    epochs: float
    seconds: float  # of training, evaluations included


def forecast(
    config: RunConfig, planned: RunPlan, speed: Speed | None = None, factor: float = 1.0
) -> Forecast:
    """How much a run will do in its time.

    Args:
        speed: of the machine; that of the core of `COSTS` when None.
        factor: how much longer an update of such a run takes than estimated, where that is known.
    """
    per_update = factor * seconds(config, planned.work, speed or Speed())
    if config.budget_unit == "seconds":
        updates = max(1, round(_updates_in(config.budget, config, planned, per_update)))
        total = config.budget
    else:
        per_unit = planned.updates_per_epoch if config.budget_unit == "epochs" else 1
        updates = max(1, round(config.budget * per_unit))
        total = _seconds_for(updates, config, planned, per_update)
    return Forecast(updates, updates / planned.updates_per_epoch, total)


def _updates_in(total: float, config: RunConfig, planned: RunPlan, per_update: float) -> float:
    cost = _evaluation(planned, per_update)
    between = _updates_between(config, planned)
    if between:
        return total / (per_update + cost / between)
    return max(total - MAX_EVALUATIONS * cost, (1 - EVALUATION_SHARE) * total) / per_update


def _seconds_for(updates: int, config: RunConfig, planned: RunPlan, per_update: float) -> float:
    cost, learning = _evaluation(planned, per_update), updates * per_update
    between = _updates_between(config, planned)
    if between:
        return learning + cost * updates / between
    return min(learning + MAX_EVALUATIONS * cost, learning / (1 - EVALUATION_SHARE))


def _evaluation(planned: RunPlan, per_update: float) -> float:
    """Seconds of one evaluation and its sample."""
    share = planned.validation_characters / planned.characters_per_update
    return _READING * share * per_update + _SAMPLE


def _updates_between(config: RunConfig, planned: RunPlan) -> int:
    """How many updates lie between two evaluations; 0 where time decides."""
    return {"each-epoch": planned.updates_per_epoch, "each-1000": 1000}.get(config.evaluation, 0)


_MAX_BATCH_SHARE = 0.1  # of the training text in one update
_LENGTH_PER_ROW = (
    8  # rows are halved as long as there is more than one for eight characters of length
)


def fitting(config: RunConfig, corpus: Corpus) -> RunConfig | None:
    """The same run with a smaller batch, of which an epoch has ten or more.

    None when nothing is wrong with the batch: it is small enough, or none helps.
    """
    if _is_small(config, corpus):
        return None
    for batch_size, seq_length in _smaller(config):
        smaller = config.replace(batch_size=batch_size, seq_length=seq_length)
        if _is_small(smaller, corpus):
            return smaller
    return None


def _is_small(config: RunConfig, corpus: Corpus) -> bool:
    """Whether one update reads at most a tenth of the training text; not when it cannot read."""
    try:
        task = make_task(config, corpus)
    except CorpusError:
        return False
    return task.batcher.characters_per_update <= _MAX_BATCH_SHARE * len(task.split.training.text)


def _smaller(config: RunConfig) -> Iterator[tuple[int, int]]:
    """Ever smaller batch sizes and sequence lengths; of items, which have their own, only sizes."""
    rows, length = config.batch_size, config.seq_length
    if config.batching == "shifted" and rows > 1:
        rows = 1
        yield rows, length
    while rows > 1 or (length > 1 and config.batching != "items"):
        if rows > 1 and (rows * _LENGTH_PER_ROW > length or config.batching == "items"):
            rows //= 2
        else:
            length //= 2
        yield rows, length


_LONG = 100  # characters of a sequence
_DEEP = 3  # layers
_SHORTER = 4  # times


@dataclass(frozen=True)
class Advice:
    """What somebody should try, and what it rests on."""

    name: str  # "nan", "long" or "deep"
    sentence: str


def advice(config: RunConfig, *, diverged: bool = False) -> list[Advice]:
    """What applies to a run with these settings.

    Args:
        diverged: whether it ended because a loss or a gradient was no number any more.
    """
    found = [_nan(config)] if diverged else []
    cell = CELLS[config.cell]
    if not cell.gates and cell.is_bounded() and config.seq_length >= _LONG:
        found.append(_long(config))
    if config.num_layers >= _DEEP:
        found.append(_deep(config))
    return found


def _nan(config: RunConfig) -> Advice:
    shorter = max(1, config.seq_length // _SHORTER)
    return Advice(
        "nan",
        f"NaN: take a smaller learning rate ({config.learning_rate / 10:.3g} instead of "
        f"{config.learning_rate:.3g}) or shorter sequences ({shorter} instead of "
        f"{config.seq_length} characters).",
    )


def _long(config: RunConfig) -> Advice:
    return Advice(
        "long",
        f"Sequences of {config.seq_length} characters are long for tanh, whose gradients fade: "
        "take ReLU for longer ones.",
    )


def _deep(config: RunConfig) -> Advice:
    return Advice(
        "deep",
        f"Deeper is slower: {config.num_layers} layers are computed one after the other, so a "
        f"character takes about {config.num_layers} times as long as with one.",
    )
