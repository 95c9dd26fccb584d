"""Networks from Python: trained, opened, sampled, read with and measured, as the commands do it."""

from __future__ import annotations

import itertools
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rnnlab.folders import data_folder, runs_folder
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.sampling import sample
from rnnlab.network.tape import Tape, check_values, check_weights
from rnnlab.runs.errors import RunError
from rnnlab.runs.lookup import find_run
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.batching import item_end
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.evaluation import Evaluation, evaluate, evaluation_batches
from rnnlab.training.labels import choice_name
from rnnlab.training.networks import reader
from rnnlab.training.tasks.base import split_of


class TrainedNetwork:
    """A run at one snapshot; weights are read when they are needed first.

    Args:
        run: its folder.
        snapshot: "last", "best" (lowest validation loss), or a number of updates.
    """

    def __init__(self, run: Run, snapshot: int | str = "last") -> None:
        self.run = run
        self.snapshot = snapshot

    @property
    def config(self) -> RunConfig:
        """All settings it was trained with."""
        return self.run.config

    @property
    def history(self) -> dict[str, np.ndarray]:
        """Its curve as columns by name, such as "step", "train_loss" and "val_loss".

        Ordered by step, NaN where a thing was not measured; losses in nats per character.
        """
        return self.run.metrics()

    @cached_property
    def model(self) -> Any:
        """The network itself, in NumPy; RunError when there are no weights of this snapshot."""
        return self.run.model(self.snapshot)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The characters it knows; RunError when they are not stored yet."""
        return self.run.vocabulary()

    @property
    def item_end(self) -> int | None:
        """The id of the character between two items, if it learned single items."""
        return item_end(self.config.batching, self.vocabulary)

    def sample(
        self,
        prime: str = "\n",
        *,
        length: int = 200,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        greedy: bool = False,
        seed: int = 1,
    ) -> str:
        """What it writes on after a text, without that text.

        Args:
            prime: what it reads first, from a zero state.
            length: characters to write.
            temperature, top_k, top_p, greedy: how each is chosen, see `network.sampling.sample`.
            seed: of the random numbers; the same seed, the same text.
        Raises:
            ValueError: an impossible setting, unknown characters, or a network of another kind.
        """
        choices = sample(
            self._char_rnn("write on from a text"),
            self.vocabulary.encode(prime),
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            greedy=greedy,
            rng=np.random.default_rng(seed),
            item_end=self.item_end,
        )
        return self.vocabulary.decode([choice.id for choice in itertools.islice(choices, length)])

    def read(self, text: str) -> Tape:
        """Every value of every layer over a text of T characters, read from a zero state.

        `tape.trace("h")` is (1, T, H), of the top layer; `tape.names(0)` lists the values of the
        lowest one.

        Raises:
            ValueError: no text, unknown characters, or a network of another kind.
        """
        if not text:
            raise ValueError("There is nothing to read; give the network at least one character.")
        model = self._char_rnn("read a text with every value kept")
        tape = model.forward(self.vocabulary.encode(text)[None])
        check_values(tape.logits)
        return tape

    def evaluate(self, part: str = "validation", *, corpus: str = "") -> Evaluation:
        """Loss in nats per character and accuracy over a whole part of its corpus.

        The state is carried through the text; a list that was learned item by item is read from a
        zero state for each item.

        Args:
            part: "training", "validation" or "test".
            corpus: the name of another text, split as the run's own.
        Raises:
            ValueError: no such text or part, or nothing in it.
        """
        text = CorpusLibrary(data_folder()).load(corpus or self.config.corpus)
        config = self.config.replace(max_characters=0) if corpus else self.config
        split = split_of(config, text)
        parts = {"training": split.training, "validation": split.validation, "test": split.test}
        if part not in parts:
            raise ValueError(f"There is no part '{part}' of a text; there are {', '.join(parts)}.")
        if len(parts[part].text) < 2:
            raise ValueError(
                f"The {part} part of '{text.name}' has nothing to predict with the shares of this "
                "run; evaluate the other part."
            )
        batches = evaluation_batches(parts[part], self.vocabulary, self.config)
        return evaluate(self.model, batches)

    def _char_rnn(self, what_for: str) -> CharRNN:
        """The network as one that reads character by character; RunError when it is none."""
        model = reader(self.model)
        if not isinstance(model, CharRNN) or model.architecture.output_size:
            raise RunError(
                f"Run '{self.run.name}' is no character RNN that predicts the next character, so "
                f"it cannot {what_for}."
            )
        check_weights(model.params)
        return model

    def __repr__(self) -> str:
        config, status = self.config, self.run.status()
        loss = "" if status.val_loss is None else f", validation loss {status.val_loss:.4f}"
        return (
            f"<TrainedNetwork {self.run.id}: {choice_name(config.cell)}, {config.num_layers} × "
            f"{config.hidden_size} units on {config.corpus}, {status.state} after {status.step:,} "
            f"updates{loss}>"
        )


def open(
    run: str | Path, snapshot: int | str = "last", *, runs: str | Path | None = None
) -> TrainedNetwork:
    """A trained network: `open("gallery/shakespeare-lstm")`.

    Args:
        run: its id, the path to its folder, or a short name that fits one run.
        snapshot: see `TrainedNetwork`.
        runs: the folder of runs; None for RNNLAB_RUNS, or `checkpoints/`.
    Raises:
        RunError: none or several fit, or its files are damaged.
    """
    return TrainedNetwork(find_run(_store(runs), str(run)), snapshot)


def list_runs(*, runs: str | Path | None = None) -> list[TrainedNetwork]:
    """All networks there are: own ones, newest first, then those that ship in the gallery."""
    return [TrainedNetwork(run) for run in _store(runs).runs()]


def train(
    start: str | RunConfig = "",
    /,
    *,
    name: str = "",
    runs: str | Path | None = None,
    **settings: Any,
) -> TrainedNetwork:
    """Train a network and wait for it: `train(corpus="play", cell="lstm", budget=30)`.

    It is trained in a process of its own, and its run appears in the app. Ctrl-C stops it and
    keeps the run.

    Args:
        start: a preset or experiment that `rnnlab experiments` lists, or the config of another
            run; "" for the defaults.
        name: what to call the run.
        runs: the folder of runs, as for `open`.
        settings: fields of a RunConfig that differ from those.
    Raises:
        ValueError: there is no such setting, value, text, preset or experiment.
        RunError: training ended before its budget; the run is kept.
    """
    from rnnlab.runs.jobs.foreground import say_remarks, train_in_foreground

    config, title, ends = _started_from(start)
    config = config.replace(**settings)
    say_remarks(config)
    run = train_in_foreground(_store(runs), config, name or title)
    if run.status().state != ends:
        raise RunError(failure(run))
    return TrainedNetwork(run)


def failure(run: Run) -> str:
    """How a run ended that was not to end so, in one sentence or two."""
    status = run.status()
    return " ".join(f"Run {run.id} {status.state}: {status.error} {status.advice}".split())


def _started_from(start: str | RunConfig) -> tuple[RunConfig, str, str]:
    """The settings to begin with, a name for the run, and the state in which it is to end."""
    if isinstance(start, RunConfig):
        return start, "", "finished"
    if not start:
        return RunConfig(), "", "finished"
    from rnnlab.experiments.catalog import EXPERIMENTS
    from rnnlab.experiments.presets import PRESETS

    if preset := PRESETS.get(start):
        return preset.config, preset.title, "finished"
    if experiment := EXPERIMENTS.get(start):
        return experiment.config, experiment.title, experiment.ends
    raise ValueError(
        f"There is no preset or experiment '{start[:60]}'; there are "
        f"{', '.join([*PRESETS, *EXPERIMENTS])}."
    )


def _store(runs: str | Path | None) -> RunStore:
    return RunStore(Path(runs) if runs else runs_folder())
