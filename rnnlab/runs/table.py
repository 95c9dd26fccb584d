"""All runs as rows of a table: what they are, how far they came, how well they do.

The state of each is also said in one sentence, with what somebody can do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from rnnlab.runs.run import Event, Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig, settings
from rnnlab.training.labels import choice_name, duration_text, value_text

TITLES = {
    "queued": "Waiting",
    "starting": "Starting",
    "running": "Training",
    "paused": "Paused",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "interrupted": "Interrupted",
    "lost": "Lost",
}


def state_title(status: Status) -> str:
    """The state in one word for people, such as 'Waiting' for a queued run."""
    if status.state == "interrupted" and status.attempt == 0:
        return "Not started"
    return TITLES[status.state]


def state_sentence(
    status: Status, position: int | None = None, *, was_imported: bool = False
) -> str:
    """What the state means and what to do.

    Args:
        position: in the queue, counting from 1; None when it is not known.
        was_imported: it came in a zip, so it cannot go on.
    """
    done = f"{status.step:,} update{'' if status.step == 1 else 's'}"
    spent = f"{done} in {duration_text(status.seconds)}"
    sentences = {
        "queued": _queued(position),
        "starting": "The text is read and the network is built; the first loss comes in a moment.",
        "running": f"{spent} so far.",
        "paused": f"{spent} so far. Continue it, or make one single update and look.",
        "finished": f"{spent}.",
        "stopped": f"{spent}. Everything is kept; Resume goes on from there.",
        "failed": " ".join(filter(None, (status.error, status.advice))),
        "interrupted": f"{spent}, then the app was closed. Resume goes on from there.",
        "lost": f"{status.error} Resume goes on from the last point that was saved.",
    }
    if was_imported and status.state == "stopped":
        return f"{spent}, not to its end. It came in a zip, so it can be read but not trained on."
    if status.state == "interrupted" and status.error:
        return f"{status.error} Resume puts it back into the queue."
    if status.state == "interrupted" and status.attempt == 0:
        return "It was described, but never started. Start it with Resume."
    return sentences[status.state] or "It ended with an error that left no message."


def changes_sentence(events: Iterable[Event]) -> str:
    """Which settings were changed while a run trained, and when; "" for none."""
    told = [
        f"{settings()[event.what].label.lower()} {_value(event.old)} → {_value(event.new)} after "
        f"update {event.step:,}"
        for event in events
        if event.what in settings()
    ]
    return f"Changed while it trained: {'; '.join(told)}." if told else ""


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else choice_name(str(value))


def progress_text(status: Status) -> str:
    """Steps, epochs and time left on one line, as far as they are known."""
    of_total = f" of {status.total_steps:,}" if status.total_steps else ""
    parts = [f"Update {status.step:,}{of_total}", f"epoch {status.epoch:.2f}"]
    if status.is_active and status.seconds_left is not None:
        parts.append(f"{duration_text(max(status.seconds_left, 0.0))} left")
    return " · ".join(parts)


def _queued(position: int | None) -> str:
    if position is None or position < 1:
        return "It waits for its turn and starts by itself."
    if position == 1:
        return "It is next in the queue and starts by itself when the run before it ends."
    return f"It is number {position} in the queue and starts by itself when its turn comes."


OWN = "own"
GALLERY = "gallery"
SCRATCH_RUN = "throw-away"


@dataclass(frozen=True)
class Row:
    """One run; what was not measured is None, losses are nats per character."""

    run_id: str
    name: str
    origin: str  # OWN, GALLERY or SCRATCH_RUN
    state: str  # in one word for people
    is_active: bool
    task: str
    corpus: str
    cell: str
    hidden_size: int
    num_layers: int
    embedding: str  # its size, or "one-hot"
    batching: str
    seq_length: int
    batch_size: int
    optimizer: str
    learning_rate: float
    seed: int
    parameters: int | None
    train_loss: float | None
    val_loss: float | None  # the best one
    test_loss: float | None
    steps: int
    epochs: float
    seconds: float  # of training, without pauses
    characters_per_second: float | None
    created: float  # seconds since 1970; 0 when unknown


def table(store: RunStore, *, scratch: bool = False) -> list[Row]:
    """A row for every run that can be opened: own ones newest first, then the gallery.

    Args:
        scratch: also the scratch runs, after the others.
    """
    runs = [*store.runs(), *(store.runs(scratch=True) if scratch else [])]
    return [row(run) for run in runs]


def row(run: Run) -> Row:
    """What the table says about one run."""
    status, config = run.status(), run.config
    return Row(
        run_id=run.id,
        name=run.name,
        origin=_origin(run),
        state=state_title(status),
        is_active=status.is_active,
        task=choice_name(config.task),
        corpus=config.corpus,
        cell=choice_name(config.cell),
        hidden_size=config.hidden_size,
        num_layers=config.num_layers,
        embedding=value_text("embedding_size", config.embedding_size),
        batching=choice_name(config.batching),
        seq_length=config.seq_length,
        batch_size=config.batch_size,
        optimizer=choice_name(config.optimizer),
        learning_rate=config.learning_rate,
        seed=config.seed,
        parameters=status.parameters,
        train_loss=status.train_loss,
        val_loss=status.val_loss if status.best_val_loss is None else status.best_val_loss,
        test_loss=status.test_loss,
        steps=status.step,
        epochs=status.epoch,
        seconds=status.seconds,
        characters_per_second=status.characters_per_second,
        created=run.created,
    )


def _origin(run: Run) -> str:
    if run.read_only:
        return GALLERY
    return SCRATCH_RUN if run.is_scratch else OWN


@dataclass(frozen=True)
class Filter:
    """Which rows somebody wants to see; an empty choice lets everything through."""

    text: str = ""  # words that all must occur in the name, the id or the settings
    cells: tuple[str, ...] = ()
    corpora: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    def keeps(self, row: Row) -> bool:
        """Whether a row passes."""
        return (
            (not self.cells or row.cell in self.cells)
            and (not self.corpora or row.corpus in self.corpora)
            and (not self.states or row.state in self.states)
            and all(word in _searched(row) for word in self.text.casefold().split())
        )


def filtered(rows: Iterable[Row], wanted: Filter) -> list[Row]:
    """The rows that pass, in their order."""
    return [row for row in rows if wanted.keeps(row)]


def _searched(row: Row) -> str:
    words = (row.name, row.run_id, row.origin, row.state, row.corpus, row.cell, row.optimizer)
    return " ".join((*words, row.batching, str(row.hidden_size))).casefold()


@dataclass(frozen=True)
class DifferingSetting:
    """A setting in which runs differ."""

    label: str
    values: tuple[str, ...]  # in words, one for each run


def differing_settings(configs: Sequence[RunConfig]) -> list[DifferingSetting]:
    """The settings that are not the same in all of these configs, in the order of the form."""
    columns = [asdict(config) for config in configs]
    return [
        DifferingSetting(setting.label, tuple(value_text(name, c[name]) for c in columns))
        for name, setting in settings().items()
        if len({c[name] for c in columns}) > 1
    ]


def all_settings(config: RunConfig) -> list[tuple[str, str]]:
    """Every setting of a run in words: label and value."""
    values = asdict(config)
    return [(setting.label, value_text(name, values[name])) for name, setting in settings().items()]


def file_name(run: Run) -> str:
    """A name for the zip of a run that every system accepts."""
    return f"{run.id.replace('/', '-')}.zip"


def to_compare(store: RunStore, at_most: int = 5) -> list[Run]:
    """The newest runs that have a curve, for somebody who has chosen none."""
    measured = (run for run in store.runs() if len(run.metrics()["step"]) > 1)
    return list(islice(measured, at_most))
