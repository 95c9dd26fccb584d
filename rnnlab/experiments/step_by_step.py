"""Lab 1: a character RNN in the twelve steps of a laboratory manual."""

from __future__ import annotations

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.training.config import RunConfig

_WHOLE = RunConfig(
    corpus="tiny-shakespeare",
    train_share=0.9,
    validation_share=0.05,
    batching="windows",
    seq_length=64,
    stride=32,
    batch_size=64,
    cell="rnn_tanh",
    embedding_size=32,
    hidden_size=192,
    num_layers=2,
    optimizer="adam",
    learning_rate=0.002,
    clipping="norm",
    grad_clip=5.0,
    budget=4,
    budget_unit="epochs",
    evaluation="each-epoch",
)

_NATS = "nats per character"

EXPERIMENTS = (
    Experiment(
        name="step-by-step",
        lab="step_by_step",
        title="A vanilla RNN on Tiny Shakespeare",
        question="How low does the loss get on text that the network never learned from?",
        source="A laboratory manual: a character RNN on Tiny Shakespeare in twelve steps, without "
        "published numbers. The text: Andrej Karpathy, char-rnn (2015), "
        "https://github.com/karpathy/char-rnn",
        config=_WHOLE,
        seeds=(1, 2, 3),
        measures=(
            Measure("parameters", "Parameters", "parameters", digits=0),
            Measure("first_epoch_loss", "Training loss, first epoch", _NATS),
            Measure("last_epoch_loss", "Training loss, last epoch", _NATS),
            Measure("val_loss", "Validation loss", _NATS),
            Measure("test_loss", "Test loss", _NATS),
        ),
        differs=(
            "The manual leaves the sizes open. Ours are chosen so that the whole run takes a few "
            "minutes on two cores.",
            "Each window starts half a window after the one before, not one character after it: "
            "then every character is learned from twice in an epoch, not 64 times.",
            "Training starts every window from a zero state, as the manual asks; the validation "
            "and the test part are read on with the state carried over.",
        ),
        look_for="The validation loss falls with the training loss and stays a little above it; "
        "most of the fall is in the first epoch.",
        quick=_WHOLE.replace(max_characters=200_000, hidden_size=128, batch_size=32, budget=3),
    ),
)
