"""Two texts with the same random numbers: they differ by the change and nothing else."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from rnnlab.inspection.interventions.paired_samples import (
    SAMPLES,
    PairedSamples,
    effects,
    statistics,
    write_pairs,
    write_rows,
)
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.clamps import Change, Clamp, Offset
from rnnlab.network.initialization import initial_params
from rnnlab.network.sampling import sample
from tests.inspection.planted import DECIDES, IDLE, LETTERS, planted


def written(*changes: Change, temperature: float = 1.0) -> PairedSamples:
    model = planted()
    return write_pairs(
        model, LETTERS, "a", changes, seed=3, length=60, temperature=temperature, item_end=None
    )


def test_a_held_unit_changes_what_it_decides_and_nothing_else() -> None:
    pairs = written(Clamp(0, "h", DECIDES, -1.0))
    assert set(pairs.untouched) == {"bda" * 20}
    assert set(pairs.changed) == {"cda" * 20}
    assert pairs.first_differences() == [0] * SAMPLES


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (Clamp(0, "h", IDLE, 1.0),),
        (Offset(0, "h", DECIDES, 0.0), Offset(0, "h", 3, 0.0)),
        (Offset(0, "h", IDLE, 5.0),),
    ],
    ids=["nothing", "held without influence", "moved by nothing", "moved without influence"],
)
def test_what_has_no_influence_leaves_every_text_as_it_is(changes: tuple[Change, ...]) -> None:
    pairs = written(*changes, temperature=60.0)  # so hot that all characters occur
    assert len(set(pairs.untouched)) == SAMPLES
    assert pairs.changed == pairs.untouched
    assert pairs.first_differences() == [None] * SAMPLES
    assert all(effect.difference == 0 for effect in effects(pairs))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("item_end", [None, 1])
def test_rows_are_what_is_written_one_by_one(cell: str, item_end: int | None) -> None:
    architecture = Architecture(cell, 5, 3, 7, 2)
    params = initial_params(architecture, "orthogonal", np.random.default_rng(1))
    model = CharRNN(architecture, {name: p.astype(np.float64) for name, p in params.items()})
    clamps = [Clamp(0, "h", 2, 0.7), Offset(1, model.cell.states[-1], 4, -0.3)]
    uniforms, prime = np.random.default_rng(5).random((3, 40)), np.array([2, 1, 4])
    rows = write_rows(model, prime, uniforms, 0.8, clamps, item_end)
    for row, numbers in zip(rows, uniforms, strict=True):
        how = {"temperature": 0.8, "rng": numbers, "clamps": clamps, "item_end": item_end}
        alone = [choice.id for choice in islice(sample(model, prime, **how), 40)]
        assert row.tolist() == alone


def test_statistics_count_characters() -> None:
    found = statistics('"Oh!" A1\n\nno')
    shares = [2, 1, 2, 1, 1, 2]  # capitals, spaces, newlines, punctuation, digits, double quotes
    np.testing.assert_allclose(found, [*(100 * n / 12 for n in shares), 5.0])
    assert statistics("\n")[-1] == 0.0


def test_an_effect_is_judged_pair_by_pair() -> None:
    texts = tuple("a" * n + "B" * (100 - n) for n in range(0, 100, 10))
    less = tuple(text.replace("B", "b", 1) for text in texts)
    capitals = effects(PairedSamples(texts, less))[0]
    assert capitals.difference == pytest.approx(-1.0)
    assert capitals.error == pytest.approx(0.0)


def test_bad_input_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="no unit 9 in layer 0"):
        written(Clamp(0, "h", 9, 0.0))
    with pytest.raises(ValueError, match="'☃' never occurred"):
        write_pairs(planted(), LETTERS, "☃", (), seed=1, length=5, temperature=1.0)
    with pytest.raises(ValueError, match="cannot be written here"):
        write_pairs(planted(), LETTERS, "a", (), seed=1, length=0, temperature=1.0)
