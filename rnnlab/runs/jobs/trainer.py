"""One attempt at training a run, from the request to the last file, and when it saves.

Writing a large network takes a while. Each kind of save notes what it cost, and waits until it
would take at most 1 % of the time; a resume point is due after a quarter of a second, then at
growing intervals, at last every ten seconds.
"""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from rnnlab.runs.errors import RunError, user_message
from rnnlab.runs.jobs.control import ControlReader, ControlRequest
from rnnlab.runs.jobs.writer import Heartbeat, RunWriter, Superseded
from rnnlab.runs.run import Run
from rnnlab.runs.texts import final_sample
from rnnlab.runs.weights import ResumePoint, read_resume_point
from rnnlab.text.batching import item_end
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.divergence import Diverged
from rnnlab.training.engines.factory import computes_on_cpu, make_engine
from rnnlab.training.loop import Controls, Measurement, train
from rnnlab.training.networks import make_model
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.planning import check_memory, memory_here
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params

FIRST_SAVE = 0.25  # seconds after the start
SAVE_EVERY = 10.0  # seconds, at least
MAX_SAVE_SHARE = 0.01  # of the time


class SaveSchedule:
    """Says when the next save of one kind is due."""

    def __init__(self, first: float, every: float) -> None:
        self._began = time.monotonic()
        self._every = every
        self._due = self._began + first

    def is_due(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self._due

    def save(self, write: Callable[[], None]) -> None:
        """Write now, and set the next time by what it cost."""
        start = time.monotonic()
        write()
        now = time.monotonic()
        rhythm = min(self._every, now - self._began)  # doubles, second by second
        self._due = now + max(rhythm, (now - start) / MAX_SAVE_SHARE)


CHANGEABLE = ("learning_rate", "clipping", "grad_clip")
_LOOK_AGAIN = 0.03  # seconds between looks at the requests while paused
_LINE_EVERY = 0.1  # seconds between two lines of metrics
_FINAL_SAMPLE_SECONDS = 3.0  # seconds for the text it leaves behind
_FINAL_SAMPLE_SECONDS_SCRATCH = 0.3  # a scratch run must make way for its successor


class Attempt:
    """Trains one run and writes down what happens.

    Args:
        number: of the attempt, leased for this worker.
        data: the folder of corpora.
        leave: set when the worker has to go: the app closed, or somebody sent SIGTERM.
        on_first: called once, when the first loss is on disk.
    Raises:
        RunError: the folder is no run.
    """

    def __init__(
        self, run: Run, number: int, data: Path, leave: Event, on_first: Callable[[], None]
    ) -> None:
        self._run = run
        self._data = data
        self._leave = leave
        self._on_first: Callable[[], None] | None = on_first
        self._writer = RunWriter(run.folder, number)
        self._request = ControlReader(run.folder, number)
        self._stopwatch = Stopwatch()
        self._controls = Controls()
        self._singles = 0
        self._paused = False
        self._end = ""
        self._now: Measurement | None = None
        self._pending: Measurement | None = None  # not written, for there were ten this second
        self._last_line = -math.inf
        self._best_is_stored = True
        self._resume_points = SaveSchedule(FIRST_SAVE, SAVE_EVERY)
        self._bests = SaveSchedule(0.0, 0.5)

    def carry_out(self) -> dict[str, str]:
        """Train until the end, and say how it ended: state, error, advice.

        Never raises; what cannot be written any more is in the answer. An attempt that was taken
        over ends as "superseded", of which the folder knows nothing.
        """
        try:
            self._writer.tidy()
            with Heartbeat(self._writer, self._known_before()) as heart:
                self._heart = heart
                return self._train_and_tell()
        except Superseded:
            return {"state": "superseded"}
        except Exception as error:
            traceback.print_exc()
            return {"state": "failed", "error": user_message(error), "advice": ""}

    def _known_before(self) -> dict[str, Any]:
        before = self._run.status()
        kept = ("step", "epoch", "seconds", "progress", "total_steps", "best_val_loss")
        return {"state": "starting", **{name: getattr(before, name) for name in kept}}

    def _train_and_tell(self) -> dict[str, str]:
        end = {"state": "failed", "error": "", "advice": ""}
        try:
            end["state"] = self._train()
        except Superseded:
            raise
        except Diverged as error:
            end.update(error=f"Training diverged at {self._where()}.", advice=str(error))
        except Exception as error:
            traceback.print_exc()
            end["error"] = user_message(error)
        self._heart.write_despite_full_disk(**end)
        self._end = end["state"]
        return end

    def _where(self) -> str:
        return f"update {self._now.step if self._now else self._start.step}"

    def _train(self) -> str:
        """The state in which it ends: finished, stopped or interrupted."""
        self._set_up()
        self._apply_controls()
        for measurement in train(
            self._task,
            self._engine,
            self._run.config,
            self._controls,
            self._stopwatch,
            start_step=self._start.step,
            start_seconds=self._start.seconds,
        ):
            self._now = measurement
            self._record(measurement)
            if measurement.diverged:
                self._store_best()
            else:
                self._keep(measurement)
                self._save(at_once=False)
            self._apply_controls()
            if self._leave.is_set():
                break
        self._save(at_once=True)
        if self._leave.is_set() and not (self._now and self._now.finished):
            return "interrupted"
        if self._controls.stop:
            return "stopped"
        self._writer.results(self._task.results(self._engine.params()))
        return "finished"

    def _set_up(self) -> None:
        config = self._run.config
        corpus = CorpusLibrary(self._data).load(config.corpus)
        point = read_resume_point(self._run.folder)
        _check_corpus(corpus, self._run.corpus_sha256, point)
        self._start = point or ResumePoint(0, 0.0, {})
        self._corpus_sha256 = corpus.sha256
        self._best = self._start.best_val_loss
        self._task = make_task(config, corpus)
        if computes_on_cpu(config):  # which kills who takes too much; a GPU says no
            check_memory(self._task, memory_here())
        self._writer.symbols(self._task.vocabulary.to_json(), list(self._task.labels))
        self._engine = make_engine(config, self._task.architecture, first_params(self._task))
        if point:
            self._go_on_from(point)
        self._heart.announce(
            state="running",
            device=self._engine.description,
            parameters=self._task.architecture.parameter_count(),
            **self._in_force(),
        )

    def _go_on_from(self, point: ResumePoint) -> None:
        self._engine.load_state(dict(point.state))
        for name in CHANGEABLE:
            setattr(self._controls, name, point.controls.get(name))
        self._event("attempt", self._writer.attempt - 1, self._writer.attempt)

    # What was measured

    def _record(self, measured: Measurement) -> None:
        is_last = measured.finished or measured.diverged
        is_rare = measured.val_loss is not None or measured.epoch_loss is not None
        matters = is_last or is_rare or self._paused
        self._pending = measured
        if matters or self._on_first or time.monotonic() - self._last_line >= _LINE_EVERY:
            self._write_line()
        if measured.sample:
            sample = {"step": measured.step, **vars(measured.sample)}
            self._writer.line("samples.jsonl", sample)
        self._heart.note(**_status_record(measured), device=self._engine.description)
        if self._on_first:
            self._heart.announce()
            self._on_first()
            self._on_first = None

    def _write_line(self) -> None:
        if self._pending:
            self._writer.line("metrics.jsonl", _metrics_record(self._pending))
            self._pending, self._last_line = None, time.monotonic()

    def _keep(self, measured: Measurement) -> None:
        if measured.snapshot:
            self._writer.weights(str(measured.step), self._engine.params(), half=True)
        loss = measured.val_loss
        if loss is not None and math.isfinite(loss) and (self._best is None or loss < self._best):
            self._best, self._best_params = loss, self._engine.params()
            self._best_is_stored = False
            self._heart.note(best_val_loss=loss)

    # What is stored

    def _save(self, *, at_once: bool) -> None:
        if at_once:
            self._write_line()
        is_due = at_once or self._resume_points.is_due()
        if is_due or self._bests.is_due():
            self._store_best()
        if self._now and is_due:
            self._resume_points.save(self._save_resume_point)
        if self._now and at_once:
            self._writer.weights("last", self._engine.params())

    def _store_best(self) -> None:
        if not self._best_is_stored:
            self._bests.save(lambda: self._writer.weights("best", self._best_params))
            self._best_is_stored = True

    def _save_resume_point(self) -> None:
        assert self._now is not None
        self._store_best()  # first: the point knows the best loss
        self._writer.resume_point(
            ResumePoint(
                self._now.step,
                self._now.seconds,
                self._engine.state(),
                self._corpus_sha256,
                self._best,
                {name: getattr(self._controls, name) for name in CHANGEABLE},
            )
        )

    def write_final_sample(self) -> None:
        """Let a network that came to its end write the text it leaves behind, in a few seconds.

        The run has ended well before: whatever goes wrong here is only logged.
        """
        if self._end not in ("finished", "stopped"):
            return
        seconds = _FINAL_SAMPLE_SECONDS_SCRATCH if self._run.is_scratch else _FINAL_SAMPLE_SECONDS
        try:
            if self._end == "finished":
                self._writer.forget_resume_point()
            if self._run.writes_text:
                self._writer.written(self._own_text(seconds))
        except (OSError, ValueError):
            traceback.print_exc()
        except Superseded:  # resumed already; it writes one at its next end
            return

    def _own_text(self, seconds: float) -> str:
        model = make_model(self._task.architecture, self._engine.params())
        vocabulary, config = self._task.vocabulary, self._run.config
        end = item_end(config.batching, vocabulary)
        return final_sample(model, vocabulary, seconds, config.seed, end)

    # What people ask for

    def _apply_controls(self) -> None:
        """Do what is asked; while paused, come back only when there is something to do."""
        while not self._leave.is_set():
            request = self._request.now()
            self._change(request)
            self._controls.stop = request.stop
            self._pause(request.pause and not request.stop)
            single = request.singles > self._singles
            if request.stop or single or not request.pause:
                self._controls.single = single and request.pause
                self._singles += 1 if single else 0
                return self._stopwatch.start()
            self._leave.wait(_LOOK_AGAIN)
        return None

    def _pause(self, is_wanted: bool) -> None:
        if is_wanted:
            self._stopwatch.stop()
        if is_wanted != self._paused:
            self._paused = is_wanted
            if is_wanted:
                self._save(at_once=True)
            self._heart.announce(state="paused" if is_wanted else "running")

    def _change(self, request: ControlRequest) -> None:
        changed = False
        for name in CHANGEABLE:
            wanted, old = getattr(request, name), getattr(self._controls, name)
            if wanted is not None and wanted != old:
                setattr(self._controls, name, wanted)
                self._event(name, getattr(self._run.config, name) if old is None else old, wanted)
                changed = True
        if changed:
            self._heart.announce(**self._in_force())
            if self._now:
                self._save_resume_point()

    def _event(self, what: str, old: Any, new: Any) -> None:
        place = self._now or self._start
        record = {
            "step": place.step,
            "seconds": place.seconds,
            "what": what,
            "old": old,
            "new": new,
        }
        self._writer.line("events.jsonl", record)

    def _in_force(self) -> dict[str, Any]:
        chosen = {name: getattr(self._controls, name) for name in CHANGEABLE}
        config = self._run.config
        return {n: getattr(config, n) if value is None else value for n, value in chosen.items()}


def _check_corpus(corpus: Corpus, sha256: str, point: ResumePoint | None) -> None:
    known = sha256 or (point.corpus_sha256 if point else "")
    if known and known != corpus.sha256:
        raise RunError(
            f"The text of '{corpus.title}' is not the one this run was made for; start a new run, "
            "or bring the old text back."
        )


def _metrics_record(measured: Measurement) -> dict[str, Any]:
    return {
        "step": measured.step,
        "epoch": measured.epoch,
        "train_loss": measured.train_loss,
        "epoch_loss": measured.epoch_loss,
        "val_loss": measured.val_loss,
        "val_accuracy": measured.val_accuracy,
        "test_loss": measured.test_loss,
        "test_accuracy": measured.test_accuracy,
        "grad_norm": measured.grad_norm,
        "learning_rate": measured.learning_rate,
        "characters_per_second": measured.characters_per_second,
        "seconds": measured.seconds,
    }


def _status_record(measured: Measurement) -> dict[str, Any]:
    record = _metrics_record(measured)
    lasting = ("val_loss", "test_loss")  # measured now and then: keep the latest
    for only_in_the_curve in ("epoch_loss", "val_accuracy", "test_accuracy"):
        del record[only_in_the_curve]
    del record["learning_rate"]  # the status tells the one asked for, before the schedule
    record["evaluation_seconds"] = measured.evaluation_seconds
    known = {n: value for n, value in record.items() if n not in lasting or value is not None}
    progress = measured.progress
    return {
        **known,
        "progress": progress,
        "total_steps": measured.total_steps
        or (round(measured.step / progress) if progress else None),
        "seconds_left": measured.seconds * (1 - progress) / progress if progress else None,
    }
