"""Lab 5: the forms that problems with sequences take, each a small network that runs."""

from __future__ import annotations

from functools import partial

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.training.config import RunConfig

_SOURCE = (
    "The forms: Andrej Karpathy, The unreasonable effectiveness of recurrent neural networks "
    "(2015), https://karpathy.github.io/2015/05/21/rnn-effectiveness/; "
    "encoder and decoder: Sutskever et al. 2014, arXiv:1409.3215; teacher forcing: Williams & "
    "Zipser 1989, doi:10.1162/neco.1989.1.2.270; in between: Bengio et al. 2015, arXiv:1506.03099"
)
_NATS = "nats per character"

_PLAY = RunConfig(
    corpus="play",
    train_share=0.9,
    validation_share=0.1,
    cell="gru",
    embedding_size=32,
    hidden_size=96,
    batch_size=16,
    seq_length=32,
    learning_rate=0.004,
    schedule="cosine",
    grad_clip=1.0,
    budget=6,
    budget_unit="epochs",
)

REVERSAL = RunConfig(
    task="reversal",
    corpus="random-strings",
    train_share=0.8,
    validation_share=0.1,
    batching="items",
    cell="gru",
    hidden_size=128,
    batch_size=32,
    learning_rate=0.004,
    schedule="cosine",
    grad_clip=1.0,
    budget=4,
    budget_unit="epochs",
)


_form = partial(
    Experiment,
    lab="shakespeare",
    source=_SOURCE,
    seeds=(1, 2, 3),
    measures=(Measure("val_loss", "Validation loss", _NATS),),
)

_REVERSED = (
    Measure("exact_share", "Written without a mistake", "% of the test strings", digits=2),
    Measure("forced_loss", "Loss, given the true symbols", "nats per symbol", digits=4),
    Measure("free_loss", "Loss, on its own", "nats per symbol", digits=4),
)

FORMS = (
    _form(
        "form-one-to-one",
        "One to one",
        "How well can the next character be known from the present one alone?",
        _PLAY.changed(model="window", window=1, batching="random"),
        "No memory, so nothing better than counting pairs of characters: compare with the next "
        "one.",
    ),
    _form(
        "form-in-step",
        "Many to many, in step",
        "And when everything read so far is remembered?",
        _PLAY,
        "The same characters, the same text: the difference is what the hidden state is worth.",
        quick=_PLAY.changed(budget=3),
    ),
    _form(
        "form-deep",
        "Deep: three layers",
        "Do three layers of the same size predict better than one?",
        _PLAY.changed(num_layers=3),
        "Three times the work; on so little text and in so few epochs it hardly pays.",
        quick=_PLAY.changed(num_layers=3, budget=1),
    ),
)

TEACHING = tuple(
    _form(
        f"reversal-{name}",
        title,
        question,
        REVERSAL.changed(teacher_forcing=share),
        look_for,
        measures=_REVERSED,
        asks="exact_share",
        quick=REVERSAL.changed(teacher_forcing=share, budget=2),
    )
    for name, share, title, question, look_for in (
        (
            "forced",
            1.0,
            "Backwards, always forced",
            "What share of strings that it never saw does it write backwards without a mistake?",
            "Nearly all of them: it has learned how to reverse, not which strings there are.",
        ),
        (
            "half",
            0.5,
            "Backwards, forced half of the time",
            "What changes when half of what it is given is its own?",
            "It learns later, since at first what it is given is mostly wrong.",
        ),
        (
            "free",
            0.0,
            "Backwards, never forced",
            "Can it learn from nothing but what it wrote itself?",
            "Compare the loss on its own with that of the network that was always forced.",
        ),
    )
)

EXPERIMENTS = (*FORMS, *TEACHING)
