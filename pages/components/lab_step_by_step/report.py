"""The report of Lab 1, put together from what the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from pages.components import readings
from pages.components.lab_step_by_step.settings import libraries
from pages.components.networks import Network
from pages.components.pickers.values import ValueChoice
from pages.components.readings import TraceKey
from pages.components.writing import written
from rnnlab.figures.labs.step_by_step import (
    Drawing,
    Paragraph,
    Section,
    Table,
    WrittenPart,
    epochs_chart,
    hardness_bars,
    report_html,
)
from rnnlab.figures.units import units_heatmap
from rnnlab.inspection.analysis import Numbers, RunFinding
from rnnlab.inspection.writing import SamplingSettings
from rnnlab.runs.run import Run
from rnnlab.training.config import settings
from rnnlab.training.labels import duration_text, value_text

_SETTINGS = (
    *("corpus", "max_characters", "train_share", "validation_share", "batching", "stride"),
    *("cell", "embedding_size", "hidden_size", "num_layers", "dropout"),
    *("seq_length", "batch_size", "optimizer", "learning_rate", "clipping", "grad_clip"),
    *("budget", "budget_unit", "seed"),
)


def report(
    run: Run,
    network: Network,
    numbers: Numbers,
    found: Sequence[RunFinding],
    sampling: SamplingSettings | None,
    question: TraceKey | None,
    choice: ValueChoice,
    author: str,
    remarks: str,
) -> str:
    """The whole report as HTML, with everything that is there."""
    sections = [_about(run, author), _settings(run), _losses(numbers)]
    if sampling is not None:
        sections.append(_text(network, sampling))
    if question is not None:
        sections.append(_units(question, choice))
    sections.append(_analysis(numbers, found))
    if remarks.strip():
        sections.append(Section("Remarks", [WrittenPart(remarks)]))
    return report_html(f"A character RNN step by step: {run.name}", sections)


def _about(run: Run, author: str) -> Section:
    status = run.status()
    rows = [
        *([("Author", author)] if author.strip() else []),
        ("Run", f"{run.name} ({run.id})"),
        ("sha256 of the text", run.corpus_sha256 or "not known"),
        ("Parameters", f"{status.parameters:,}" if status.parameters else "not known"),
        ("Updates", f"{status.step:,}"),
        ("Training time", duration_text(status.seconds)),
        ("Installed", ", ".join(f"{each.name} {each.version}" for each in libraries())),
    ]
    return Section("The run", [Table(("What", "Value"), rows)])


def _settings(run: Run) -> Section:
    values = asdict(run.config)
    rows = [(settings()[name].label, value_text(name, values[name])) for name in _SETTINGS]
    return Section("Settings", [Table(("Setting", "Value"), rows)])


def _losses(numbers: Numbers) -> Section:
    if not numbers.training:
        return Section("Losses", [Paragraph("No epoch's loss was measured.")])
    rows = [
        (str(epoch), f"{loss:.3f}", f"{numbers.validation[epoch - 1]:.3f}")
        if numbers.validation
        else (str(epoch), f"{loss:.3f}", "")
        for epoch, loss in enumerate(numbers.training, start=1)
    ]
    test = "not measured" if numbers.test is None else f"{numbers.test:.3f} nats per character"
    return Section(
        "Losses",
        [
            Table(("Epoch", "Training", "Validation"), rows),
            Paragraph(f"Test loss at the end: {test}."),
            Drawing(
                epochs_chart(numbers.training, numbers.validation, numbers.test),
                "Loss of each epoch in nats per character: mean while it learned, and on "
                "validation text afterwards.",
            ),
        ],
    )


def _text(network: Network, sampling: SamplingSettings) -> Section:
    found = written(network.key, sampling)
    how = (
        f"Seed text and {len(found.text):,} characters after it, at temperature "
        f"{sampling.temperature:g} with random seed {sampling.seed}."
    )
    return Section("What it wrote", [Paragraph(how), WrittenPart(found.prime + found.text)])


def _units(question: TraceKey, choice: ValueChoice) -> Section:
    trace = readings.trace(question)
    figure = units_heatmap(
        trace,
        question.part.text,
        name=question.name,
        scale=readings.scale(question),
        order=readings.order(question, choice.order)[: choice.count],
        start=question.part.start,
    )
    caption = (
        f"{question.name} of hidden units of layer {question.layer + 1}: one row a unit, one "
        "column a character; red is high, blue is low."
    )
    return Section("Hidden units", [Drawing(figure, caption, 460), WrittenPart(question.part.text)])


def _analysis(numbers: Numbers, found: Sequence[RunFinding]) -> Section:
    content: list[Paragraph | Drawing] = []
    for each in found:
        content.append(Paragraph(f"{each.question} {each.answer}"))
    if numbers.hard is not None:
        caption = "Loss by what comes next; the dashed line is the mean of the text."
        content.append(Drawing(hardness_bars(numbers.hard.kinds, numbers.hard.loss), caption))
    return Section("Analysis", content)
