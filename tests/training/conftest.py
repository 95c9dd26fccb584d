"""Small texts and runs that the tests of training share."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.text.corpora.corpus import Corpus, joined
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.factory import torch_engine

torch_engine()  # before a test imports torch by itself: this says how its threads should wait

WORDS = ["the", "cat", "sat", "on", "a", "mat", "and", "saw", "an", "owl", "in", "the", "barn"]


@pytest.fixture(scope="session")
def prose() -> Corpus:
    """6,000 characters of words in random order: easy to learn, never exactly."""
    rng = np.random.default_rng(0)
    text = " ".join(WORDS[i] for i in rng.integers(len(WORDS), size=2000))[:6000]
    return Corpus("words", "Words", text, None, "made up", "CC0")


@pytest.fixture(scope="session")
def names() -> Corpus:
    """200 items of one or two words."""
    rng = np.random.default_rng(1)
    items = [
        "".join(WORDS[i] for i in rng.integers(len(WORDS), size=1 + n % 2)) for n in range(200)
    ]
    return Corpus("names", "Names", joined(items), tuple(items), "made up", "CC0")


@pytest.fixture
def small() -> RunConfig:
    """A run of pairwise different small sizes, one thread, no clipping in effect."""
    return RunConfig(
        corpus="words",
        embedding_size=5,
        hidden_size=7,
        batch_size=4,
        seq_length=11,
        grad_clip=1e6,
        learning_rate=0.01,
        budget=20,
        budget_unit="steps",
        threads=1,
    )
