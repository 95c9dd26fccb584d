"""Lab 2's runs beside its source: what is said of the four cells, and the training loss by epoch.

All numbers of ours are read from runs; those of the source are what its notebooks print.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import runs_of
from rnnlab.runs.results import measured
from rnnlab.runs.run import Run

# Standard errors beyond which a difference of 2, 3, … pairs is not put down to chance: Student's t
# for 95 % of both sides (Student 1908, doi:10.2307/2331554). More pairs than these count as ten.
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
HOLDS, FAILS, OPEN = "holds", "does not hold", "not decided"
_TEST = "test_loss_per_name"


@dataclass(frozen=True)
class PublishedClaim:
    """Something the source says, and what the runs say to it."""

    claim: str
    found: str  # with the numbers; "" without runs
    verdict: str  # HOLDS, FAILS or OPEN; "" without runs
    runs: tuple[str, ...]  # that the numbers are read from


@dataclass(frozen=True)
class PairedDifferences:
    """The same measure of two experiments, by seed: both on the same split."""

    first: tuple[float, ...]
    second: tuple[float, ...]
    runs: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Of the means, first by second."""
        return statistics.fmean(self.first) / statistics.fmean(self.second)

    @property
    def ratio_of_fastest(self) -> float:
        """Of the smallest values: of times, those that other work disturbed least."""
        return min(self.first) / min(self.second)

    @property
    def difference(self) -> float:
        """Mean of first minus second."""
        return statistics.fmean(self._differences)

    @property
    def error(self) -> float:
        """Standard error of the difference; infinite for fewer than two seeds."""
        found = self._differences
        return statistics.stdev(found) / math.sqrt(len(found)) if found[1:] else math.inf

    @property
    def spread(self) -> float:
        """How far the second measure differs from split to split; infinite for fewer than two."""
        return statistics.stdev(self.second) if self.second[1:] else math.inf

    @property
    def is_sure(self) -> bool:
        """Whether the difference is more than chance; not for fewer than two seeds."""
        pairs = len(self._differences)
        return pairs > 1 and abs(self.difference) > _STUDENT[min(pairs, 10) - 2] * self.error

    @property
    def _differences(self) -> list[float]:
        return [a - b for a, b in zip(self.first, self.second, strict=True)]


def claims(runs: Iterable[Run]) -> list[PublishedClaim]:
    """All that the source says about its cells, in its order."""
    known = list(runs)
    return [check(known) for check in _CHECKS]


def pairs(first: str, second: str, key: str, runs: Iterable[Run]) -> PairedDifferences | None:
    """A measure of two experiments in the seeds that both were run with; None without any."""
    known = list(runs)
    sides = [_by_seed(name, key, known) for name in (first, second)]
    seeds = sorted(sides[0].keys() & sides[1].keys())
    if not seeds:
        return None
    ours, others = (tuple(side[seed][1] for seed in seeds) for side in sides)
    return PairedDifferences(
        ours, others, runs=tuple(side[seed][0] for side in sides for seed in seeds)
    )


def _by_seed(name: str, key: str, runs: list[Run]) -> dict[int, tuple[str, float]]:
    found = {
        run.config.seed: (run.id, measured(run, key)) for run in runs_of(EXPERIMENTS[name], runs)
    }
    return {seed: (run_id, v) for seed, (run_id, v) in found.items() if v is not None}


def _faster(runs: list[Run]) -> PublishedClaim:
    claim = "A ready-made layer is at least 4 times faster than the network from linear layers."
    found = pairs("dino-scratch", "dino-rnn", "seconds", runs)
    if found is None:
        return PublishedClaim(claim, "", "", ())
    ratio = found.ratio_of_fastest
    text = f"{ratio:.1f} times: the fastest runs of {_seeds(found)}."
    return PublishedClaim(claim, text, HOLDS if ratio >= 4 else FAILS, found.runs)


def _nominal(runs: list[Run]) -> PublishedClaim:
    claim = "The gain in loss of the ready-made layer is nominal."
    found = pairs("dino-scratch", "dino-rnn", _TEST, runs)
    if found is None:
        return PublishedClaim(claim, "", "", ())
    text = f"The test loss is {_difference(found)} lower; from split to split it varies by "
    text += f"{found.spread:.3f}." if math.isfinite(found.spread) else "an unknown amount."
    if not math.isfinite(found.spread):
        return PublishedClaim(claim, text, OPEN, found.runs)
    return PublishedClaim(
        claim, text, HOLDS if found.difference < found.spread else FAILS, found.runs
    )


def _lstm_size(runs: list[Run]) -> PublishedClaim:
    return _size("The LSTM has more than 3 times the parameters.", "dino-lstm", 3.0, math.inf, runs)


def _gru_size(runs: list[Run]) -> PublishedClaim:
    return _size("The GRU has almost 2.5 times the parameters.", "dino-gru", 2.4, 2.6, runs)


def _size(claim: str, name: str, low: float, high: float, runs: list[Run]) -> PublishedClaim:
    found = pairs(name, "dino-rnn", "parameters", runs)
    if found is None:
        return PublishedClaim(claim, "", "", ())
    text = f"{found.first[0]:,.0f} / {found.second[0]:,.0f} = {found.ratio:.2f}"
    return PublishedClaim(claim, text, HOLDS if low <= found.ratio <= high else FAILS, found.runs)


def _reads_better(runs: list[Run]) -> PublishedClaim:
    claim = "The names of the LSTM read better than those of the vanilla RNN."
    found = pairs("dino-rnn", "dino-lstm", "judged_loss", runs)
    if found is None:
        return PublishedClaim(claim, "", "", ())
    text = (
        f"A trigram model of the training names finds new names of the LSTM {_difference(found)} "
        "more usual (nats per character)."
    )
    verdict = OPEN if not found.is_sure else HOLDS if found.difference > 0 else FAILS
    return PublishedClaim(claim, text, verdict, found.runs)


def _on_a_par(runs: list[Run]) -> PublishedClaim:
    claim = "The GRU is on a par with the LSTM."
    found = pairs("dino-gru", "dino-lstm", _TEST, runs)
    if found is None:
        return PublishedClaim(claim, "", "", ())
    text = f"Test loss of the GRU minus that of the LSTM: {_difference(found)}."
    if not math.isfinite(found.error):
        return PublishedClaim(claim, text, OPEN, found.runs)
    worse = found.is_sure and found.difference > 0
    return PublishedClaim(claim, text, FAILS if worse else HOLDS, found.runs)


def _futile(runs: list[Run]) -> PublishedClaim:
    claim = "More layers are futile here."
    found = pairs("dino-gru", "dino-gru-2-layers", _TEST, runs)
    times = pairs("dino-gru-2-layers", "dino-gru", "seconds", runs)
    if found is None or times is None:
        return PublishedClaim(claim, "", "", ())
    text = (
        f"Test loss of one layer minus that of two: {_difference(found)}; two take "
        f"{times.ratio_of_fastest:.1f} times as long."
    )
    if not math.isfinite(found.error):
        return PublishedClaim(claim, text, OPEN, found.runs)
    helps = found.is_sure and found.difference > 0
    return PublishedClaim(claim, text, FAILS if helps else HOLDS, found.runs)


_CHECKS = (_faster, _nominal, _lstm_size, _reads_better, _gru_size, _on_a_par, _futile)


def _difference(found: PairedDifferences) -> str:
    error = f" ± {found.error:.3f}" if math.isfinite(found.error) else ""
    return f"{found.difference:.3f}{error}".replace("-", "−")


def _seeds(found: PairedDifferences) -> str:
    n = len(found.first)
    return f"{n} seed{'s'[: n > 1]}"


EVERY = 4  # epochs between two printed losses
PRINTED = {  # after epochs 4, 8, … 40
    "dino-scratch": (
        *(2.1329, 2.0648, 2.0578, 2.0254, 2.0180),
        *(2.0031, 2.0081, 2.0010, 1.9950, 2.0035),
    ),
    "dino-rnn": (
        *(2.1505, 2.0623, 2.0095, 1.9609, 1.9335),
        *(1.9139, 1.9014, 1.8649, 1.8576, 1.8402),
    ),
    "dino-lstm": (
        *(2.1718, 2.0273, 1.9786, 1.9169, 1.8676),
        *(1.8471, 1.7983, 1.7757, 1.7394, 1.7210),
    ),
    "dino-gru": (
        *(2.1235, 2.0096, 1.9452, 1.8956, 1.8598),
        *(1.8279, 1.8015, 1.7612, 1.7366, 1.7133),
    ),
}


def epoch_losses(name: str, runs: Iterable[Run]) -> np.ndarray:
    """The training loss of each epoch, mean over the runs of an experiment; empty without any."""
    found = []
    for run in runs_of(EXPERIMENTS[name], runs):
        losses = run.metrics()["epoch_loss"]
        found.append(losses[np.isfinite(losses)])
    if not found:
        return np.empty(0)
    length = min(map(len, found))
    return np.mean([losses[:length] for losses in found], axis=0)
