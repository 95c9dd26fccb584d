"""The tasks that a run can learn, by their name in a config."""

from __future__ import annotations

from collections.abc import Callable

from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks.base import Task
from rnnlab.training.tasks.language import LanguageTask
from rnnlab.training.tasks.names import Names
from rnnlab.training.tasks.next_character import NextCharacter
from rnnlab.training.tasks.reversal import Reversal
from rnnlab.training.tasks.surname import Surname

TASKS: dict[str, Callable[[RunConfig, Corpus], Task]] = {
    "next-character": NextCharacter,
    "reversal": Reversal,
    "names": Names,
    "language": LanguageTask,
    "surname": Surname,
}


def make_task(config: RunConfig, corpus: Corpus) -> Task:
    """The task of a config on a corpus; CorpusError or ConfigError when they do not fit."""
    return TASKS[config.task](config, corpus)
