"""One run: a folder with its settings, its curve, its samples and its weights."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from rnnlab.inspection.ngram_ladder import Ladder
from rnnlab.network.char_rnn import CharRNN
from rnnlab.runs import leases
from rnnlab.runs.errors import BrokenRun, RunError
from rnnlab.runs.files import read_json, read_jsonl
from rnnlab.runs.leases import ProcessName
from rnnlab.runs.metrics import CachedJson, Metrics, as_number, as_step
from rnnlab.runs.status import RESUMABLE, Status, infer_status
from rnnlab.runs.weights import SUFFIX, read_weights
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.networks import model_from_params

LADDER = "ladder.json"
SHA256 = "corpus_sha256"  # stands in config.json beside the settings
_LATEST = 9e9  # seconds since 1970: the year 2255; tables cannot show times long after it
_STEP = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class StoredSample:
    """What the network wrote after some number of updates."""

    step: int
    prime: str
    temperature: float
    text: str


@dataclass(frozen=True)
class Event:
    """Something that was changed while a run trained, so that its curve can be repeated."""

    step: int
    seconds: float
    what: str  # "learning_rate", "clipping", "grad_clip", "pause", "resume", "threads" …
    old: Any
    new: Any


class Run:
    """Reads one run's folder; never writes to it.

    Everything may be asked at any time, while a worker writes and after its corpus is gone.
    Raises of the constructor:
        BrokenRun: the settings are missing or cannot be read.
    """

    def __init__(self, run_id: str, folder: Path, *, read_only: bool = False) -> None:
        self.id = run_id
        self.folder = folder
        self.read_only = read_only
        self.config, self.corpus_sha256 = _read_config(run_id, folder)
        self._request = CachedJson(folder / "request.json")
        self._status = CachedJson(folder / "status.json")
        self._metrics = Metrics(folder / "metrics.jsonl")

    @property
    def name(self) -> str:
        """What people call it."""
        return _text(self._requested("name")) or self.id

    @property
    def note(self) -> str:
        """What somebody wrote down about it, "" for nothing."""
        return _text(self._requested("note"))

    @property
    def created(self) -> float:
        """When it was made, in seconds since 1970; 0 when unknown."""
        created = as_number(self._requested("created"))
        return created if 0 <= created < _LATEST else 0.0

    @property
    def was_imported(self) -> bool:
        """Whether it came in a zip, which holds no point to resume from."""
        return self._requested("imported") is True

    @property
    def writes_text(self) -> bool:
        """Whether it is a character RNN that writes on from a text: Generate and Hidden units take
        only those."""
        return self.config.task == "next-character" and self.config.model == "rnn"

    @property
    def is_scratch(self) -> bool:
        """Whether it is a scratch run, of which only the latest are kept."""
        return self.id.startswith("scratch/")

    def _requested(self, key: str) -> Any:
        request = self._request.value()
        return request.get(key) if isinstance(request, dict) else None

    def status(self) -> Status:
        """What it does now; cheap enough to be asked each second."""
        return infer_status(self._status.value(), leases.newest_lease(self.folder))

    def worker(self) -> ProcessName | None:
        """The process that wrote its status last, alive or not."""
        return ProcessName.from_json(self._status.value())

    @property
    def is_active(self) -> bool:
        """Whether it trains, is about to, or waits in a queue."""
        return self.status().is_active

    @property
    def can_resume(self) -> bool:
        """Whether training can go on where it ended."""
        return not self.read_only and not self.was_imported and self.status().state in RESUMABLE

    def metrics(self) -> dict[str, np.ndarray]:
        """The curve as columns ordered by step, NaN where a thing was not measured.

        Columns: step (int64), epoch, train_loss, epoch_loss, val_loss, val_accuracy, test_loss,
        test_accuracy, grad_norm, learning_rate, characters_per_second, seconds (float64); losses in
        nats per character, accuracies 0 to 1, which older runs do not have.
        """
        return self._metrics.columns()

    def results(self) -> dict[str, Any]:
        """What was measured once at its end, beyond the losses, by name; {} when nothing was."""
        try:
            data = read_json(self.folder / "results.json")
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def ladder(self) -> Ladder | None:
        """Losses of n-gram models on its parts, where they ship with it; else None."""
        try:
            return Ladder.from_json(read_json(self.folder / LADDER))
        except (OSError, ValueError):
            return None

    def samples(self) -> list[StoredSample]:
        """What it wrote while it learned, by step; the last one of each step."""
        by_step: dict[int, StoredSample] = {}
        for record in read_jsonl(self.folder / "samples.jsonl"):
            if (step := as_step(record.get("step"))) is not None:
                temperature = as_number(record.get("temperature"))
                texts = _text(record.get("prime")), _text(record.get("text"))
                by_step[step] = StoredSample(step, texts[0], temperature, texts[1])
        return [by_step[step] for step in sorted(by_step)]

    def events(self) -> list[Event]:
        """What was changed while it trained, in the order of the changes."""
        return [
            Event(
                step,
                as_number(record.get("seconds")),
                _text(record.get("what")),
                record.get("old"),
                record.get("new"),
            )
            for record in read_jsonl(self.folder / "events.jsonl")
            if (step := as_step(record.get("step"))) is not None
        ]

    def vocabulary(self) -> Vocabulary:
        """The characters it knows.

        Raises:
            RunError: not stored yet, or damaged.
        """
        try:
            return Vocabulary.from_json(read_json(self.folder / "vocabulary.json"))
        except FileNotFoundError:
            raise RunError(
                f"Run '{self.name}' has no vocabulary yet; it is stored when training begins."
            ) from None
        except ValueError as error:
            raise BrokenRun(f"The vocabulary of run '{self.name}' is damaged: {error}") from None

    def labels(self) -> tuple[str, ...]:
        """What it chooses between, such as languages; () when that is its characters."""
        try:
            data = read_json(self.folder / "labels.json")
        except (OSError, ValueError):
            return ()
        return tuple(map(_text, data)) if isinstance(data, list) else ()

    def snapshots(self) -> list[int]:
        """Steps at which its weights were stored, ascending; "best" and "last" come on top."""
        names = (path.stem for path in (self.folder / "weights").glob(f"*{SUFFIX}"))
        return sorted(int(name) for name in names if _STEP.fullmatch(name))

    def weights(self, snapshot: int | str = "best") -> dict[str, np.ndarray]:
        """Its weights as float32 arrays under torch's names.

        Args:
            snapshot: a step of `snapshots()`, "best" (lowest validation loss) or "last". While
                neither exists yet, both mean the newest weights there are.
        Raises:
            RunError: no such snapshot, or its file is damaged.
        """
        try:
            return read_weights(self._weights_path(snapshot))
        except FileNotFoundError:
            raise RunError(
                f"Run '{self.name}' has no weights of '{snapshot}'; stored are those after updates "
                f"{', '.join(map(str, self.snapshots())) or '(none)'}."
            ) from None
        except BrokenRun as error:
            raise BrokenRun(f"Weights of run '{self.name}': {error}") from None

    def _weights_path(self, snapshot: int | str) -> Path:
        folder = self.folder / "weights"
        if isinstance(snapshot, int):
            return folder / f"{snapshot}{SUFFIX}"
        if snapshot not in ("best", "last"):
            raise RunError(
                f"'{snapshot[:40]}' is no snapshot: a number of updates, 'best' or 'last' is."
            )
        newest = [str(step) for step in reversed(self.snapshots())]
        order = ["best", "last", *newest] if snapshot == "best" else ["last", *newest, "best"]
        for name in order:
            if (folder / f"{name}{SUFFIX}").exists():
                return folder / f"{name}{SUFFIX}"
        raise RunError(f"Run '{self.name}' has no weights yet; they are stored as it trains.")

    def model(self, snapshot: int | str = "best") -> CharRNN:
        """The network as it was at a snapshot (see `weights`), ready to be run and opened up.

        Raises:
            RunError: no such snapshot, or its weights do not fit its cell or its vocabulary.
        """
        params = self.weights(snapshot)
        try:
            model = model_from_params(self.config, params)
        except ValueError as error:
            raise BrokenRun(f"Weights of run '{self.name}' do not fit: {error}") from None
        self._check_sizes(model.architecture.vocab_size, model.architecture.outputs)
        return model

    def _check_sizes(self, vocab_size: int, outputs: int) -> None:
        """Refuse weights that have no row for some character, or rows for unknown ones."""
        if not (self.folder / "vocabulary.json").exists():
            return
        known, labels = len(self.vocabulary()), self.labels()
        if known != vocab_size:
            self._refuse(f"{vocab_size} characters, but its vocabulary has {known}")
        if outputs != (len(labels) or known):
            self._refuse(f"{outputs} predictions, but there are {len(labels) or known} to make")

    def _refuse(self, mismatch: str) -> NoReturn:
        raise BrokenRun(
            f"Weights of run '{self.name}' do not fit: they are made for {mismatch}; one of the "
            "files belongs to another run."
        )

    def written(self) -> str:
        """Up to 20,000 characters that it wrote itself when it ended; "" when it has not."""
        try:
            data = (self.folder / "written.txt").read_bytes()
        except OSError:
            return ""
        return data.decode("utf-8", "replace")


def _read_config(run_id: str, folder: Path) -> tuple[RunConfig, str]:
    try:
        data = read_json(folder / "config.json")
    except OSError:
        raise BrokenRun(f"Run '{run_id}' has no config.json, which says what it is.") from None
    except ValueError:
        raise BrokenRun(f"The config.json of run '{run_id}' is damaged.") from None
    return parse_config(data, f"Run '{run_id}'")


def parse_config(data: Any, where: str) -> tuple[RunConfig, str]:
    """Settings and checksum of the corpus from the content of a `config.json`.

    Raises:
        BrokenRun: not settings of this version; the sentence begins with `where`.
    """
    settings, sha256 = data, ""
    if isinstance(data, dict):
        settings = {key: value for key, value in data.items() if key != SHA256}
        sha256 = _text(data.get(SHA256))
    try:
        return RunConfig.from_json(settings), sha256
    except (ConfigError, TypeError) as error:
        raise BrokenRun(f"{where}: {error}") from None


def config_json(config: RunConfig, corpus_sha256: str) -> dict[str, Any]:
    """The content of a `config.json`; `parse_config` reads it."""
    return json.loads(json.dumps({**config.to_json(), SHA256: corpus_sha256}))


def _text(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
