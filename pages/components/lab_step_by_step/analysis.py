"""Step 12 of the manual: what the numbers say, and the report to take home."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.components.browser.plot import plot
from pages.components.lab_step_by_step import report, steps
from pages.components.lab_step_by_step.losses import named
from pages.components.lab_step_by_step.text import written_alone
from pages.components.layout import escape_markdown, how_to_read
from pages.components.networks import Network, NetworkKey, load
from pages.components.pickers.values import ValueChoice
from pages.components.readings import TraceKey
from rnnlab.figures.labs.step_by_step import hardness_bars
from rnnlab.inspection.analysis import Numbers
from rnnlab.inspection.analysis import analysis as findings
from rnnlab.inspection.text_loss import LossByCharacter, loss_by_character
from rnnlab.inspection.writing import SamplingSettings
from rnnlab.runs.results import epoch_losses
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText

_OWN = "what it wrote itself, which it finds easier than any other text,"
_AUTHOR, _REMARKS = "manual_author", "manual_remarks"
_MAX_CHARACTERS = 5_000
_CHARACTERS = 12  # bars


def analysis(
    run: Run,
    network: Network,
    held_out: SourceText | None,
    sampling: SamplingSettings | None,
    question: TraceKey | None,
    choice: ValueChoice,
) -> None:
    """The findings with their figures, and the report.

    Args:
        sampling: of step 10; question, choice: of step 11. What is None is left out of the report.
    """
    steps.begin(12, named(run))
    text = held_out.text if held_out else written_alone(network.key)
    hard = hardness(network.key, text) if len(text) > 1 else None
    numbers = _numbers(run, network, hard, held_out.title if held_out else _OWN)
    found = findings(numbers)
    left, right = st.columns([3, 2], gap="large")
    with left:
        for each in found:
            st.markdown(f"**{each.question}**  \n{escape_markdown(each.answer)}")
    with right:
        if hard is not None:
            _bars(hard)
    st.subheader("The report", anchor=False)
    author, remarks = _own_words()
    st.download_button(
        "Download the report",
        lambda: report.report(
            run, network, numbers, found, sampling, question, choice, author, remarks
        ).encode(),
        file_name=f"report-{run.id.replace('/', '-')}.html",
        mime="text/html",
        key="manual_report",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        help="One HTML file with the settings, the losses, the figures, the text of step 10 and "
        "this analysis. It opens in any browser, without the internet.",
    )


def _numbers(run: Run, network: Network, hard: LossByCharacter | None, read: str) -> Numbers:
    losses, status = epoch_losses(run), run.status()
    return Numbers(
        training=losses.training,
        validation=losses.validation,
        test=losses.test,
        vocab_size=len(network.vocabulary),
        cell=run.config.cell,
        hidden_size=run.config.hidden_size,
        dropout=run.config.dropout,
        hard=hard,
        read=read,
        failure=status.error if status.state == "failed" else "",
        advice=status.advice,
    )


def _bars(hard: LossByCharacter) -> None:
    which = st.segmented_control(
        "Loss of",
        ("kinds of characters", "single characters"),
        default="kinds of characters",
        required=True,
        key="manual_bars",
    )
    bars = hard.kinds if which == "kinds of characters" else hard.characters[:_CHARACTERS]
    plot(
        hardness_bars(bars, hard.loss),
        key="manual_bars_plot",
        height=340,
        alt="The loss by what comes next, the hardest on top.",
    )
    how_to_read(
        "How much the network is surprised where such a character comes next; the dashed line is "
        "the mean of the text."
    )


def _own_words() -> tuple[str, str]:
    """What a student adds to the report: a name, and a text."""
    author = st.text_input(
        "Your name (if you like)", key=_AUTHOR, max_chars=100, width=320, persist_state="session"
    )
    remarks = st.text_area(
        "Your own remarks",
        key=_REMARKS,
        height=100,
        max_chars=_MAX_CHARACTERS,
        persist_state="session",
        placeholder="What surprised you? Do you agree with the analysis?",
        help="They stand at the end of the report. Press Ctrl+Enter when they are done.",
    )
    if remarks:
        letters = f"{len(remarks):,} character{'s'[: len(remarks) != 1]}"
        st.caption(f"The report ends with your remarks, {letters}.")
    return author or "", remarks or ""


@lru_cache(maxsize=8)
def hardness(key: NetworkKey, text: str) -> LossByCharacter:
    """What a network finds hard in a text, kept from one rerun to the next."""
    network = load(key)
    return loss_by_character(network.model, network.vocabulary, text)
