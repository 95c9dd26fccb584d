"""Every choice of a run, with its label, unit, range and help, and whether a value is possible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from rnnlab.network.cells import CELLS


class ConfigError(ValueError):
    """A run was described that cannot be trained; the message says what to change."""


@dataclass(frozen=True)
class Setting:
    """What a person must know about one field: its name, meaning, unit and range."""

    label: str
    help: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: Collection[str] = ()


def setting(default: Any, label: str, help: str, **more: Any) -> Any:
    """A field of a dataclass with a `Setting` in its metadata."""
    return field(default=default, metadata={"setting": Setting(label, help, **more)})


def parsed(name: str, value: str, default: Any) -> Any:
    """The value that a text of the command line stands for.

    Args:
        default: of the field, which says its kind.
    Raises:
        ConfigError: it is of another kind.
    """
    if isinstance(default, bool):
        if value.lower() in ("true", "yes", "1"):
            return True
        if value.lower() in ("false", "no", "0"):
            return False
        raise ConfigError(f"{name} must be true or false, not '{value}'.")
    if isinstance(default, (int, float)):
        try:
            return type(default)(value)
        except ValueError:
            kind = "whole number" if isinstance(default, int) else "number"
            raise ConfigError(f"{name} must be a {kind}, not '{value}'.") from None
    return value


def check(name: str, value: Any, setting: Setting, default: Any) -> None:
    """Refuse a value of another kind than the default's, or outside of its range.

    Raises:
        ConfigError: the sentence names the field, the value and what is possible.
    """
    wanted: tuple[type, ...] = (int, float) if isinstance(default, float) else (type(default),)
    is_flag = isinstance(value, bool)
    if not isinstance(value, wanted) or is_flag != isinstance(default, bool):
        raise ConfigError(
            f"{setting.label} ({name}) must be {_article(default)}, not {str(value)[:60]!r}."
        )
    if setting.choices and value not in setting.choices:
        raise ConfigError(
            f"{setting.label} ({name}) cannot be '{str(value)[:60]}'; choose one of "
            f"{', '.join(setting.choices)}."
        )
    if isinstance(value, (int, float)) and not is_flag:
        low, high = setting.minimum, setting.maximum
        inside = (low is None or value >= low) and (high is None or value <= high)  # NaN is not
        if not inside:
            raise ConfigError(
                f"{setting.label} ({name}) is {_number(value)}, but must lie between "
                f"{_number(low)} and {_number(high)}."
            )


def _number(value: float | None) -> str:
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**18 else "far too large a number"
    return f"{value:g}"


def _article(default: Any) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    return names[type(default)]


# ruff: noqa: RUF009 - `setting` makes a dataclass field


FORMAT = 1

TaskName = Literal["next-character", "reversal", "names", "language", "surname"]
ModelName = Literal[
    "rnn",
    "by-hand-parallel",
    "by-hand-stack",
    "scratch",
    "scratch-tanh",
    "scratch-linear",
    "window",
]
Batching = Literal["streams", "shifted", "windows", "random", "items", "balanced"]
OptimizerName = Literal["sgd", "rmsprop", "adagrad", "adagrad_root", "adam", "adamw"]
LossName = Literal["mean", "sum"]
DropoutPlace = Literal["hidden", "logits"]
EvaluationName = Literal["paced", "each-epoch", "each-1000"]
ScheduleName = Literal["constant", "linear", "cosine", "exponential"]
Clipping = Literal["none", "norm", "value"]
Initialization = Literal["pytorch", "orthogonal", "xavier", "identity", "normal"]
BudgetUnit = Literal["epochs", "steps", "seconds"]
EngineName = Literal["torch", "numpy"]
Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True)
class RunConfig:
    """Everything that decides what a run does; frozen, JSON in and out.

    Raises:
        ConfigError: a value is impossible; the sentence names the field, the value and the range.
    """

    task: TaskName = setting(
        "next-character",
        "Task",
        "What the network learns: to predict the next character of a text, or, with an encoder and "
        "a decoder, to write the items of a list backwards.",
        choices=get_args(TaskName),
    )
    corpus: str = setting(
        "play",
        "Corpus",
        "The text the network learns from. 'play' ships with the lab; others are downloaded once.",
    )
    max_characters: int = setting(
        0,
        "Use only the first characters",
        "Train on the beginning of the text only; 0 uses all of it. Less text learns faster "
        "and overfits sooner.",
        unit="characters",
        minimum=0,
        maximum=100_000_000,
    )
    train_share: float = setting(
        0.9,
        "Training share",
        "The first part of the text, which the network learns from. 0.9 is usual.",
        minimum=0.05,
        maximum=1.0,
    )
    validation_share: float = setting(
        0.05,
        "Validation share",
        "The part after the training part, used to watch for overfitting. What is left over "
        "after it is the test part. With 0, nothing tells whether it only learns by heart.",
        minimum=0.0,
        maximum=0.95,
    )
    drop_duplicates: bool = setting(
        False,
        "Drop duplicates",
        "For lists of names: keep each name once, so that no name is both learned and tested.",
    )
    batching: Batching = setting(
        "streams",
        "Batching",
        "How text is cut for training. Streams read on and carry the hidden state; a shifted "
        "stream does so too, from a start drawn anew in each epoch among the first 100 characters; "
        "windows and random windows start from a zero state; items are one name each; balanced "
        "draws a label first and then one of its names, a thousand to an epoch.",
        choices=get_args(Batching),
    )
    stride: int = setting(
        25,
        "Stride",
        "How far one sliding window starts behind the one before; smaller shows the network "
        "each character more often.",
        unit="characters",
        minimum=1,
        maximum=100_000,
    )
    model: ModelName = setting(
        "rnn",
        "Network",
        "How the network is put together: recurrent layers, then a decoder; or as one of the labs "
        "builds it. Those by hand need the NumPy engine and a batch size of 1.",
        choices=get_args(ModelName),
    )
    cell: str = setting(
        "lstm",
        "Cell",
        "What one unit computes. The LSTM and the GRU have gates that keep a memory; the tanh "
        "RNN is the simplest; the ReLU RNN can explode.",
        choices=CELLS,
    )
    embedding_size: int = setting(
        0,
        "Embedding size",
        "Length of the learned vector that stands for a character; 0 feeds one-hot vectors. "
        "16 to 64 is plenty for characters.",
        minimum=0,
        maximum=1024,
    )
    hidden_size: int = setting(
        128,
        "Hidden size",
        "Number of hidden units in each layer. 64 to 256 learns within minutes on a laptop.",
        unit="units",
        minimum=1,
        maximum=2048,
    )
    num_layers: int = setting(
        1,
        "Layers",
        "Recurrent layers on top of each other. One or two is a good start.",
        minimum=1,
        maximum=6,
    )
    bidirectional: bool = setting(
        False,
        "Read from both ends",
        "A second half reads each sequence backwards, and the decoder is given both final states. "
        "For whole sequences only: a network that predicts the next character must not see it.",
    )
    members: int = setting(
        1,
        "Networks that vote",
        "So many networks of these sizes learn from different starts, and the mean of their "
        "probabilities counts. Costs as many times the time; 1 is a single network.",
        unit="networks",
        minimum=1,
        maximum=16,
    )
    window: int = setting(
        8,
        "Window",
        "How many characters a network without a hidden state sees at once; what lies further "
        "back does not exist for it.",
        unit="characters",
        minimum=1,
        maximum=64,
    )
    dropout: float = setting(
        0.0,
        "Dropout",
        "Share of hidden values set to zero at random between layers and before the output "
        "while training; works against overfitting. 0 to 0.5.",
        minimum=0.0,
        maximum=0.95,
    )
    dropout_place: DropoutPlace = setting(
        "hidden",
        "Dropout acts on",
        "What dropout sets to zero: hidden values, as is usual, or the outputs themselves. Zeroed "
        "outputs make the training loss larger than the validation loss, which is measured without "
        "dropout.",
        choices=get_args(DropoutPlace),
    )
    seq_length: int = setting(
        64,
        "Sequence length",
        "Characters through which gradients flow back in one update. 32 to 128 is usual.",
        unit="characters",
        minimum=1,
        maximum=2000,
    )
    batch_size: int = setting(
        32,
        "Batch size",
        "Sequences learned from at once in one update. Larger is steadier, smaller makes more "
        "updates.",
        unit="sequences",
        minimum=1,
        maximum=4096,
    )
    loss: LossName = setting(
        "mean",
        "Loss of a sequence",
        "Whether the gradient is that of the mean loss of a sequence or of its sum. With the sum, "
        "longer sequences make larger gradients, so clipping and learning rate mean other things. "
        "What is shown is always the mean.",
        choices=get_args(LossName),
    )
    teacher_forcing: float = setting(
        1.0,
        "Teacher forcing",
        "How often a decoder that learns is given the true symbol before the one it has to write: "
        "1 always, 0 never (it always reads what it wrote itself), in between at random.",
        minimum=0.0,
        maximum=1.0,
    )
    class_weights: float = setting(
        0.0,
        "Class weights",
        "How much more the loss of a name of a rare class counts: its weight is one over its "
        "share, to this power. 0 counts all names the same, 1 all classes; the mean over the "
        "training names stays 1.",
        minimum=0.0,
        maximum=1.0,
    )
    optimizer: OptimizerName = setting(
        "adam",
        "Optimizer",
        "The rule that turns gradients into new weights. Adam is a safe choice.",
        choices=get_args(OptimizerName),
    )
    learning_rate: float = setting(
        0.002,
        "Learning rate",
        "Size of each update. Adam likes 0.001 to 0.01, SGD 0.1 to 2. Too high diverges, too "
        "low crawls.",
        minimum=1e-7,
        maximum=100.0,
    )
    schedule: ScheduleName = setting(
        "constant",
        "Schedule",
        "How the learning rate changes over the run: stays, falls in a line, along a cosine, "
        "or by a constant factor, down to 1 % of its start.",
        choices=get_args(ScheduleName),
    )
    warmup: float = setting(
        0.0,
        "Warm-up",
        "Share of the run in which the learning rate first rises from zero; 0 to 0.1.",
        minimum=0.0,
        maximum=0.9,
    )
    weight_decay: float = setting(
        0.0,
        "Weight decay",
        "Pulls all weights towards zero, against overfitting. 0, or up to 0.1 with AdamW.",
        minimum=0.0,
        maximum=10.0,
    )
    clipping: Clipping = setting(
        "norm",
        "Clipping",
        "Limits gradients so that one bad update cannot destroy the network: by the norm of "
        "all of them together, or each value by itself.",
        choices=get_args(Clipping),
    )
    grad_clip: float = setting(
        5.0,
        "Clip at",
        "The limit for clipping. 1 to 5 is usual for the norm.",
        minimum=1e-6,
        maximum=1e6,
    )
    initialization: Initialization = setting(
        "pytorch",
        "Initialization",
        "Where the weights start. 'pytorch' draws from ±1/√hidden; 'orthogonal' and 'identity' "
        "keep the memory of a fresh RNN alive longer.",
        choices=get_args(Initialization),
    )
    forget_bias: float = setting(
        0.0,
        "Forget-gate bias",
        "Added to the LSTM's forget gate at the start; 1 makes a fresh LSTM remember.",
        minimum=-10.0,
        maximum=10.0,
    )
    budget: float = setting(
        60.0,
        "Train for",
        "How long the run lasts, in the unit beside it.",
        minimum=0.001,
        maximum=1e9,
    )
    budget_unit: BudgetUnit = setting(
        "seconds",
        "Unit",
        "Epochs (once through the training text), updates (steps) or seconds of training.",
        choices=get_args(BudgetUnit),
    )
    evaluation: EvaluationName = setting(
        "paced",
        "Evaluate",
        "When the validation loss is measured and a sample written: as often as costs 6 % of the "
        "time, after each epoch, or after each 1,000 updates, however long that takes.",
        choices=get_args(EvaluationName),
    )
    seed: int = setting(
        1,
        "Random seed",
        "Same seed, same start, same order: the same run again.",
        minimum=0,
        maximum=2**32 - 1,
    )
    engine: EngineName = setting(
        "torch",
        "Engine",
        "What computes the gradients: torch (fast), or the backward pass written by hand in "
        "NumPy (readable).",
        choices=get_args(EngineName),
    )
    device: Device = setting(
        "auto",
        "Device",
        "Where torch computes: automatic takes CUDA, then MPS, then the CPU.",
        choices=get_args(Device),
    )
    threads: int = setting(
        0,
        "CPU threads",
        "0 times the first updates on one and on more threads and keeps the faster; small "
        "networks are faster on one.",
        minimum=0,
        maximum=64,
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            check(f.name, getattr(self, f.name), f.metadata["setting"], f.default)
        if self.train_share + self.validation_share > 1 + 1e-9:
            raise ConfigError(
                f"Training share {self.train_share:g} and validation share "
                f"{self.validation_share:g} add up to more than 1; lower one of them."
            )
        if self.engine == "numpy" and self.device in ("cuda", "mps"):
            raise ConfigError(
                f"The NumPy engine computes on the CPU only, but device is '{self.device}'; "
                "choose 'auto' or 'cpu', or the torch engine."
            )
        if self.engine == "numpy" and self.dropout_place == "logits":
            raise ConfigError(
                "The NumPy engine has dropout on hidden values only, but dropout acts on the "
                "logits here; choose the torch engine, or hidden values."
            )
        if self.budget_unit == "steps" and self.budget != int(self.budget):
            raise ConfigError(f"Train for {self.budget_text}: updates must be a whole number.")

    @property
    def budget_text(self) -> str:
        """The budget in words, such as '60 seconds'."""
        unit = "updates" if self.budget_unit == "steps" else self.budget_unit
        return f"{self.budget:,.6g} {unit}"

    def to_json(self) -> dict[str, Any]:
        """Plain data for `config.json`."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, data: Any) -> RunConfig:
        """The config that `to_json` wrote.

        Raises:
            ConfigError: not a config, of an unknown format, or with an impossible value.
        """
        if not isinstance(data, dict):
            raise ConfigError("A run's config must be a JSON object; this one is not.")
        if data.get("format") != FORMAT:
            raise ConfigError(
                f"This run has config format {data.get('format')!r}, but this version of RNN Lab "
                f"reads format {FORMAT}; open it with the version that wrote it."
            )
        given = {name: value for name, value in data.items() if name != "format"}
        unknown = sorted(set(given) - set(settings()))
        if unknown:
            raise ConfigError(f"Unknown setting '{unknown[0]}' in a run's config.")
        return cls(**given)

    def replace(self, **changes: Any) -> RunConfig:
        """The same run with other values, checked again."""
        unknown = sorted(set(changes) - set(settings()))
        if unknown:
            raise ConfigError(
                f"There is no setting '{unknown[0]}'; the settings are {', '.join(settings())}."
            )
        return replace(self, **changes)

    def with_assignments(self, assignments: tuple[str, ...] | list[str]) -> RunConfig:
        """The same run with `field=value` texts applied, as the command line takes them."""
        changes: dict[str, Any] = {}
        for assignment in assignments:
            name, equals, value = assignment.partition("=")
            if not equals:
                raise ConfigError(
                    f"'{assignment}' is not of the form field=value, such as hidden_size=128."
                )
            changes[name.strip()] = _parsed(name.strip(), value.strip())
        return self.replace(**changes)


def settings() -> dict[str, Setting]:
    """Label, help, unit and range of every field of a RunConfig, by field name."""
    return {f.name: f.metadata["setting"] for f in fields(RunConfig)}


def differences(a: RunConfig, b: RunConfig) -> dict[str, tuple[Any, Any]]:
    """The fields in which two configs differ, with both values."""
    first, second = asdict(a), asdict(b)
    return {name: (first[name], second[name]) for name in first if first[name] != second[name]}


def _parsed(name: str, text: str) -> Any:
    default = next((f.default for f in fields(RunConfig) if f.name == name), "")
    return parsed(name, text, default)
