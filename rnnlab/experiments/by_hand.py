"""Lab 3: an RNN in NumPy by hand, a published net with three bugs, and the net it meant to be."""

from __future__ import annotations

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.training.config import RunConfig

_SOURCE = (
    "Joe Sasson, numpy-RNN (2023), https://github.com/j0sephsasson/numpy-RNN, after Andrej "
    "Karpathy, min-char-rnn (2015), https://gist.github.com/karpathy/d4dee566867f8291f086"
)

_PARALLEL = RunConfig(
    corpus="tiny-shakespeare",
    model="by-hand-parallel",
    cell="rnn_tanh",
    hidden_size=128,
    num_layers=2,
    seq_length=13,
    batch_size=1,
    loss="sum",
    optimizer="adagrad_root",
    learning_rate=0.1,
    clipping="value",
    grad_clip=5.0,
    initialization="normal",
    budget=15_000,
    budget_unit="steps",
    evaluation="each-1000",
    engine="numpy",
)
_ONE = _PARALLEL.replace(model="by-hand-stack", num_layers=1)
_STACK = _PARALLEL.replace(model="by-hand-stack")
_STACK_LEARNS = _STACK.replace(initialization="pytorch", learning_rate=0.02)

_QUICK = 2_000  # updates
_SEEDS = (1, 2, 3)
_ONCE = (1,)
_MEASURES = (
    Measure("parameters", "Parameters", "parameters", digits=0),
    Measure("smoothed_loss", "Smoothed loss at the end", "nats per 13 characters", digits=2),
    Measure("unigram_loss", "Knowing frequencies only", "nats per character"),
    Measure("test_loss", "Test loss", "nats per character"),
    Measure("val_loss", "Validation loss", "nats per character"),
)
_NUMBERS = (
    "We compute with 32-bit numbers, the source with 64-bit ones; with shared weights in 64 bits "
    "the two nets agree to 1e-10, gradients and dropout included."
)
_VALIDATION = (
    "We hold 5 % of the text back for validation and 5 % for a test, where the source has neither. "
    "No run here reaches the end of the first 90 %, so both nets learn from the same characters."
)
_BUGS = (
    "The source's layers all read the input, and its output reads the last layer only, so the "
    "others have no effect: it is a net of one layer.",
    "The source's backward pass gives a gradient to the idle layers too, so they are changed by "
    "what has nothing to do with them.",
)
_DROPOUT_BUG = (
    "The source's dropout sets values of the state before to zero, in place, and doubles what tanh "
    "gives; its backward pass knows neither, and 1 − h² is negative wherever the doubled value "
    "is beyond 1."
)


def _experiment(
    name: str,
    title: str,
    question: str,
    config: RunConfig,
    look_for: str,
    *differs: str,
    seeds: tuple[int, ...] = _SEEDS,
) -> Experiment:
    return Experiment(
        name=name,
        lab="by_hand",
        title=title,
        question=question,
        source=_SOURCE,
        config=config,
        seeds=seeds,
        measures=_MEASURES,
        differs=(_NUMBERS, _VALIDATION, *differs),
        look_for=look_for,
        quick=config.replace(budget=_QUICK),
    )


FIRST_LOSS = Experiment(
    name="by-hand-first-loss",
    lab="by_hand",
    title="The first loss",
    question="What is the loss of eight characters before anything was learned?",
    source=_SOURCE,
    config=_PARALLEL.replace(num_layers=3, hidden_size=100, seq_length=8, budget=1),
    seeds=(1, 2, 3, 4, 5),
    measures=(
        Measure("first_sequence_loss", "First loss", "nats per 8 characters", 33.3885, digits=4),
    ),
    differs=(_NUMBERS,),
    look_for="8 · ln 65 = 33.395: each of 65 characters seems about equally likely. How far a run "
    "is from that depends on its random weights alone.",
)

EXPERIMENTS = (
    FIRST_LOSS,
    _experiment(
        "by-hand-parallel",
        "Two layers as published",
        "What does the published net of two layers learn in 15,000 updates?",
        _PARALLEL,
        "A curve as with one layer. Seeds differ by more than the two nets do: the other layer is "
        "idle, and a net of one layer that starts from the last layer's weights makes the same "
        "updates.",
        *_BUGS,
    ),
    _experiment(
        "by-hand-one-layer",
        "One layer",
        "Is one layer worse than the published two?",
        _ONE,
        "It is as good as the published two with little more than half of the parameters. A test "
        "loss far above the validation loss means that from a state of zeros this net fell into "
        "another habit than the one it learned with; see above.",
    ),
    _experiment(
        "by-hand-stack",
        "A true stack, same settings",
        "Are two real layers better, started and trained as published?",
        _STACK,
        "It stays near the loss of knowing frequencies only. The weights begin so small that next "
        "to nothing of the input arrives at the top, and the first large steps of Adagrad spoil "
        "what does.",
    ),
    _experiment(
        "by-hand-stack-learns",
        "A true stack that learns",
        "What does a stack need to learn?",
        _STACK_LEARNS,
        "Larger weights at the start (uniform in ±1/√128) and a learning rate of 0.02 instead of "
        "0.1 are enough.",
        "Initialization and learning rate are ours.",
    ),
    _experiment(
        "by-hand-parallel-50k",
        "Two layers as published, continued",
        "How far does the published net come in 50,000 updates?",
        _PARALLEL.replace(budget=50_000),
        "The loss still falls, ever more slowly: Adagrad's steps shrink with all that it has seen.",
        *_BUGS,
        seeds=_ONCE,
    ),
    _experiment(
        "by-hand-parallel-dropout",
        "Published dropout",
        "What does the published dropout do to the published net?",
        _PARALLEL.replace(dropout=0.5),
        "It learns how frequent characters are, and next to nothing else: it goes along a "
        "direction that is not the gradient, and without dropout, as it is measured and writes, it "
        "computes something else than what was trained.",
        *_BUGS,
        _DROPOUT_BUG,
    ),
    _experiment(
        "by-hand-one-layer-dropout",
        "One layer, correct dropout",
        "And inverted dropout on what the output reads, with its true gradient?",
        _ONE.replace(dropout=0.5),
        "Dropout costs training loss. It helps against learning by heart, which 195,000 characters "
        "read once leave no time for.",
        "Dropout is ours: the values above a layer are thinned and the rest is enlarged, the state "
        "that is carried on is left alone, and the backward pass knows the mask.",
    ),
    _experiment(
        "by-hand-stack-dropout",
        "Stack that learns, correct dropout",
        "Does dropout between the layers of a stack help here?",
        _STACK_LEARNS.replace(dropout=0.5),
        "As with one layer: half of the values are missing while it learns, and a text that is "
        "read once is not overfitted.",
        "Initialization, learning rate and dropout are ours.",
    ),
)
