"""Writing names: each is read without its end and predicted from its second letter on.

The first letter is never predicted, so writing starts from one that is given or drawn.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Params
from rnnlab.network.sampling import finish_name
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.batching import Batch, EpochOrder
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.evaluation import ITEMS_AT_ONCE
from rnnlab.training.networks import architecture_of, make_model
from rnnlab.training.tasks.base import TaskSample, split_of
from rnnlab.training.tasks.scores import NameLosses, judged, letter_shares, name_losses

END = "."  # of a name
AT_THE_END = 200  # names written when a run has finished
SHOWN = 12  # of them
IN_A_SAMPLE = 8


class Names:
    """Vocabulary, split, batches and the network's sizes.

    Raises:
        CorpusError: the corpus is no list, holds the sign that ends a name, or is too small.
    """

    labels: tuple[str, ...] = ()

    def __init__(self, config: RunConfig, corpus: Corpus) -> None:
        self.config = config
        _check(corpus, config.task)
        self.split = split_of(config, corpus)
        parts = (self.split.training, self.split.validation, self.split.test)
        letters = "".join(itertools.chain.from_iterable(part.items or () for part in parts))
        self.vocabulary = Vocabulary.from_text(END + letters)
        self.batcher = NameBatches(self._items(self.split.training), self.vocabulary, config)
        self.architecture = architecture_of(config, len(self.vocabulary))

    @property
    def has_test_part(self) -> bool:
        """Whether there are names to be tested on."""
        return bool(self.split.test.items)

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """The names of a part; those of like length share a batch."""
        ordered = sorted(self._items(part), key=len)
        for start in range(0, len(ordered), ITEMS_AT_ONCE):
            yield name_batch(ordered[start : start + ITEMS_AT_ONCE], self.vocabulary)

    def write_sample(self, params: Params, step: int) -> TaskSample | None:
        """A few names, one a line; the same for the same seed and step. None if the weights are
        not finite."""
        try:
            names = self._written(
                params, IN_A_SAMPLE, np.random.default_rng((self.config.seed, step))
            )
        except DivergedModelError:
            return None
        return TaskSample(names[0][0], 1.0, "\n".join(names)[1:])

    def results(self, params: Params) -> dict[str, Any]:
        """Losses by letter and by name, and what 200 names are like that it writes: the shares of
        them that are new and distinct, in percent, and how usual a trigram model finds them."""
        parts = {"train": self.split.training, "val": self.split.validation}
        found: dict[str, Any] = {}
        for name, part in {**parts, "test": self.split.test}.items():
            losses = self._losses(params, part)
            found[f"{name}_loss_per_letter"] = losses.per_letter
            found[f"{name}_loss_per_name"] = losses.per_name
        known = self._items(self.split.training)
        names = self._written(params, AT_THE_END, np.random.default_rng((self.config.seed, 0)))
        return {
            **found,
            **letter_shares(names, known),
            **judged(names, known, self._items(self.split.test)),
            "names": names[:SHOWN],
        }

    def _losses(self, params: Params, part: Part) -> NameLosses:
        return name_losses(make_model(self.architecture, params), self.evaluation_batches(part))

    def _written(self, params: Params, number: int, rng: np.random.Generator) -> list[str]:
        """Names whose first letters are drawn as often as they are first in the training part."""
        model, vocabulary = make_model(self.architecture, params), self.vocabulary
        known = self._items(self.split.training)
        end = int(vocabulary.encode(END)[0])
        firsts = [known[k][0] for k in rng.integers(len(known), size=number)]
        rests = [finish_name(model, vocabulary.encode(first), end, rng) for first in firsts]
        return [first + vocabulary.decode(rest) for first, rest in zip(firsts, rests, strict=True)]

    @staticmethod
    def _items(part: Part) -> tuple[str, ...]:
        return part.items or ()


class NameBatches:
    """B names a batch, shuffled anew in each epoch; the last few that do not fill one rest."""

    def __init__(self, names: tuple[str, ...], vocabulary: Vocabulary, config: RunConfig) -> None:
        if len(names) < config.batch_size:
            raise CorpusError(
                f"The training part has {len(names):,} names, but a batch needs "
                f"{config.batch_size:,}; lower the batch size or use more names."
            )
        self._names, self._vocabulary = names, vocabulary
        self._order = EpochOrder(len(names), config.batch_size, config.seed)
        self.updates_per_epoch = self._order.updates_per_epoch
        self.characters_per_update = config.batch_size * sum(map(len, names)) / len(names)

    def batch(self, step: int) -> Batch:
        """The names of this step, from a zero state."""
        return name_batch([self._names[row] for row in self._order.rows(step)], self._vocabulary)


def name_batch(names: list[str], vocabulary: Vocabulary) -> Batch:
    """Names side by side: letters in, the next letter or the end out; filled up with ends."""
    width = max(map(len, names)) + 1
    block = vocabulary.encode("".join(name.ljust(width, END) for name in names))
    block = block.reshape(len(names), width)  # (B, T + 1)
    lengths = np.array([len(name) for name in names])[:, None]  # (B, 1)
    mask = np.arange(width - 1) < lengths  # (B, T)
    return Batch(block[:, :-1], block[:, 1:], carry=False, mask=None if mask.all() else mask)


def _check(corpus: Corpus, task: str) -> None:
    if corpus.items is None:
        raise CorpusError(
            f"The task '{task}' needs a list with one name a line, but this corpus is running "
            "text; choose a list, or the next character as the task."
        )
    if any(END in item for item in corpus.items):
        raise CorpusError(
            f"Some lines of this list hold the sign '{END}', which ends a name here; remove it."
        )
