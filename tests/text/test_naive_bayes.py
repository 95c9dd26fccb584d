"""Naive Bayes: scikit-learn is the oracle."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from rnnlab.text.baselines import ALPHA, NaiveBayes, ngrams
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.split import split_by_name
from rnnlab.training.tasks.scores import accuracy, confusion_matrix, macro_f1

NAMES = ("Anna", "Nana", "Otto", "Toto", "Ottone", "Hannah", "Bo")
LABELS = ("a", "a", "b", "b", "b", "a", "c")


def test_scores_are_those_of_scikit_learn() -> None:
    vectorizer = CountVectorizer(analyzer=lambda name: list(ngrams(name)))
    oracle = MultinomialNB(alpha=ALPHA).fit(vectorizer.fit_transform(NAMES), LABELS)
    unseen = ["Anton", "Xy", "", "Hanno"]
    expected = oracle.predict_joint_log_proba(vectorizer.transform(unseen))
    bayes = NaiveBayes(NAMES, LABELS)
    assert bayes.labels == tuple(oracle.classes_)
    np.testing.assert_allclose([bayes.log_scores(name) for name in unseen], expected)
    clear = ["Anton", "Hanno"]  # the others are ties
    assert bayes.predict(clear) == tuple(oracle.predict(vectorizer.transform(clear)))


def test_ngrams_know_where_a_name_begins_and_ends() -> None:
    assert list(ngrams("Bo")) == ["^", "b", "o", "$", "^b", "bo", "o$", "^bo", "bo$", "^bo$"]


def test_on_the_surnames_it_is_a_strong_baseline(library: CorpusLibrary) -> None:
    """At least as good as such counts are known to be on names held out by name: accuracy above
    0.796, macro-F1 above 0.499."""
    corpus = library.load("surnames")
    split = split_by_name(
        corpus, train_share=0.75, validation_share=0.05, drop_duplicates=True, seed=1
    )
    bayes = NaiveBayes(split.training.items, split.training.labels)
    found = bayes.predict(split.test.items)
    counts = confusion_matrix(bayes.labels, split.test.labels, found)
    assert accuracy(counts) == pytest.approx(0.819, abs=0.005)
    assert macro_f1(counts) == pytest.approx(0.524, abs=0.01)
