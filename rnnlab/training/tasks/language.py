"""Saying which language a name comes from, after its last letter: many to one."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnlab.inspection.beliefs import beliefs
from rnnlab.inspection.classes import accuracy, confusion_matrix, macro_f1
from rnnlab.inspection.voting import best_weight, together
from rnnlab.network.kinds import architecture_of, make_model
from rnnlab.network.models import Params
from rnnlab.text.batching import Batch
from rnnlab.text.corpus import Corpus, CorpusError
from rnnlab.text.labelled import LabelledPart, split_by_name, without_accents
from rnnlab.text.naive_bayes import NaiveBayes
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.evaluation import ITEMS_AT_ONCE
from rnnlab.training.task import Sample
from rnnlab.training.tasks.labelled_batches import (
    Examples,
    LabelledBatches,
    batch_of,
    class_weights,
)

PADDING = "\n"  # symbol 0: no name has it
CLASSIC = string.ascii_letters + " .,;'"  # the 57 symbols of the version from linear layers
RIGHT, WRONG = "✓", "✗"


class Language:
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

    def write_sample(self, params: Params, step: int) -> Sample | None:
        """A name that was not learned and what the network takes it for; the language is drawn
        first. None if the weights are not finite."""
        part = self.split.validation if self.split.validation.items else self.split.training
        names, truth = _items(part), _labels(part)
        rng = np.random.default_rng((self.config.seed, step))
        language = sorted(set(truth))[rng.integers(len(set(truth)))]
        row = int(rng.choice(np.flatnonzero(np.array(truth) == language)))
        p = self.beliefs(params, [names[row]])[0]
        if not np.isfinite(p).all():
            return None
        guess = self.labels[int(p.argmax())]
        verdict = RIGHT if guess == language else f"{WRONG} ({language})"
        return Sample(names[row], 1.0, f" / {guess} {verdict}")

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
        joint = self._matrix(truth, together(network, counts, weight))
        return {
            **_scores("together_", joint),
            "together_weight": weight,
            "together_confusion": joint.tolist(),
        }

    def _logs(self, params: Params, part: Part) -> np.ndarray:
        """Logarithms of what the network believes of a part, (names, labels)."""
        return np.log(np.maximum(self.beliefs(params, _items(part)), np.finfo(np.float32).tiny))

    def _counts(self, bayes: NaiveBayes, part: Part) -> np.ndarray:
        """The same of naive Bayes, to which a label that it never saw is as good as impossible."""
        found = np.full((len(_items(part)), len(self.labels)), np.log(np.finfo(np.float32).tiny))
        columns = [self.labels.index(label) for label in bayes.labels]
        found[:, columns] = bayes.log_probabilities(_items(part))
        return found

    def beliefs(self, params: Params, names: tuple[str, ...] | list[str]) -> np.ndarray:
        """The probability of each label for each name, (names, labels)."""
        model = make_model(self.architecture, params)
        return beliefs(model, [self._read(name) for name in names])

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
