"""Runs worth making: each with the question it answers, and the settings that answer it."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.training.config import RunConfig


@dataclass(frozen=True)
class Preset:
    """A run to start from."""

    name: str
    title: str
    description: str  # what it does, and one question to ask of it
    config: RunConfig


_STREAMS = RunConfig(
    corpus="tiny-shakespeare",
    embedding_size=64,
    hidden_size=256,
    batch_size=32,
    seq_length=32,
    optimizer="adamw",
    schedule="cosine",
    warmup=0.02,
    budget=60,
)

_QUICK = [
    Preset(
        "quick-lstm",
        "Quick LSTM on Shakespeare",
        "An LSTM of 256 units for one minute. Which does it learn first: words, or the form of a "
        "play?",
        _STREAMS.replace(
            train_share=0.9,
            validation_share=0.1,
            learning_rate=7e-3,
            grad_clip=1.0,
            initialization="orthogonal",
            forget_bias=1.0,
        ),
    ),
    Preset(
        "quick-rnn",
        "Quick tanh RNN on Shakespeare",
        "The simplest recurrent network for the same minute. How far behind the LSTM is it?",
        _STREAMS.replace(
            cell="rnn_tanh", train_share=0.9, validation_share=0.1, learning_rate=3e-3
        ),
    ),
]

_SMALL = [
    Preset(
        "demo-30s",
        "Half a minute on the play",
        "A small LSTM learns our play in 30 seconds. After how many seconds can you tell that it "
        "is a play?",
        _STREAMS.replace(
            corpus="play",
            hidden_size=128,
            embedding_size=32,
            batch_size=16,
            dropout=0.1,
            learning_rate=7e-3,
            grad_clip=1.0,
            forget_bias=1.0,
            budget=30,
        ),
    ),
    Preset(
        "play-lstm",
        "The play, thoroughly",
        "A larger LSTM with dropout on the play. When does the validation loss stop falling "
        "although the training loss still does?",
        _STREAMS.replace(
            corpus="play",
            batch_size=16,
            seq_length=64,
            dropout=0.3,
            learning_rate=4e-3,
            grad_clip=1.0,
            forget_bias=1.0,
            budget=40,
            budget_unit="epochs",
        ),
    ),
    Preset(
        "dino-names",
        "New dinosaurs",
        "A GRU reads names of dinosaurs, one at a time. Which of the names it makes up could be "
        "real?",
        RunConfig(
            corpus="dinosaurs",
            drop_duplicates=True,
            train_share=0.85,
            validation_share=0.1,
            batching="items",
            cell="gru",
            hidden_size=64,
            dropout=0.3,
            batch_size=16,
            learning_rate=5e-3,
            schedule="cosine",
            budget=20,
            budget_unit="epochs",
        ),
    ),
    Preset(
        "reber",
        "A grammar with a known best loss",
        "Strings of Reber's grammar, of which nobody can predict more than 0.462 nats per "
        "character. How few units get there?",
        RunConfig(
            corpus="reber",
            batching="items",
            cell="rnn_tanh",
            hidden_size=16,
            batch_size=32,
            learning_rate=5e-3,
            schedule="cosine",
            budget=4,
            budget_unit="epochs",
        ),
    ),
    Preset(
        "embedded-reber",
        "Remember one letter",
        "The second letter of each string decides the last but one. Does the LSTM reach the best "
        "possible loss, 0.373 nats, and does a tanh RNN (change the cell)?",
        RunConfig(
            corpus="embedded-reber",
            batching="items",
            hidden_size=24,
            batch_size=32,
            learning_rate=1e-2,
            schedule="cosine",
            budget=6,
            budget_unit="epochs",
        ),
    ),
]

_TEACHING = [
    Preset(
        "vanilla-relu-explodes",
        "A network that explodes",
        "A ReLU RNN without clipping, whose learning rate rises until training breaks down. Which "
        "gives the first warning: the loss, or the norm of the gradient?",
        RunConfig(
            corpus="play",
            cell="rnn_relu",
            hidden_size=64,
            batch_size=16,
            seq_length=64,
            optimizer="sgd",
            learning_rate=3.0,
            warmup=0.9,
            clipping="none",
            budget=2000,
            budget_unit="steps",
        ),
    ),
    Preset(
        "by-hand-numpy",
        "Gradients by hand",
        "The same LSTM trained with the backward pass written out in NumPy, without torch. How "
        "much slower are the lines that you can read?",
        RunConfig(
            corpus="play",
            hidden_size=64,
            batch_size=8,
            seq_length=32,
            learning_rate=5e-3,
            schedule="cosine",
            grad_clip=1.0,
            forget_bias=1.0,
            engine="numpy",
            budget=45,
        ),
    ),
    Preset(
        "one-by-one",
        "One text, one character after another",
        "Batch size 1, as in the first char-rnn scripts: many small updates. Why is one thread "
        "faster than two here?",
        RunConfig(
            corpus="play",
            cell="rnn_tanh",
            hidden_size=64,
            batch_size=1,
            seq_length=25,
            optimizer="adagrad",
            learning_rate=0.05,
            clipping="value",
            budget=60,
        ),
    ),
]

_GALLERY = _STREAMS.replace(
    hidden_size=128,
    embedding_size=32,
    seq_length=64,
    learning_rate=3e-3,
    grad_clip=1.0,
    budget=20,
    budget_unit="epochs",
)

_SHIPPED = [
    Preset(
        "gallery-tanh-rnn",
        "Shakespeare: tanh RNN, 128 units",
        "Twenty times through Tiny Shakespeare. What do units without gates pay attention to?",
        _GALLERY.replace(cell="rnn_tanh"),
    ),
    Preset(
        "gallery-lstm",
        "Shakespeare: LSTM, 128 units",
        "Twenty times through Tiny Shakespeare. Which units know that a speaker's name is being "
        "written?",
        _GALLERY.replace(learning_rate=7e-3, initialization="orthogonal", forget_bias=1.0),
    ),
    Preset(
        "gallery-gru",
        "Shakespeare: GRU, 128 units",
        "Twenty times through Tiny Shakespeare. Does it need its two gates less than the LSTM its "
        "three?",
        _GALLERY.replace(cell="gru"),
    ),
    Preset(
        "gallery-play",
        "The play: LSTM, 128 units",
        "Sixty times through our play. Is there a unit for what stands in parentheses?",
        _GALLERY.replace(corpus="play", forget_bias=1.0, batch_size=16, dropout=0.3, budget=60),
    ),
    Preset(
        "gallery-sherlock",
        "Sherlock: LSTM, 128 units",
        "Eight times through Sherlock Holmes. Is there a unit that knows when somebody is "
        "speaking?",
        _GALLERY.replace(
            corpus="sherlock",
            seq_length=128,
            learning_rate=7e-3,
            initialization="orthogonal",
            forget_bias=1.0,
            budget=8,
        ),
    ),
]

PRESETS: dict[str, Preset] = {
    preset.name: preset for preset in [*_QUICK, *_SMALL, *_TEACHING, *_SHIPPED]
}
