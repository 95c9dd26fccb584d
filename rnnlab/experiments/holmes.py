"""Lab 5: Sherlock Holmes, in the amount of text and with the network that one chooses."""

from __future__ import annotations

from functools import partial

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.training.config import RunConfig

_SOURCE = (
    "Nikhil Barhate, Char-RNN-PyTorch (2020), https://github.com/nikhilbarhate99/Char-RNN-PyTorch; "
    "the assignment on Sherlock Holmes publishes no numbers"
)
_NATS = "nats per character"
LATIN_1 = (
    "The source reads the book as Latin-1: 3,011,055 characters, 102 of them distinct. It is "
    "UTF-8, and read so it has 3,010,866 characters, 99 of them distinct: a letter with an accent "
    "is one character and not two."
)

BASE = RunConfig(
    corpus="sherlock",
    max_characters=100_000,
    train_share=0.9,
    validation_share=0.1,
    batching="streams",
    cell="rnn_relu",
    embedding_size=100,
    hidden_size=256,
    num_layers=1,
    seq_length=50,
    batch_size=16,
    optimizer="adam",
    learning_rate=0.002,
    clipping="norm",
    grad_clip=1.0,
    budget=20,
    budget_unit="epochs",
    evaluation="each-epoch",
)
AMOUNTS = {"10 k": (10_000, 100), "100 k": (100_000, 20), "all": (0, 2)}  # characters, epochs


def of_amount(amount: str, config: RunConfig = BASE) -> RunConfig:
    """A run on so much of the book, for as many epochs as that takes to learn."""
    characters, epochs = AMOUNTS[amount]
    return config.changed(max_characters=characters, budget=epochs)


_LONG = of_amount("100 k").changed(seq_length=200, learning_rate=0.001)


_holmes = partial(
    Experiment,
    lab="shakespeare",
    source=_SOURCE,
    seeds=(1, 2, 3),
    measures=(
        Measure("last_epoch_loss", "Training loss, last epoch", _NATS),
        Measure("seconds", "Time of the fastest run", "seconds", digits=0, least=True),
        Measure("val_loss", "Validation loss", _NATS),
    ),
)

HOLMES = (
    _holmes(
        "holmes-10k",
        "Holmes, 10,000 characters",
        "How much better does it know its own text than the page after it?",
        of_amount("10 k"),
        "The training loss falls on, while the validation loss turns and rises: it learns by "
        "heart.",
        quick=of_amount("10 k").changed(budget=30),
    ),
    _holmes(
        "holmes-100k",
        "Holmes, 100,000 characters",
        "Does ten times as much text close the gap?",
        of_amount("100 k"),
        "Both losses fall together for longer, and the gap stays smaller.",
        quick=of_amount("100 k").changed(budget=4),
    ),
    _holmes(
        "holmes-all",
        "Holmes, the whole book",
        "And the whole book, read twice?",
        of_amount("all"),
        "Nothing is learned by heart any more: training and validation loss are nearly the same. "
        "Where a run's training loss lies far above, look at its gradient norm: a ReLU RNN may "
        "explode for one update, and clipping lets it go on as if nothing had happened.",
        quick=of_amount("all").changed(max_characters=300_000),
        differs=(LATIN_1,),
    ),
)

ADVICE = (
    _holmes(
        "holmes-long-tanh",
        "Sequences of 200 with tanh",
        "Does a tanh RNN make use of sequences four times as long?",
        _LONG.changed(cell="rnn_tanh"),
        "Compare with the ReLU RNN on the same sequences: the gradients of which one reach back?",
        quick=_LONG.changed(cell="rnn_tanh", budget=4),
    ),
    _holmes(
        "holmes-long-relu",
        "Sequences of 200 with ReLU",
        "Does a ReLU RNN make more of long sequences than tanh?",
        _LONG,
        "The advice of the source is to take ReLU for longer sequences. See whether the losses "
        "agree. The learning rate is half of that for shorter sequences: with the whole of it, the "
        "numbers of the ReLU RNN explode within ten updates, as the advice on NaN foresees.",
        quick=_LONG.changed(budget=4),
    ),
    _holmes(
        "holmes-deep",
        "Four layers",
        "What do three more layers cost, and what do they bring?",
        of_amount("100 k").changed(num_layers=4),
        "Each character passes through four layers, one after the other: it takes about four "
        "times as long.",
        quick=of_amount("100 k").changed(num_layers=4, budget=1),
    ),
)

EXPERIMENTS = (*HOLMES, *ADVICE)
