"""Which class each character of a text belongs to."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.text.features import CLASS_NAMES, CLASSES, classify

SIGNS = dict(zip(CLASS_NAMES, "fi_n*pc", strict=True))  # one sign a class, in the order of CLASSES


def signs(text: str) -> str:
    return "".join(SIGNS[CLASS_NAMES[place]] for place in classify(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the sea", "fii_fii"),
        ("The sea, at 7.\n", "cii_fiip_fi_ppn"),
        ("don't 'tis", "fiipi_pfii"),
        ("it’s a-b", "fipi_fpf"),
        ("a\tb\r\n", "f_fnn"),
        ("I AM", "c_cc"),
        ("éa É", "fi_c"),
    ],
)
def test_words_and_marks(text: str, expected: str) -> None:
    assert signs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First Man:\nHo\n\nNAN: a", "*" * 9 + "pncinn" + "*" * 3 + "p_f"),
        ("a\nBob:\n", "fnciipn"),  # no blank line before it
        ("\n\nbob:\n", "nnfiipn"),  # names begin with a capital
        ("\n\nMR. D'ARC:", "nn" + "*" * 9 + "p"),
    ],
)
def test_names_of_speakers(text: str, expected: str) -> None:
    assert signs(text) == expected


def test_every_character_has_one_class() -> None:
    text = "".join(map(chr, range(0x20, 0x250))) + "漢字☃\u2028"
    found = classify(text)
    assert found.shape == (len(text),)
    assert set(np.unique(found)) <= set(range(len(CLASSES)))


def test_no_text_has_no_classes() -> None:
    assert classify("").shape == (0,)
