"""What is said about a run before it starts."""

from __future__ import annotations

import re

import pytest

from rnnlab.network.char_rnn import Architecture
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.cost_model import work
from rnnlab.training.planning import parameter_sum, plan
from rnnlab.training.tasks import make_task


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "lstm", "gru"])
@pytest.mark.parametrize("embedding_size", [0, 5])
@pytest.mark.parametrize("num_layers", [1, 3])
def test_the_terms_add_up_and_are_what_their_formulas_say(
    cell: str, embedding_size: int, num_layers: int
) -> None:
    architecture = Architecture(cell, 11, embedding_size, 7, num_layers)
    terms = parameter_sum(architecture)
    assert sum(term.count for term in terms) == architecture.parameter_count()
    for term in terms:
        assert eval(term.formula.replace("·", "*")) == term.count


def test_an_lstm_is_spelled_out() -> None:
    terms = parameter_sum(Architecture("lstm", 65, 0, 128, 1))
    assert [(t.label, t.formula, t.count) for t in terms] == [
        ("LSTM layer 1", "4·128·(65 + 128 + 2)", 99_840),
        ("decoder", "65·(128 + 1)", 8_385),
    ]


def test_the_outlook_knows_the_padding_of_items(small: RunConfig, names: Corpus) -> None:
    """Updates take as long as their longest item."""
    task = make_task(small.replace(corpus="names", batching="items"), names)
    shapes = [task.batcher.batch(step).inputs.shape for step in range(8)]
    padded = work(task.config, task.architecture, 4, sum(length for _, length in shapes) / 8)
    assert plan(task).work == padded


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": 5.0}, "Learning rate 5 is far too high for Adam .*; try 0.002"),
        ({"optimizer": "sgd", "learning_rate": 20.0}, "far too high for SGD .*; try 0.5"),
        ({"batch_size": 100, "seq_length": 20}, "One update reads .* take a smaller batch"),
        ({"seq_length": 600}, "Sequence length 600 makes updates slow"),
        ({"dropout": 0.3}, "Dropout 0.3 leaves about 5 of 7 units"),
        ({"hidden_size": 256}, "parameters for 5,400 characters: .* by heart"),
        ({"hidden_size": 512, "engine": "numpy"}, "The NumPy engine is slow for"),
        ({"budget": 0.1, "budget_unit": "epochs"}, "0.1 epochs are only 12 updates"),
        ({"cell": "rnn_relu", "clipping": "none"}, "a ReLU RNN easily explodes"),
    ],
)
def test_what_looks_wrong_is_said_in_a_sentence(
    small: RunConfig, prose: Corpus, changes: dict[str, object], words: str
) -> None:
    said = plan(make_task(small.replace(**changes), prose)).warnings
    assert any(re.search(words, sentence) for sentence in said), said
    assert all(sentence.endswith(".") for sentence in said)


def test_a_sensible_run_gets_no_warning(small: RunConfig, prose: Corpus) -> None:
    assert plan(make_task(small, prose)).warnings == []


def test_a_missing_test_part_is_a_note_and_nothing_wrong(small: RunConfig, prose: Corpus) -> None:
    seen = plan(make_task(small.replace(validation_share=0.1), prose))
    assert seen.warnings == []
    assert seen.notes == ["There is no test loss: training and validation take all of the text."]
    assert plan(make_task(small, prose)).notes == []
