"""Published numbers beside ours, which are read from runs, and one measure beside another."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.runs.results import measured
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore


@dataclass(frozen=True)
class Reproduced:
    """One measure of an experiment over the runs that were made of it."""

    measure: Measure
    values: dict[str, float]  # by run id

    @property
    def mean(self) -> float | None:
        """Over the runs; None without any."""
        return statistics.fmean(self.values.values()) if self.values else None

    @property
    def spread(self) -> float | None:
        """Standard deviation from run to run; None for fewer than two."""
        return statistics.stdev(self.values.values()) if len(self.values) > 1 else None

    @property
    def percentile(self) -> float | None:
        """Share of the runs that lie below the published value, in percent; None without one, or
        where the runs do not differ."""
        if self.measure.published is None or not self.values or self.spread == 0:
            return None
        below = sum(value < self.measure.published for value in self.values.values())
        return 100 * below / len(self.values)


def runs_of(experiment: Experiment, runs: Iterable[Run]) -> list[Run]:
    """The runs of an experiment that ended as they should, the latest of each seed, by seed."""
    by_seed: dict[int, Run] = {}
    for run in sorted(runs, key=lambda run: run.created):
        if experiment.is_made_by(run.config) and run.status().state == experiment.ends:
            by_seed[run.config.seed] = run
    return [by_seed[seed] for seed in sorted(by_seed)]


def reproduced(experiment: Experiment, runs: Iterable[Run]) -> list[Reproduced]:
    """Every measure of an experiment, with its value in each of these runs."""
    found = runs_of(experiment, runs)
    return [Reproduced(measure, _values(measure, found)) for measure in experiment.measures]


def by_key(experiment: Experiment, runs: Iterable[Run]) -> dict[str, Reproduced]:
    """The same, to be asked for by the key of a measure."""
    return {one.measure.key: one for one in reproduced(experiment, runs)}


def _values(measure: Measure, runs: list[Run]) -> dict[str, float]:
    values = {run.id: measured(run, measure.key) for run in runs}
    return {run_id: value for run_id, value in values.items() if value is not None}


@dataclass(frozen=True)
class Comparison:
    """A line of a table of results: a measure as published, as shipped, and as a user found it."""

    experiment: Experiment
    shipped: Reproduced
    own: Reproduced

    @property
    def measure(self) -> Measure:
        return self.shipped.measure


def comparisons(experiments: Iterable[Experiment], store: RunStore) -> list[Comparison]:
    """All measures of these experiments with the runs that ship and the user's own."""
    shipped = store.labs()
    own = [run for run in store.runs() if not run.read_only]
    return [
        Comparison(experiment, *pair)
        for experiment in experiments
        for pair in zip(reproduced(experiment, shipped), reproduced(experiment, own), strict=True)
    ]


def value_text(measure: Measure, value: float | None) -> str:
    """A number with the digits of its measure; "" for None."""
    return "" if value is None else f"{value:,.{measure.digits}f}"


def published_text(measure: Measure) -> str:
    """The published value of a quantity, as `value_text` writes it."""
    return value_text(measure, measure.published)


def ours_text(found: Reproduced) -> str:
    """Mean ± spread, such as '1.243 ± 0.011', or the smallest value of a measure of which that
    counts; "" when nothing was measured."""
    if found.measure.least and found.values:
        return value_text(found.measure, min(found.values.values()))
    if not found.spread:
        return value_text(found.measure, found.mean)
    return f"{value_text(found.measure, found.mean)} ± {value_text(found.measure, found.spread)}"


@dataclass(frozen=True)
class Advantage:
    """A mean over runs beside that of a baseline on the same splits."""

    mean: float
    baseline: float
    spread: float  # of the baseline, from split to split

    @property
    def spreads(self) -> float:
        """How many spreads of the baseline lie between the two."""
        return (self.mean - self.baseline) / self.spread


def advantage(found: dict[str, Reproduced], key: str, baseline: str) -> Advantage | None:
    """One measure against another; None unless both were measured in at least two runs."""
    if key not in found or baseline not in found:
        return None
    mean, other, spread = found[key].mean, found[baseline].mean, found[baseline].spread
    if mean is None or other is None or not spread:
        return None
    return Advantage(mean, other, spread)
