"""The text that the first steps of the manual show: the corpus, or what a run wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pages.components import corpus_cache
from pages.components.networks import Network, NetworkKey, load
from pages.components.train_before import is_here
from rnnlab.runs.autograph import own_text
from rnnlab.text.catalog import REMOTE
from rnnlab.text.corpus import Corpus, CorpusError
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig

_SECONDS = 2.0  # in which a network writes a text of its own
_ROWS = 8  # of a batch, where the text is short


@dataclass(frozen=True)
class Source:
    """A text, and what must be said about it."""

    corpus: Corpus | None  # None: there is neither the corpus nor a run that writes
    said: str  # what it is, in a few words of plain text
    is_real: bool  # the corpus itself
    expected_sha256: str  # of the corpus
    known: Vocabulary | None = None  # of the run that wrote the text

    def vocabulary(self, config: RunConfig) -> Vocabulary | None:
        """The distinct characters of what these settings use of it; of a text that a run wrote,
        all that the run knows."""
        if self.corpus is None or self.known is not None:
            return self.known
        if 0 < config.max_characters < len(self.corpus.text):
            return Vocabulary.from_text(self.corpus.text[: config.max_characters])
        return corpus_cache.vocabulary(self.corpus)

    def fitted(self, config: RunConfig) -> RunConfig:
        """The settings as far as the text allows: a short one gives few windows at once."""
        if self.is_real:
            return config
        length = min(config.seq_length, 64)
        return config.changed(
            batch_size=_ROWS, seq_length=length, stride=max(1, length // 2), max_characters=0
        )


def source(config: RunConfig, network: Network | None) -> Source:
    """The corpus of these settings where it is here, else what a network writes by itself."""
    expected = next(r.files[0].sha256 for r in REMOTE if r.name == config.corpus)
    if is_here(config.corpus):
        try:
            corpus = corpus_cache.corpus(config.corpus)
        except CorpusError:  # not the file it should be: as if it were not here
            corpus = None
        if corpus is not None:
            return Source(corpus, corpus.title, True, expected)
    if network is None:
        return Source(None, "nothing yet: neither the text nor a run is here", False, expected)
    text = written_alone(network.key)
    corpus = Corpus("written", "What the run wrote", text, None, "written by a run", "")
    said = "a text that the run wrote itself"
    return Source(corpus, said, False, expected, network.vocabulary)


@lru_cache(maxsize=4)
def written_alone(key: NetworkKey) -> str:
    """What a network writes by itself, up to 20,000 characters within two seconds."""
    network = load(key)
    return own_text(network.model, network.vocabulary, _SECONDS, 1, network.item_end)
