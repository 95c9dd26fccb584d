"""Writing the items of a list backwards: an encoder reads, then a decoder writes.

A row of a batch is the item, a separator, and what the decoder is given; it has to answer the
separator with the last symbol of the item, and the first symbol with the end:

    inputs   a b c → c b a
    targets        c b a ↵
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Params
from rnnlab.network.kinds.encoder_decoder import EncoderDecoder
from rnnlab.network.losses import log_probability
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.batching import ITEM_END, Batch
from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined
from rnnlab.text.split import Part, Split
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.evaluation import ITEMS_AT_ONCE, evaluate
from rnnlab.training.networks import architecture_of, make_model
from rnnlab.training.tasks.base import TaskSample

SEPARATOR = "→"  # U+2192: sorts behind all letters of Europe, so it is the last symbol


class Reversal:
    """Items divided by a hash of their letters, so that equal ones are never on two sides.

    Raises:
        CorpusError: the corpus is no list, too short, or has a symbol that must be the last one.
    """

    labels: tuple[str, ...] = ()

    def __init__(self, config: RunConfig, corpus: Corpus) -> None:
        self.config = config
        self.split = split_by_hash(corpus, config.train_share, config.validation_share)
        self.vocabulary = _vocabulary(corpus)
        items = self.split.training.items or ()
        self.batcher = EqualLengths(items, self.vocabulary, config.batch_size, config.seed)
        self.architecture = architecture_of(config, len(self.vocabulary))

    @property
    def has_test_part(self) -> bool:
        """Whether there are items that it neither learns from nor is watched on."""
        return bool(self.split.test.items)

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """The items of a part, those of one length together, the decoder always given the truth."""
        for block in blocks(part.items or (), self.vocabulary, ITEMS_AT_ONCE):
            yield reversal_batch(block, self.vocabulary)

    def write_sample(self, params: Params, step: int) -> TaskSample | None:
        """What the network makes of an item that it does not learn from; None if the weights are
        not finite."""
        held_out = self.split.test.items or self.split.validation.items or ()
        if not held_out:
            return None
        rng = np.random.default_rng((self.config.seed, step))
        item = held_out[int(rng.integers(len(held_out)))]
        if not all(np.isfinite(param).all() for param in params.values()):
            return None
        source = self.vocabulary.encode(item)[None]
        ids, _ = self._model(params).write(source, len(item) + 1)
        return TaskSample(item + SEPARATOR, 0.0, self.vocabulary.decode(ids[0]))

    def results(self, params: Params) -> dict[str, Any]:
        """How well it writes the test items on its own.

        exact_share: of items without a single mistake, the end included, in percent; forced_loss
        and free_loss: nats per symbol when the decoder is given the true symbols, and when it is
        given its own; leaked: test items that stand in the training part.
        """
        model = self._model(params)
        test = self.split.test.items or ()
        if not test:
            return {}
        exact, lost, symbols = 0, 0.0, 0
        for block in blocks(test, self.vocabulary, ITEMS_AT_ONCE):
            right, nats = on_its_own(model, block, self.vocabulary)
            exact += right
            lost += nats
            symbols += block.size + len(block)  # and the end of each
        return {
            "exact_share": 100 * exact / len(test),
            "forced_loss": evaluate(model, self.evaluation_batches(self.split.test)).loss,
            "free_loss": lost / symbols,
            "test_items": len(test),
            "leaked": len(set(test) & set(self.split.training.items or ())),
        }

    def _model(self, params: Params) -> EncoderDecoder:
        return make_model(self.architecture, params)


def on_its_own(model: EncoderDecoder, block: np.ndarray, known: Vocabulary) -> tuple[int, float]:
    """How many of the items (B, N) are written back without a mistake, and the summed loss in nats
    of the true symbols, each after what the network itself wrote before it.

    Raises:
        DivergedModelError: the weights are not finite.
    """
    answers = _answers(block, known)  # (B, N + 1)
    written, logits = model.write(block, answers.shape[1])
    if not np.isfinite(logits).all():
        raise DivergedModelError("The weights of this network are not finite numbers.")
    chosen = log_probability(logits, answers)  # (B, N + 1)
    return int((written == answers).all(axis=1).sum()), -float(chosen.sum(dtype=np.float64))


def split_by_hash(corpus: Corpus, train_share: float, validation_share: float) -> Split:
    """The distinct items of a list, each on the side that a hash of its letters says.

    The shares are met about; which side an item is on depends on nothing but the item.
    """
    if corpus.items is None:
        raise CorpusError(
            f"'{corpus.title}' is running text, but only items of a list can be written backwards; "
            "choose a list, such as the random strings."
        )
    distinct = tuple(dict.fromkeys(item for item in corpus.items if item))
    sides: tuple[list[str], list[str], list[str]] = ([], [], [])
    for item in distinct:
        place = _place(item)
        sides[(place >= train_share) + (place >= train_share + validation_share)].append(item)
    training, validation, test = (Part(joined(side), tuple(side)) for side in sides)
    if not training.items:
        raise CorpusError(f"'{corpus.title}' has too few items to learn from; use a longer list.")
    return Split(training, validation, test, duplicates=len(corpus.items) - len(distinct))


def _place(item: str) -> float:
    """A number from 0 up to 1 that an item always gets."""
    return int.from_bytes(hashlib.sha256(item.encode("utf-8")).digest()[:6], "big") / 2**48


def _vocabulary(corpus: Corpus) -> Vocabulary:
    found = Vocabulary.from_text(corpus.text + ITEM_END + SEPARATOR)
    if found.symbols[-1] != SEPARATOR or SEPARATOR in corpus.text:
        raise CorpusError(
            f"'{corpus.title}' has the symbol '{found.symbols[-1]}', which a network with encoder "
            f"and decoder cannot read beside its own sign '{SEPARATOR}'; choose another list."
        )
    return found


class EqualLengths:
    """Batches of items that have the same length, in a new order in each epoch."""

    def __init__(
        self, items: tuple[str, ...], vocabulary: Vocabulary, batch_size: int, seed: int
    ) -> None:
        self._groups = list(blocks(items, vocabulary, len(items)))  # one for each length
        self._vocabulary = vocabulary
        self._batch_size, self._seed, self._epoch = batch_size, seed, -1
        self.updates_per_epoch = sum(-(-len(group) // batch_size) for group in self._groups)
        answers = sum(group.size + len(group) for group in self._groups)
        self.characters_per_update = answers / self.updates_per_epoch

    def batch(self, step: int) -> Batch:
        """At most B items of one length from a zero state."""
        epoch, place = divmod(step, self.updates_per_epoch)
        if epoch != self._epoch:
            self._pieces, self._epoch = self._shuffled(epoch), epoch
        return reversal_batch(self._pieces[place], self._vocabulary)

    def _shuffled(self, epoch: int) -> list[np.ndarray]:
        rng = np.random.default_rng((self._seed, epoch))
        pieces = []
        for group in self._groups:
            order = rng.permutation(len(group))
            cuts = range(0, len(group), self._batch_size)
            pieces += [group[order[cut : cut + self._batch_size]] for cut in cuts]
        return [pieces[k] for k in rng.permutation(len(pieces))]


def blocks(items: tuple[str, ...], vocabulary: Vocabulary, most: int) -> Iterator[np.ndarray]:
    """Items as ids, (at most `most`, N), all of one length, the shortest first."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for item in items:
        by_length[len(item)].append(item)
    for length, group in sorted(by_length.items()):
        ids = vocabulary.encode("".join(group)).reshape(-1, length)
        yield from (ids[start : start + most] for start in range(0, len(ids), most))


def reversal_batch(block: np.ndarray, vocabulary: Vocabulary) -> Batch:
    """Items (B, N) as rows of 2 N + 1 symbols; the answers count from the separator on."""
    answers = _answers(block, vocabulary)  # (B, N + 1)
    separator = np.full((len(block), 1), vocabulary.encode(SEPARATOR)[0])
    inputs = np.concatenate([block, separator, answers[:, :-1]], axis=1)  # (B, 2 N + 1)
    targets = np.concatenate([block, answers], axis=1)  # what stands over the source counts nothing
    mask = np.zeros(inputs.shape, bool)
    mask[:, block.shape[1] :] = True
    return Batch(inputs, targets, carry=False, mask=mask)


def _answers(block: np.ndarray, vocabulary: Vocabulary) -> np.ndarray:
    """Each row backwards, and the end, (B, N + 1)."""
    end = np.full((len(block), 1), vocabulary.encode(ITEM_END)[0])
    return np.concatenate([block[:, ::-1], end], axis=1)
