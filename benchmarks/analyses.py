"""How long the heavier analyses take: one thread, as in the app, weights at random."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.row import Row
from rnnlab.experiments.presets import PRESETS
from rnnlab.folders import data_folder
from rnnlab.inspection.gradients.backward import in_double
from rnnlab.inspection.gradients.bptt import itemised, reading
from rnnlab.inspection.gradients.connectivity import connectivity
from rnnlab.inspection.interventions.clamping import ranking, usual_values
from rnnlab.inspection.ngram_ladder import counted, measured
from rnnlab.inspection.units.search import MAX_CHARACTERS, auc, ranked, states_of
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.features import SPEAKER_NAME
from rnnlab.text.vocabulary import Vocabulary

_ROUNDS = 5
_SHOWN = 20  # units whose AUC is computed


def _text() -> str:
    """At least 100,000 characters of a play."""
    library = CorpusLibrary(data_folder())
    name = "tiny-shakespeare" if library.is_here("tiny-shakespeare") else "play"
    text = library.load(name).text
    return (text * (1 + 2 * MAX_CHARACTERS // len(text)))[: 2 * MAX_CHARACTERS]


def _network(vocabulary: Vocabulary, hidden_size: int, num_layers: int = 1) -> CharRNN:
    architecture = Architecture("lstm", len(vocabulary), 32, hidden_size, num_layers)
    return CharRNN(architecture, initial_params(architecture, "pytorch", np.random.default_rng(1)))


def _timed(name: str, limit: float, analysis: Callable[[], object]) -> Row:
    rounds = []
    with threadpool_limits(1):
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            analysis()
            rounds.append(time.perf_counter() - start)
    return Row(name, statistics.median(rounds), "s", "limit", limit, {"rounds": rounds})


def rank_units(hidden_size: int) -> Row:
    """All h and c of an LSTM ranked over 100,000 characters, with the null and the AUC."""
    text = _text()
    vocabulary = Vocabulary.from_text(text)
    model, ids, marks = (
        _network(vocabulary, hidden_size),
        vocabulary.encode(text),
        SPEAKER_NAME.marks(text),
    )

    def analysis() -> None:
        read = states_of(model, ids, model.cell.states)
        label = marks[read.places]
        found = ranked(read.values, label)
        auc(read.values[found.order[:_SHOWN]], label)

    return _timed(f"analysis/rank-units-{hidden_size}", 3.0, analysis)


def dependences() -> Row:
    """The matrix of what 120 predictions depend on, two layers of 128."""
    text = _text()[:121]
    vocabulary = Vocabulary.from_text(text)
    model, ids = _network(vocabulary, 128, 2), vocabulary.encode(text)
    return _timed("analysis/connectivity", 1.0, lambda: connectivity(model, ids[:-1], ids[1:]))


def gradients_through_time() -> Row:
    """The matrix of whose loss reaches which step, 120 characters, two layers of 128, float64."""
    text = _text()[:121]
    vocabulary = Vocabulary.from_text(text)
    model, ids = in_double(_network(vocabulary, 128, 2)), vocabulary.encode(text)
    return _timed("analysis/bptt", 1.0, lambda: itemised(reading(model, ids)))


def what_units_are_worth() -> Row:
    """The change of loss for each of 128 units held at its mean, over 500 characters."""
    text = _text()[:2_000]
    vocabulary = Vocabulary.from_text(text)
    model, ids = _network(vocabulary, 128), vocabulary.encode(text)
    means = usual_values(model, ids)["h", 0].mean
    return _timed("analysis/ablation", 1.0, lambda: ranking(model, ids[:501], "h", 0, means))


def ladder() -> Row:
    """Counting the n-grams of a corpus and scoring the other parts: Tiny Shakespeare if it is
    here."""
    library = CorpusLibrary(data_folder())
    name = "tiny-shakespeare" if library.is_here("tiny-shakespeare") else "play"
    config, corpus = PRESETS["gallery-lstm"].config.replace(corpus=name), library.load(name)
    vocabulary = Vocabulary.from_text(corpus.text)

    def analysis() -> None:
        measured(counted(config, corpus, vocabulary), config, corpus, vocabulary)

    return _timed("analysis/ladder", 3.0, analysis)


ANALYSES: dict[str, Callable[[], Row]] = {
    "analysis/ladder": ladder,
    "analysis/rank-units-128": partial(rank_units, 128),
    "analysis/rank-units-256": partial(rank_units, 256),
    "analysis/ablation": what_units_are_worth,
    "analysis/bptt": gradients_through_time,
    "analysis/connectivity": dependences,
}
