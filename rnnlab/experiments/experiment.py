"""What a lab and an experiment are: a question, settings, and the numbers others published."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.training.config import RunConfig


@dataclass(frozen=True)
class Measure:
    """One number that an experiment is about."""

    key: str  # what `runs.measures.measured` calls it
    title: str  # "Test loss"
    unit: str  # "nats per character", "%", "parameters"; "" for a plain number
    published: float | None = None  # None: the source has none
    digits: int = 3  # after the point, as shown
    least: bool = False  # what counts is the smallest: times, which other work can only lengthen


@dataclass(frozen=True)
class Experiment:
    """A run of a lab, with everything that must be said about it."""

    name: str  # "dino-gru": of the command line and of the shipped runs
    title: str
    question: str
    config: RunConfig  # its seed is the first of `seeds`
    look_for: str
    lab: str  # a key of LABS
    source: str  # who published it, where
    seeds: tuple[int, ...]
    measures: tuple[Measure, ...]
    differs: tuple[str, ...] = ()  # from the source, and why; and the source's own faults
    quick: RunConfig | None = None  # at most a minute on two cores; None: the whole is as quick
    ends: str = "finished"  # the state in which its runs end: one that explodes has "failed"
    asks: str = ""  # the measure that its question is about; "" for the last one

    @property
    def asked(self) -> Measure:
        """The measure that its question is about."""
        return next((m for m in self.measures if m.key == self.asks), self.measures[-1])

    @property
    def command(self) -> str:
        """What trains all its runs."""
        seeds = f"{self.seeds[0]}-{self.seeds[-1]}" if len(self.seeds) > 1 else f"{self.seeds[0]}"
        return f"python -m rnnlab train {self.name} --seeds {seeds}"

    def runs(self) -> tuple[RunConfig, ...]:
        """The configs of all its seeds."""
        return tuple(self.config.replace(seed=seed) for seed in self.seeds)

    def is_made_by(self, config: RunConfig) -> bool:
        """Whether a run with this config is one of this experiment, with whatever seed and on
        whatever hardware."""
        return _comparable(config) == _comparable(self.config)


def _comparable(config: RunConfig) -> RunConfig:
    return config.replace(seed=0, device="auto", threads=0)


@dataclass(frozen=True)
class Lab:
    """A page of the Labs section."""

    name: str  # of its page file, without "lab_"
    title: str
    lead: str  # one sentence: what one finds out there


LABS: dict[str, Lab] = {
    lab.name: lab
    for lab in (
        Lab(
            "step_by_step",
            "1 · Step by step",
            "A character RNN in twelve steps, from the text to an analysis of what it learned.",
        ),
        Lab(
            "dinosaurs",
            "2 · Four cells, one list",
            "An RNN from linear layers, a vanilla RNN, an LSTM and a GRU learn the names of "
            "dinosaurs.",
        ),
        Lab(
            "by_hand",
            "3 · By hand in NumPy",
            "Forward, backward, clip, update, without a library; and a published net whose faults "
            "a gradient check finds.",
        ),
        Lab(
            "classes",
            "4 · What a hidden state is for",
            "Names to languages and languages to names, with a hidden state and without one.",
        ),
        Lab(
            "shakespeare",
            "5 · Shakespeare and Holmes",
            "A network that learns ten thousand characters by heart, and the forms that problems "
            "with sequences take.",
        ),
    )
}
