"""Lab 5: gradients that explode or vanish over a sequence, and what helps."""

from __future__ import annotations

from functools import partial

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.training.config import RunConfig

_SOURCE = (
    "Pascanu et al. 2013, On the difficulty of training recurrent neural networks, "
    "arXiv:1211.5063; the advice: Nikhil Barhate, Char-RNN-PyTorch (2020)"
)
_NATS = "nats per character"

EXPLODES = RunConfig(
    corpus="play",
    max_characters=10_000,
    train_share=0.9,
    validation_share=0.1,
    cell="rnn_relu",
    embedding_size=32,
    hidden_size=64,
    num_layers=2,
    seq_length=100,
    batch_size=8,
    optimizer="sgd",
    learning_rate=0.5,
    clipping="none",
    initialization="orthogonal",
    budget=300,
    budget_unit="steps",
)

_COPY = RunConfig(
    corpus="delayed-copy",
    train_share=0.9,
    validation_share=0.1,
    batching="items",
    cell="rnn_tanh",
    hidden_size=64,
    batch_size=32,
    learning_rate=0.005,
    schedule="cosine",
    grad_clip=1.0,
    budget=40,
    budget_unit="epochs",
)


_run = partial(
    Experiment,
    lab="shakespeare",
    source=_SOURCE,
    seeds=(1, 2, 3),
    measures=(Measure("val_loss", "Validation loss", _NATS),),
)

EXPLODING = _run(
    "explode",
    "It explodes",
    "After how many updates does the loss stop being a number?",
    EXPLODES,
    "Look at the gradient norm before the end, and at the advice.",
    measures=(Measure("updates", "Updates until it ended", "updates", digits=0),),
    ends="failed",
)

REMEDIES = (
    _run(
        "explode-clip",
        "Gradients clipped at norm 1",
        "Is it enough to shorten the steps that are too long?",
        EXPLODES.changed(clipping="norm", grad_clip=1.0),
        "The gradient still explodes now and then, but the step that it makes does not.",
    ),
    _run(
        "explode-rate",
        "A tenth of the learning rate",
        "Do smaller steps survive?",
        EXPLODES.changed(learning_rate=0.05),
        "It survives, and learns slowly.",
    ),
    _run(
        "explode-short",
        "Sequences of 10",
        "What if the gradient has fewer steps to grow in?",
        EXPLODES.changed(seq_length=10),
        "A tenth of the steps, a tenth of the factors that are multiplied.",
    ),
    _run(
        "explode-tanh",
        "tanh instead of ReLU",
        "What if the state is bounded?",
        EXPLODES.changed(cell="rnn_tanh"),
        "The slope of tanh is at most 1, and less where it is saturated.",
    ),
    _run(
        "explode-gru",
        "A gated cell",
        "And with gates?",
        EXPLODES.changed(cell="gru"),
        "A GRU mixes the old state with the new one: neither can grow without bound.",
        quick=EXPLODES.changed(cell="gru", budget=100),
    ),
)

MEMORY = tuple(
    _run(
        f"memory-{name}",
        f"Remember five letters: {title}",
        "Five letters come back after ten dots. How close to the best possible loss, 0.495, does "
        "it get?",
        _COPY.changed(cell=cell),
        "Whoever remembers nothing guesses the five letters again, and cannot get below 0.990.",
        quick=_COPY.changed(cell=cell, budget=12),
    )
    for name, cell, title in (
        ("tanh", "rnn_tanh", "tanh"),
        ("relu", "rnn_relu", "ReLU"),
        ("lstm", "lstm", "LSTM"),
        ("gru", "gru", "GRU"),
    )
)

EXPERIMENTS = (EXPLODING, *REMEDIES, *MEMORY)
