"""Lab 4: names to languages and back, with a hidden state and without one."""

from __future__ import annotations

from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.training.config import RunConfig

_TUTORIAL = (
    "S. Robertson, NLP From Scratch: Classifying Names with a Character-Level RNN, PyTorch "
    "Tutorials (2017), https://docs.pytorch.org/tutorials/intermediate/"
    "char_rnn_classification_tutorial.html"
)
_WRITING = (
    "S. Robertson, NLP From Scratch: Generating Names with a Character-Level RNN, PyTorch "
    "Tutorials (2017), https://docs.pytorch.org/tutorials/intermediate/"
    "char_rnn_generation_tutorial.html"
)
_BOTH_ENDS = (
    "M. Schuster & K. K. Paliwal, Bidirectional recurrent neural networks (1997), "
    "doi:10.1109/78.650093"
)
_WINDOW = (
    "Y. Bengio, R. Ducharme, P. Vincent & C. Jauvin, A neural probabilistic language model (2003), "
    "https://www.jmlr.org/papers/v3/bengio03a.html"
)
_SEEDS = (1, 2, 3)

_NAMES = RunConfig(
    task="language",
    corpus="surnames",
    train_share=0.75,
    validation_share=0.05,
    drop_duplicates=True,
    batching="items",
    cell="gru",
    embedding_size=64,
    hidden_size=128,
    dropout=0.5,
    batch_size=64,
    optimizer="adamw",
    learning_rate=2e-3,
    schedule="cosine",
    weight_decay=0.05,
    grad_clip=1.0,
    class_weights=0.3,
    budget=10,
    budget_unit="epochs",
)
_BOTH = _NAMES.replace(bidirectional=True)
_ONE_WAY = _NAMES.replace(hidden_size=192)
_NO_STATE = _NAMES.replace(model="window", window=6, hidden_size=377)
_CLASSIC = RunConfig(
    task="language",
    corpus="surnames",
    train_share=0.75,
    validation_share=0.05,
    drop_duplicates=True,
    batching="balanced",
    model="scratch-linear",
    cell="rnn_tanh",
    hidden_size=128,
    batch_size=1,
    optimizer="sgd",
    learning_rate=0.005,
    clipping="none",
    budget=100_000,
    budget_unit="steps",
    evaluation="each-epoch",
)
_NEXT = RunConfig(
    corpus="play",
    cell="gru",
    embedding_size=32,
    hidden_size=128,
    dropout=0.2,
    batch_size=16,
    seq_length=64,
    optimizer="adamw",
    learning_rate=4e-3,
    schedule="cosine",
    grad_clip=1.0,
    budget=15,
    budget_unit="epochs",
)
_WRITER = RunConfig(
    task="surname",
    corpus="surnames",
    train_share=0.75,
    validation_share=0.05,
    drop_duplicates=True,
    batching="items",
    cell="gru",
    embedding_size=32,
    hidden_size=192,
    dropout=0.3,
    batch_size=64,
    optimizer="adamw",
    learning_rate=3e-3,
    schedule="cosine",
    grad_clip=1.0,
    budget=12,
    budget_unit="epochs",
)

_PARAMETERS = Measure("parameters", "Parameters", "parameters", digits=0)
_SECONDS = Measure("seconds", "Time of the fastest run", "seconds", digits=0, least=True)
_ACCURACY = Measure("accuracy", "Accuracy", "%", digits=2)
_MACRO_F1 = Measure("macro_f1", "Macro-F1", "", digits=3)
_OWN = (_PARAMETERS, _SECONDS, _MACRO_F1, _ACCURACY)
_BESIDE = (
    _PARAMETERS,
    _SECONDS,
    Measure("always_macro_f1", "Macro-F1 of always Russian", "", digits=3),
    Measure("bayes_macro_f1", "Macro-F1 of naive Bayes", "", digits=3),
    _MACRO_F1,
    Measure("together_macro_f1", "Macro-F1 together with naive Bayes", "", digits=3),
    Measure("always_accuracy", "Accuracy of always Russian", "%", digits=2),
    Measure("bayes_accuracy", "Accuracy of naive Bayes", "%", digits=2),
    Measure("together_accuracy", "Accuracy together with naive Bayes", "%", digits=2),
    _ACCURACY,
)
_LOSSES = (
    _PARAMETERS,
    _SECONDS,
    Measure("val_loss", "Validation loss", "nats per character"),
    Measure("test_loss", "Test loss", "nats per character"),
)

_PARTS = (
    "Three quarters of the names are learned, a twentieth is for watching and a fifth for testing, "
    "divided by name within each language, so that no name is on two sides, even under another "
    "language."
)
_SPLIT = f"{_PARTS} The tutorial tests on the names it learned."
_ONCE = "Each name counts once for each language; in the source's files one stands 28 times."
_ALL_NAMES = (_SPLIT, _ONCE)

EXPERIMENTS = (
    Experiment(
        name="language-classic",
        lab="classes",
        title="The classic: two linear layers",
        question="How far does a recurrence without any activation get, one name at a time?",
        source=_TUTORIAL,
        config=_CLASSIC.replace(seed=2),
        seeds=(2, 3, 4),
        measures=(
            _PARAMETERS,
            _SECONDS,
            Measure("first_epoch_loss", "Loss of the first 1,000", "nats per name"),
            Measure("last_epoch_loss", "Loss of the last 1,000", "nats per name"),
            _MACRO_F1,
            _ACCURACY,
        ),
        differs=(
            "The hidden state is input and hidden state through a linear layer, without an "
            "activation, as published in 2017: a linear recurrence. Later versions of the "
            "tutorial have other networks.",
            "Nothing bounds a linear recurrence, and the tutorial clips nothing: with seed 1 the "
            "numbers explode after 25,104 names. So seeds 2 to 4 are shown.",
            *_ALL_NAMES,
            "The tutorial prints no numbers that could be compared: it shows a curve and a "
            "picture of a confusion matrix, both of names that were learned.",
        ),
        look_for="It draws the language first, so rare languages are learned as often as common "
        "ones: compare what that does to macro-F1 with what it does to accuracy.",
        quick=_CLASSIC.replace(budget=12_000),
    ),
    Experiment(
        name="language-best",
        lab="classes",
        title="As good as it gets",
        question="Can networks that read letter by letter beat counts of letter groups?",
        source=_BOTH_ENDS,
        config=_BOTH.replace(members=4),
        seeds=_SEEDS,
        measures=_BESIDE,
        differs=(
            "Four GRUs read each name from both ends, and the mean of their probabilities counts; "
            "each name's loss is weighted by 1 / (share of its language) to the power 0.3.",
            "Together with naive Bayes means: the networks' probabilities times those of naive "
            "Bayes to a small power, which is chosen on the validation part. The two err on "
            "different names.",
            *_ALL_NAMES,
        ),
        look_for="Which languages it takes for each other, and whether you would have.",
        quick=_BOTH.replace(hidden_size=64, budget=4),
    ),
    Experiment(
        name="language-both-ways",
        lab="classes",
        title="From both ends",
        question="What does reading backwards as well add?",
        source=_BOTH_ENDS,
        config=_BOTH,
        seeds=_SEEDS,
        measures=_OWN,
        differs=_ALL_NAMES,
        look_for="One of the four networks by itself: what voting adds is the difference.",
        quick=_BOTH.replace(hidden_size=64, budget=4),
    ),
    Experiment(
        name="language-one-way",
        lab="classes",
        title="From the first letter on",
        question="Is a larger network that reads in one direction as good?",
        source=_BOTH_ENDS,
        config=_ONE_WAY,
        seeds=_SEEDS,
        measures=_OWN,
        differs=(
            "192 units instead of twice 128, so that both have about as many parameters.",
            *_ALL_NAMES,
        ),
        look_for="The ending decides many languages, and this network has just read it.",
        quick=_ONE_WAY.replace(hidden_size=96, budget=4),
    ),
    Experiment(
        name="language-two-layers",
        lab="classes",
        title="From both ends, two layers",
        question="Do several layers tell more than one?",
        source=_BOTH_ENDS,
        config=_BOTH.replace(num_layers=2, hidden_size=71),
        seeds=_SEEDS,
        measures=_OWN,
        differs=(
            "Twice 71 units in each layer, so that both have about as many parameters.",
            *_ALL_NAMES,
        ),
        look_for="Whether the difference is larger than the spread from split to split.",
        quick=_BOTH.replace(num_layers=2, hidden_size=40, budget=4),
    ),
    Experiment(
        name="language-window",
        lab="classes",
        title="Language without a hidden state",
        question="How much of a name's language do its last six letters tell?",
        source=_WINDOW,
        config=_NO_STATE,
        seeds=_SEEDS,
        measures=_OWN,
        differs=(
            "One hidden layer with tanh over the vectors of the last six letters, with about as "
            "many parameters as the network that reads in one direction.",
            *_ALL_NAMES,
        ),
        look_for="What is lost is the beginning of names longer than six letters.",
        quick=_NO_STATE.replace(budget=6),
    ),
    Experiment(
        name="next-rnn",
        lab="classes",
        title="Next character with a hidden state",
        question="How much does a memory of the text help to predict it?",
        source=_WINDOW,
        config=_NEXT,
        seeds=_SEEDS,
        measures=_LOSSES,
        differs=("On our play instead of words of the Brown corpus.",),
        look_for="What the hidden state is for: the difference to the network without one.",
        quick=_NEXT.replace(budget=3),
    ),
    Experiment(
        name="next-window",
        lab="classes",
        title="Next character without a hidden state",
        question="How far does a network get that sees only the last eight characters?",
        source=_WINDOW,
        config=_NEXT.replace(model="window", window=8, hidden_size=218),
        seeds=_SEEDS,
        measures=_LOSSES,
        differs=(
            "On our play instead of words of the Brown corpus; about as many parameters as the "
            "network with a hidden state.",
        ),
        look_for="Whoever speaks, and whether a parenthesis is open, is out of its sight.",
        quick=_NEXT.replace(model="window", window=8, hidden_size=218, budget=3),
    ),
    Experiment(
        name="surname",
        lab="classes",
        title="From a language to a name",
        question="Can one network write the names of 18 languages, told only which?",
        source=_WRITING,
        config=_WRITER,
        seeds=_SEEDS,
        measures=(
            _PARAMETERS,
            _SECONDS,
            Measure("test_loss", "Test loss", "nats per letter"),
            Measure("new", "New names", "%", digits=1),
            Measure("distinct", "Distinct names", "%", digits=1),
            Measure("recognised_true", "True names recognised by naive Bayes", "%", digits=1),
            Measure("recognised", "Written names recognised", "%", digits=1),
        ),
        differs=(
            "The language is the first symbol that is read; the tutorial gives it with every "
            "letter.",
            "A GRU instead of three linear layers; letters keep their accents.",
            _PARTS,
            _ONCE,
        ),
        look_for="Which languages you would recognise without being told, and which not.",
        quick=_WRITER.replace(hidden_size=96, budget=4),
    ),
)
