"""Writing a name of a given language, letter by letter: one to many.

The language is the first thing the network reads, as a symbol of its own; every letter and the
end of the name are predicted. So one network writes names of all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Params
from rnnlab.network.sampling import NameReader, finish_name
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.baselines import NaiveBayes
from rnnlab.text.batching import Batch, EpochOrder
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.split import LabelledPart, Part, same_name, split_by_name
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.evaluation import ITEMS_AT_ONCE
from rnnlab.training.networks import architecture_of, make_model
from rnnlab.training.tasks.base import TaskSample
from rnnlab.training.tasks.language import check_batching

END = "\n"  # of a name
FIRST_LANGUAGE = 0xE000  # code points without a meaning: one for each language, after all letters
WRITTEN = 20  # names for each language when a run has finished
SHOWN = 6  # of them
TEMPERATURE = 0.8


class Surname:
    """Vocabulary, split, batches and the network's sizes.

    Raises:
        CorpusError: the corpus has no labels, or too few names.
        ConfigError: the batching is not one of single items.
    """

    labels: tuple[str, ...] = ()  # it chooses between the symbols that it reads

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
        self.languages = tuple(sorted(set(corpus.labels or ())))
        signs = "".join(language_sign(k) for k in range(len(self.languages)))
        self.vocabulary = Vocabulary.from_text(END + "".join(corpus.items or ()) + signs)
        sequences = self._sequences(self.split.training)
        self.batcher = SurnameBatches(sequences, self.vocabulary, config)
        self.architecture = architecture_of(config, len(self.vocabulary))

    @property
    def has_test_part(self) -> bool:
        """Whether there are names to be tested on."""
        return bool(self.split.test.items)

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """The names of a part; those of like length share a batch."""
        ordered = sorted(self._sequences(part), key=len)
        for start in range(0, len(ordered), ITEMS_AT_ONCE):
            yield sequence_batch(ordered[start : start + ITEMS_AT_ONCE], self.vocabulary)

    def write_sample(self, params: Params, step: int) -> TaskSample | None:
        """One name of each language; the same for the same seed and step. None if the weights are
        not finite."""
        rng = np.random.default_rng((self.config.seed, step))
        try:
            names = [self._written(params, k, 1, rng)[0] for k in range(len(self.languages))]
        except DivergedModelError:
            return None
        pairs = zip(self.languages, names, strict=True)
        return TaskSample("", TEMPERATURE, ", ".join(f"{lang}: {name}" for lang, name in pairs))

    def results(self, params: Params) -> dict[str, Any]:
        """What names it writes when asked for each language: the shares, in percent, that are new
        and distinct, and that naive Bayes takes for that language; beside the share of the true
        names of the test part that it recognises, each language counting the same."""
        rng = np.random.default_rng((self.config.seed, 0))
        written = {
            language: self._written(params, k, WRITTEN, rng)
            for k, language in enumerate(self.languages)
        }
        known = {same_name(name) for name in self.split.training.items or ()}
        names = [name for group in written.values() for name in group]
        asked = [language for language in self.languages for _ in range(WRITTEN)]
        bayes = NaiveBayes(*_pairs(self.split.training))
        return {
            "languages": list(self.languages),
            "new": _percent([same_name(name) not in known for name in names]),
            "distinct": 100 * len(set(names)) / len(names),
            "recognised": _recognised(bayes, names, asked),
            "recognised_true": _recognised(bayes, *_pairs(self.split.test)),
            "written": {language: group[:SHOWN] for language, group in written.items()},
        }

    def _written(
        self, params: Params, language: int, number: int, rng: np.random.Generator
    ) -> list[str]:
        model = make_model(self.architecture, params)
        return [
            write_surname(model, self.vocabulary, language, "", rng, TEMPERATURE)
            for _ in range(number)
        ]

    def _sequences(self, part: Part) -> list[str]:
        """Each name between the sign of its language and its end."""
        names, languages = _pairs(part)
        return [
            language_sign(self.languages.index(language)) + name + END
            for name, language in zip(names, languages, strict=True)
        ]


class SurnameBatches:
    """B names a batch, shuffled anew in each epoch; the last few that do not fill one rest."""

    def __init__(self, sequences: list[str], vocabulary: Vocabulary, config: RunConfig) -> None:
        if len(sequences) < config.batch_size:
            raise CorpusError(
                f"The training part has {len(sequences):,} names, but a batch needs "
                f"{config.batch_size:,}; lower the batch size or use more names."
            )
        self._sequences, self._vocabulary = sequences, vocabulary
        self._order = EpochOrder(len(sequences), config.batch_size, config.seed)
        self.updates_per_epoch = self._order.updates_per_epoch
        targets = sum(map(len, sequences)) - len(sequences)
        self.characters_per_update = config.batch_size * targets / len(sequences)

    def batch(self, step: int) -> Batch:
        """The names of this step, from a zero state."""
        rows = self._order.rows(step)
        return sequence_batch([self._sequences[row] for row in rows], self._vocabulary)


def sequence_batch(sequences: list[str], vocabulary: Vocabulary) -> Batch:
    """Sequences side by side, filled up with ends that do not count."""
    width = max(map(len, sequences))
    block = vocabulary.encode("".join(one.ljust(width, END) for one in sequences))
    block = block.reshape(len(sequences), width)  # (B, T + 1)
    lengths = np.array([len(one) - 1 for one in sequences])[:, None]  # (B, 1) targets
    return Batch(block[:, :-1], block[:, 1:], carry=False, mask=np.arange(width - 1) < lengths)


def language_sign(place: int) -> str:
    """The symbol that stands for a language, counted from 0 in alphabetical order."""
    return chr(FIRST_LANGUAGE + place)


def write_surname(
    model: NameReader,
    vocabulary: Vocabulary,
    language: int,
    beginning: str,
    rng: np.random.Generator,
    temperature: float = 1.0,
) -> str:
    """A name of a language, with a beginning that may be empty.

    Raises:
        UnknownCharacterError: the beginning has letters that the network does not know.
        DivergedModelError: the network computes no numbers any more.
    """
    start = vocabulary.encode(language_sign(language) + beginning)
    end = int(vocabulary.encode(END)[0])
    written = finish_name(model, start, end, rng, temperature)
    letters = [k for k in written if ord(vocabulary.symbols[k]) < FIRST_LANGUAGE]
    return beginning + vocabulary.decode(letters)


def _pairs(part: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    assert isinstance(part, LabelledPart)
    return part.items or (), part.labels


def _recognised(bayes: NaiveBayes, names: Sequence[str], languages: Sequence[str]) -> float:
    """Mean over the languages of the share of their names that are recognised, in percent."""
    right = np.array([a == b for a, b in zip(bayes.predict(names), languages, strict=True)])
    truth = np.array(languages)
    return 100 * float(np.mean([right[truth == language].mean() for language in np.unique(truth)]))


def _percent(flags: list[bool]) -> float:
    return 100 * sum(flags) / len(flags)
