"""The labs of the app: each reproduces a published one, from one page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lab:
    """A page of the Labs section."""

    name: str  # of its page file, without "lab_"
    title: str
    lead: str  # one sentence: what one finds out there


LABS: dict[str, Lab] = {
    lab.name: lab
    for lab in (
        Lab(
            "step_by_step",
            "1 · Step by step",
            "A character RNN in twelve steps, from the text to an analysis of what it learned.",
        ),
        Lab(
            "dinosaurs",
            "2 · Four cells, one list",
            "An RNN from linear layers, a vanilla RNN, an LSTM and a GRU learn the names of "
            "dinosaurs.",
        ),
        Lab(
            "by_hand",
            "3 · By hand in NumPy",
            "Forward, backward, clip, update, without a library; and a published net whose faults "
            "a gradient check finds.",
        ),
        Lab(
            "classes",
            "4 · What a hidden state is for",
            "Names to languages and languages to names, with a hidden state and without one.",
        ),
        Lab(
            "shakespeare",
            "5 · Shakespeare and Holmes",
            "A network that learns ten thousand characters by heart, and the forms that problems "
            "with sequences take.",
        ),
    )
}
