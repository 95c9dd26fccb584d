"""Writing: what is drawn, from which numbers, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest
from scipy import stats

from rnnlab.network import sampling
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.clamps import Clamp
from rnnlab.network.losses import softmax
from rnnlab.network.sampling import Choice, sample, warm_up
from rnnlab.network.tape import DivergedModelError

MakeModel = Callable[..., CharRNN]
every_cell = pytest.mark.parametrize("cell", CELLS)


def write(
    model: CharRNN, length: int = 40, seed: int = 0, prime: list[int] | None = None, **how: object
) -> list[Choice]:
    """So many choices, drawn with a seed."""
    how.setdefault("rng", np.random.default_rng(seed))
    return list(islice(sample(model, prime or [2, 5], **how), length))


def ids(choices: list[Choice]) -> list[int]:
    """The characters that were written."""
    return [choice.id for choice in choices]


@pytest.fixture
def model(make_model: MakeModel) -> CharRNN:
    """An LSTM of two layers that has opinions."""
    model = make_model("lstm", 2)
    model.params["decoder.weight"] *= 20
    return model


def test_first_choices_follow_the_probabilities(model: CharRNN) -> None:
    """Chi-square; a false alarm once in 10,000 runs, and the seed is fixed."""
    rng = np.random.default_rng(0)
    logits, _ = warm_up(model, np.array([2, 5]))
    expected = softmax(logits.astype(np.float64) / 1.5)
    drawn = [write(model, 1, rng=rng, temperature=1.5)[0] for _ in range(4000)]
    counts = np.bincount(ids(drawn), minlength=7)
    np.testing.assert_allclose(drawn[0].probabilities, expected, rtol=1e-12)
    assert stats.chisquare(counts, 4000 * expected).pvalue > 1e-4


def test_each_choice_has_the_probability_that_the_network_gave_it(model: CharRNN) -> None:
    choices = write(model, temperature=0.7)
    text = np.array([[2, 5, *ids(choices)]])
    expected = softmax(model.forward(text).logits[0, 1:-1] / 0.7)
    for choice, p in zip(choices, expected, strict=True):
        np.testing.assert_allclose(choice.probabilities, p, rtol=1e-9)
        assert choice.probability == choice.probabilities[choice.id]


@every_cell
def test_a_temperature_near_zero_is_greedy(make_model: MakeModel, cell: str) -> None:
    model = make_model(cell, 2)
    greedy = ids(write(model, greedy=True, rng=None))
    assert ids(write(model, temperature=1e-9)) == greedy
    assert ids(write(model, temperature=5e-324)) == greedy
    assert ids(write(model, top_k=1)) == greedy
    assert ids(write(model, top_p=1e-9)) == greedy


def test_the_coldest_temperatures_and_the_largest_logits_overflow_nowhere(model: CharRNN) -> None:
    greedy = ids(write(model, greedy=True))
    bias = model.params["decoder.bias"].copy()
    bias[3] = 3e38
    sure = CharRNN(model.architecture, {**model.params, "decoder.bias": bias})
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for temperature in (5e-324, 1e-310, 1e-100):
            assert ids(write(model, temperature=temperature)) == greedy
        assert ids(write(sure, 5, temperature=1.0)) == [3] * 5


def test_filters_that_keep_everything_change_nothing(model: CharRNN) -> None:
    assert ids(write(model)) == ids(write(model, top_k=99)) == ids(write(model, top_p=1.0))


def test_the_same_numbers_write_the_same_text(model: CharRNN) -> None:
    uniforms = np.random.default_rng(0).random(40)
    text = ids(write(model))
    assert text == ids(write(model)) == ids(write(model, rng=uniforms))
    assert text != ids(write(model, seed=1))


def test_given_numbers_end_the_text_with_them(model: CharRNN) -> None:
    assert len(list(sample(model, [0], rng=[0.1, 0.9, 0.5]))) == 3


def test_how_numbers_are_drawn_ahead_does_not_matter(
    model: CharRNN, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ids(write(model))
    monkeypatch.setattr(sampling, "_CHUNK", 3)
    assert ids(write(model, prime=[2, 5])) == text


def test_a_long_prime_is_read_to_its_end(model: CharRNN, monkeypatch: pytest.MonkeyPatch) -> None:
    prime = np.random.default_rng(0).integers(0, 7, 29)
    expected = model.forward(prime[None])
    monkeypatch.setattr(sampling, "_CHUNK", 4)
    logits, state = warm_up(model, prime)
    np.testing.assert_allclose(logits, expected.logits[0, -1], atol=1e-13)
    np.testing.assert_allclose(state[1]["c"], expected.final_state[1]["c"], atol=1e-13)


@every_cell
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("embedding_size", [0, 4])
def test_the_fast_step_writes_the_same_text(
    make_model: MakeModel, cell: str, num_layers: int, embedding_size: int
) -> None:
    """In float64, where a difference in rounding moves a choice once in 10^12 characters."""
    model = make_model(cell, num_layers, embedding_size)
    model.params["decoder.weight"] *= 10
    fast, plain = write(model, 300), write(model, 300, record=("h",))
    assert ids(fast) == ids(plain)
    for a, b in zip(fast, plain, strict=True):
        np.testing.assert_allclose(a.probabilities, b.probabilities, rtol=1e-9)


@every_cell
def test_the_fast_step_in_float32_predicts_the_same(make_model: MakeModel, cell: str) -> None:
    model = make_model(cell, 2, 4, np.float32)
    fast, plain = write(model, 50), write(model, 50, record=("h",))
    assert ids(fast) == ids(plain)
    np.testing.assert_allclose(fast[-1].probabilities, plain[-1].probabilities, rtol=1e-4)


def test_two_texts_of_one_network_do_not_disturb_each_other(model: CharRNN) -> None:
    alone = ids(write(model))
    first = sample(model, [2, 5], rng=np.random.default_rng(0))
    second = sample(model, [1], rng=np.random.default_rng(9))
    both = [(next(first).id, next(second).id) for _ in range(40)]
    assert [a for a, _ in both] == alone


def test_what_is_kept_of_a_choice_does_not_change_later(model: CharRNN) -> None:
    choices = sample(model, [2, 5], rng=np.random.default_rng(0))
    first = next(choices)
    before = first.probabilities.copy()
    list(islice(choices, 20))
    np.testing.assert_array_equal(first.probabilities, before)


@every_cell
def test_recorded_values_are_those_of_reading_the_written_text(
    make_model: MakeModel, cell: str
) -> None:
    model = make_model(cell, 2)
    names = tuple(model.cell.VALUES)
    choices = write(model, 12, record=names)
    tape = model.forward(np.array([[2, 5, *ids(choices)]]))
    assert set(choices[0].trace) == {(name, k) for name in names for k in (0, 1)}
    for (name, k), value in choices[0].trace.items():
        assert value.shape == (5,)
        written = np.stack([choice.trace[name, k] for choice in choices])
        np.testing.assert_allclose(written, tape.trace(name, k)[0, 2:], atol=1e-12)
    assert write(model, 1)[0].trace == {}


def test_a_clamp_holds_while_reading_and_writing(model: CharRNN) -> None:
    clamp = Clamp(1, "c", 3, 2.5)
    choices = write(model, clamps=[clamp], record=("c",))
    assert {choice.trace["c", 1][3] for choice in choices} == {2.5}
    logits, state = warm_up(model, np.array([2, 5]), [clamp])
    assert state[1]["c"][0, 3] == 2.5
    np.testing.assert_allclose(choices[0].probabilities, softmax(logits), rtol=1e-9)
    assert ids(choices) == ids(write(model, clamps=[clamp]))


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"temperature": 0}, "temperature must be a number above 0, such as 0.8, not 0"),
        ({"temperature": -1.0}, "temperature must be"),
        ({"temperature": np.nan}, "temperature must be"),
        ({"temperature": np.inf}, "temperature must be"),
        ({"top_k": -1}, "top_k must be a whole number"),
        ({"top_k": 2.5}, "top_k must be a whole number"),
        ({"top_p": 0.0}, "top_p must be above 0"),
        ({"top_p": 1.1}, "top_p must be above 0"),
        ({"top_p": np.nan}, "top_p must be above 0"),
        ({"rng": None}, "needs a random generator"),
        ({"rng": [0.5, 1.0]}, "at least 0 and below 1"),
        ({"rng": [-0.1]}, "at least 0 and below 1"),
        ({"rng": [np.nan]}, "at least 0 and below 1"),
        ({"record": ("z",)}, "no value 'z' to record; it has h, c, i, f, g, o"),
        ({"clamps": [Clamp(2, "h", 0, 0.0)]}, r"no unit 0 in layer 2; .* 2 layer\(s\) of 5 units"),
        ({"clamps": [Clamp(-1, "h", 0, 0.0)]}, "no unit 0 in layer -1"),
        ({"clamps": [Clamp(0, "h", 5, 0.0)]}, "no unit 5 in layer 0"),
        ({"clamps": [Clamp(0, "f", 0, 0.0)]}, "'f' cannot be held .* only h or c"),
        ({"clamps": [Clamp(0, "h", 0, np.inf)]}, "cannot be held at inf"),
    ],
)
def test_impossible_settings_are_refused_before_anything_is_written(
    model: CharRNN, how: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        sample(model, [0], **{"rng": np.random.default_rng(0), **how})


@pytest.mark.parametrize(
    ("prime", "sentence"),
    [
        ([], "must read at least one character"),
        ([7], "character number 7, .* only the numbers 0 to 6"),
        ([0, -1], "character number -1"),
        ([0.5], "row of whole numbers"),
        ([[0, 1]], "row of whole numbers"),
    ],
)
def test_a_prime_that_cannot_be_read_is_refused(model: CharRNN, prime: list, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        sample(model, prime, rng=np.random.default_rng(0))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_snapshot_is_named(model: CharRNN, bad: float) -> None:
    model.params["rnn.weight_hh_l1"][2, 3] = bad
    with pytest.raises(DivergedModelError, match=r"not finite numbers .*rnn\.weight_hh_l1"):
        sample(model, [0], rng=np.random.default_rng(0))


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
@pytest.mark.parametrize("record", [(), ("h",)])
def test_a_network_that_explodes_while_writing_says_so(
    make_model: MakeModel, record: tuple[str, ...]
) -> None:
    model = make_model("rnn_relu", 1, 0, np.float32)
    model.params["rnn.weight_hh_l0"][:] = 1e3
    with pytest.raises(DivergedModelError, match="grew beyond all numbers"):
        write(model, 200, record=record)


@pytest.mark.parametrize("record", [(), ("h",)])
@every_cell
def test_every_item_starts_from_a_zero_state(
    make_model: MakeModel, cell: str, record: tuple[str, ...]
) -> None:
    model = make_model(cell, 2)
    rng = np.random.default_rng(3)
    uniforms = rng.random(60)
    end = 2
    found = list(sample(model, [end, 4], rng=uniforms, record=record, item_end=end))
    written = [choice.id for choice in found]
    assert end in written[:-1], "the test needs an end of an item in the middle"
    start = written.index(end) + 1
    anew = list(sample(model, [end], rng=uniforms[start:], record=record))
    stop = written.index(end, start) + 1 if end in written[start:] else len(written)
    for one, other in zip(found[start:stop], anew, strict=False):
        assert one.id == other.id
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=1e-5)


def test_an_item_is_read_from_the_end_of_the_one_before(model: CharRNN) -> None:
    wanted = ids(list(sample(model, [2, 4, 5], rng=np.arange(9) / 9, item_end=2)))
    for prime in ([4, 5], [3, 1, 2, 4, 5]):
        assert ids(list(sample(model, prime, rng=np.arange(9) / 9, item_end=2))) == wanted
