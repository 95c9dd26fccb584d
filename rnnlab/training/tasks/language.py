"""Saying which language a name comes from, after its last letter (many to one), and its batches."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Params
from rnnlab.text.baselines import NaiveBayes
from rnnlab.text.batching import Batch, EpochOrder
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.split import LabelledPart, Part, split_by_name, without_accents
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.evaluation import ITEMS_AT_ONCE
from rnnlab.training.networks import architecture_of, make_model
from rnnlab.training.tasks.base import TaskSample
from rnnlab.training.tasks.scores import (
    accuracy,
    best_weight,
    class_probabilities,
    confusion_matrix,
    macro_f1,
    product_of_experts,
)

EPOCH = 1000  # draws; drawing labels first never comes to an end by itself


@dataclass(frozen=True)
class Examples:
    """Names as symbols, and what each is."""

    names: list[np.ndarray]  # (N,) ids each
    labels: np.ndarray  # (names,) int


def batch_of(examples: Examples, rows: Sequence[int] | np.ndarray, weights: np.ndarray) -> Batch:
    """Names side by side, filled up with symbol 0; only the last real step has a target.

    Args:
        weights: (labels,) how much the loss of a name of each label counts.
    """
    names = [examples.names[row] for row in rows]
    inputs = np.zeros((len(names), max(map(len, names))), np.int64)  # (B, T)
    mask = np.zeros(inputs.shape, bool)
    for row, name in enumerate(names):
        inputs[row, : len(name)] = name
        mask[row, len(name) - 1] = True
    labels = examples.labels[rows]  # (B,)
    targets = np.broadcast_to(labels[:, None], inputs.shape)
    is_plain = bool((weights == 1).all())
    shares = None if is_plain else np.broadcast_to(weights[labels][:, None], inputs.shape)
    return Batch(inputs, targets, carry=False, mask=mask, weights=shares)


def class_weights(labels: np.ndarray, number: int, power: float) -> np.ndarray:
    """How much each of `number` labels counts: one over its share, to a power; the mean over these
    names is 1."""
    counts = np.maximum(np.bincount(labels, minlength=number), 1)
    weights = (1 / counts) ** power
    return weights / weights[labels].mean()


class LabelledBatches:
    """All names once an epoch in a new order, or labels drawn first and then one of their names.

    Args:
        balanced: draw each label as often as each other, whatever the number of its names.
    Raises:
        CorpusError: fewer names than a batch holds.
    """

    def __init__(
        self, examples: Examples, weights: np.ndarray, batch_size: int, seed: int, balanced: bool
    ) -> None:
        n = len(examples.names)
        if n < batch_size:
            raise CorpusError(
                f"The training part has {n:,} names, but a batch needs {batch_size:,}; lower the "
                "batch size or use more names."
            )
        self._examples, self._weights = examples, weights
        self._seed, self._batch_size = seed, batch_size
        self._order = EpochOrder(n, batch_size, seed)
        self._by_label = [
            np.flatnonzero(examples.labels == label) for label in np.unique(examples.labels)
        ]
        self._is_balanced = balanced
        epoch = max(1, EPOCH // batch_size)
        self.updates_per_epoch = epoch if balanced else self._order.updates_per_epoch
        self.characters_per_update = float(batch_size)  # one target for each name

    def batch(self, step: int) -> Batch:
        """The names of this step; the same whenever it is asked for."""
        rows = self._drawn(step) if self._is_balanced else self._order.rows(step)
        return batch_of(self._examples, rows, self._weights)

    def _drawn(self, step: int) -> np.ndarray:
        rng = np.random.default_rng((self._seed, step))
        labels = rng.integers(len(self._by_label), size=self._batch_size)
        return np.array([rng.choice(self._by_label[label]) for label in labels])


PADDING = "\n"  # symbol 0: no name has it
CLASSIC = string.ascii_letters + " .,;'"  # the 57 symbols of the version from linear layers
RIGHT, WRONG = "✓", "✗"


class LanguageTask:
    """Vocabulary, split, batches and the network's sizes.

    Raises:
        CorpusError: the corpus has no labels, or too few names.
        ConfigError: the batching is not one of single items.
    """

    def __init__(self, config: RunConfig, corpus: Corpus) -> None:
        self.config = config
        check_batching(config)
        self.split = split_by_name(
            corpus,
            train_share=config.train_share,
            validation_share=config.validation_share,
            drop_duplicates=config.drop_duplicates,
            seed=config.seed,
        )
        self.labels = tuple(sorted(set(corpus.labels or ())))
        self.vocabulary = _vocabulary(config, corpus)
        known = self._examples(self.split.training)
        weights = class_weights(known.labels, len(self.labels), config.class_weights)
        balanced = config.batching == "balanced"
        self.batcher = LabelledBatches(known, weights, config.batch_size, config.seed, balanced)
        self.architecture = architecture_of(config, len(self.vocabulary), len(self.labels))

    @property
    def has_test_part(self) -> bool:
        """Whether there are names to be tested on."""
        return bool(self.split.test.items)

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """The names of a part, each counting the same; those of like length share a batch."""
        examples = self._examples(part)
        order = np.argsort([len(name) for name in examples.names], kind="stable")
        for start in range(0, len(order), ITEMS_AT_ONCE):
            yield batch_of(
                examples, order[start : start + ITEMS_AT_ONCE], np.ones(len(self.labels))
            )

    def write_sample(self, params: Params, step: int) -> TaskSample | None:
        """A name that was not learned and what the network takes it for; the language is drawn
        first. None if the weights are not finite."""
        part = self.split.validation if self.split.validation.items else self.split.training
        names, truth = _items(part), _labels(part)
        rng = np.random.default_rng((self.config.seed, step))
        language = sorted(set(truth))[rng.integers(len(set(truth)))]
        row = int(rng.choice(np.flatnonzero(np.array(truth) == language)))
        p = self.class_probabilities(params, [names[row]])[0]
        if not np.isfinite(p).all():
            return None
        guess = self.labels[int(p.argmax())]
        verdict = RIGHT if guess == language else f"{WRONG} ({language})"
        return TaskSample(names[row], 1.0, f" / {guess} {verdict}")

    def results(self, params: Params) -> dict[str, Any]:
        """Accuracy, macro-F1 and confusion matrix over the test part, or, without one, over the
        training part; the same for naive Bayes, for both together, where there is a validation
        part to weigh them by, and for always saying the commonest language. Accuracies are in
        percent."""
        part = self.split.test if self.has_test_part else self.split.training
        truth, known = _labels(part), _labels(self.split.training)
        network = self._logs(params, part)
        found = self._matrix(truth, network)
        bayes = NaiveBayes(_items(self.split.training), known)
        counts = self._counts(bayes, part)
        commonest = max(self.labels, key=known.count)
        always = np.tile([label == commonest for label in self.labels], (len(truth), 1))
        return {
            **_scores("", found),
            **_scores("bayes_", self._matrix(truth, counts)),
            **_scores("always_", self._matrix(truth, always)),
            **self._together(params, bayes, network, counts, truth),
            "commonest": commonest,
            "names": {part: len(_items(getattr(self.split, part))) for part in _PARTS},
            "confusion": found.tolist(),
        }

    def _together(
        self,
        params: Params,
        bayes: NaiveBayes,
        network: np.ndarray,
        counts: np.ndarray,
        truth: tuple[str, ...],
    ) -> dict[str, Any]:
        """Scores of network and naive Bayes together, weighed on the validation part."""
        part = self.split.validation
        if not part.items:
            return {}
        places = np.array([self.labels.index(label) for label in _labels(part)])
        weight = best_weight(self._logs(params, part), self._counts(bayes, part), places)
        joint = self._matrix(truth, product_of_experts(network, counts, weight))
        return {
            **_scores("together_", joint),
            "together_weight": weight,
            "together_confusion": joint.tolist(),
        }

    def _logs(self, params: Params, part: Part) -> np.ndarray:
        """Logarithms of what the network believes of a part, (names, labels)."""
        return np.log(
            np.maximum(self.class_probabilities(params, _items(part)), np.finfo(np.float32).tiny)
        )

    def _counts(self, bayes: NaiveBayes, part: Part) -> np.ndarray:
        """The same of naive Bayes, to which a label that it never saw is as good as impossible."""
        found = np.full((len(_items(part)), len(self.labels)), np.log(np.finfo(np.float32).tiny))
        columns = [self.labels.index(label) for label in bayes.labels]
        found[:, columns] = bayes.log_probabilities(_items(part))
        return found

    def class_probabilities(self, params: Params, names: tuple[str, ...] | list[str]) -> np.ndarray:
        """The probability of each label for each name, (names, labels)."""
        model = make_model(self.architecture, params)
        return class_probabilities(model, [self._read(name) for name in names])

    def _matrix(self, truth: tuple[str, ...], scores: np.ndarray) -> np.ndarray:
        guesses = [self.labels[k] for k in scores.argmax(axis=1)]
        return confusion_matrix(self.labels, truth, guesses)

    def _examples(self, part: Part) -> Examples:
        labels = [self.labels.index(label) for label in _labels(part)]
        return Examples([self._read(name) for name in _items(part)], np.array(labels, int))

    def _read(self, name: str) -> np.ndarray:
        return self.vocabulary.encode(readable(name, self.vocabulary))


_PARTS = ("training", "validation", "test")


def readable(name: str, vocabulary: Vocabulary) -> str:
    """A name in symbols that a network knows: without accents, or without the letter, where it
    does not know one. A single blank if nothing is left."""
    known = set(vocabulary.symbols) - {PADDING}
    plain = "".join(c if c in known else without_accents(c) for c in name)
    return "".join(c for c in plain if c in known) or " "


def check_batching(config: RunConfig) -> None:
    """Refuse what does not keep names apart."""
    if config.batching not in ("items", "balanced"):
        raise ConfigError(
            f"The task '{config.task}' reads names one by one, but batching is "
            f"'{config.batching}'; choose single items."
        )


def _vocabulary(config: RunConfig, corpus: Corpus) -> Vocabulary:
    if config.model == "scratch-linear":
        return Vocabulary(tuple(sorted(CLASSIC)))
    return Vocabulary.from_text(PADDING + " " + "".join(corpus.items or ()))


def _scores(prefix: str, confusion: np.ndarray) -> dict[str, float]:
    return {
        f"{prefix}accuracy": 100 * accuracy(confusion),
        f"{prefix}macro_f1": macro_f1(confusion),
    }


def _items(part: Part) -> tuple[str, ...]:
    return part.items or ()


def _labels(part: Part) -> tuple[str, ...]:
    if not isinstance(part, LabelledPart):
        raise CorpusError("The names of this part have no labels.")
    return part.labels
