"""The twelve steps of the manual that Lab 1 follows: what it asks for, and where that is shown."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components.layout import escape_markdown


@dataclass(frozen=True)
class Step:
    """One step, with its place on the page of the lab."""

    number: int
    title: str
    asks: str  # what the manual asks for
    here: str  # what on the page shows it

    @property
    def anchor(self) -> str:
        """The part of the page's address that leads there."""
        return f"step-{self.number}"


STEPS: tuple[Step, ...] = tuple(
    Step(number, *step)
    for number, step in enumerate(
        (
            (
                "Libraries",
                "Import what is needed, and know its versions.",
                "The table of what is installed on this machine, read anew each time.",
            ),
            (
                "The data set",
                "Load Tiny Shakespeare and see that it is the right file.",
                "Its checksum beside the expected one, its size, its distinct characters, its "
                "beginning.",
            ),
            (
                "Split",
                "Divide the text: 90 % for training, 5 % for validation, 5 % for the test.",
                "The bar, drawn to scale.",
            ),
            (
                "Vocabulary and encoding",
                "Give each character a number, and come back from numbers to characters.",
                "The field for a word: its numbers, and what they decode to.",
            ),
            (
                "Hyperparameters",
                "Choose epochs, learning rate, embedding size, batch size, sequence length, "
                "hidden size and layers.",
                "A control for each; step 8 trains with them.",
            ),
            (
                "Sliding windows",
                "Cut the training text into overlapping windows; y is x shifted by one character.",
                "A batch exactly as the network sees it, x above y.",
            ),
            (
                "The model",
                "Embedding, several vanilla RNN layers, a linear layer; hidden states begin at "
                "zero.",
                "The diagram with the shape at every arrow.",
            ),
            (
                "Training",
                "Backpropagation through time with cross-entropy, Adam and clipped gradients.",
                "The source that runs, one update with its numbers, and the button that trains.",
            ),
            (
                "Losses",
                "Training and validation loss after each epoch, the test loss at the end; draw "
                "their curves.",
                "The table of the epochs and the curves.",
            ),
            (
                "Generation",
                "Let the network write on from a seed text.",
                "The field for a seed text and the player; hidden units beside the text.",
            ),
            (
                "Hidden units",
                "Watch the hidden units over time.",
                "The heatmap over a text that it reads, or over what it has just written.",
            ),
            (
                "Analysis",
                "Converged? Overfitting or underfitting? What is still hard? What next?",
                "Answers from the numbers of the run, and the report to download.",
            ),
        ),
        start=1,
    )
)


def step(number: int) -> Step:
    """The step of that number, from 1 to 12."""
    return STEPS[number - 1]


SETTINGS = "the settings of step 5"


def contents() -> None:
    """All steps with what the manual asks for, and links to where that is."""
    lines = ["| step | the manual asks for | shown here |", "| --- | --- | --- |"]
    lines += [
        f"| [{each.number}. {each.title}](#{each.anchor}) | {each.asks} | {each.here} |"
        for each in STEPS
    ]
    with st.expander("The twelve steps, and where each is", icon=":material/checklist:"):
        st.markdown("\n".join(lines))


def begin(number: int, shows: str = "") -> None:
    """The heading of a step.

    Args:
        shows: whose numbers stand below, such as "the run “A small RNN”"; plain text.
    """
    found = step(number)
    st.header(f"{number}. {found.title}", anchor=found.anchor)
    st.markdown(f"The manual asks: *{found.asks}*")
    if shows:
        st.caption(f":material/visibility: Shown: {escape_markdown(shows)}.")
