"""Where the sums before the gates of one unit come from, and what each of them is made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.components.browser.plot import Click, plot
from pages.components.layout import definition, escape_markdown, how_to_read, two_columns
from pages.components.one_step.choice import StepChoice, look_below, look_one_step_back
from pages.components.pickers.address import one_of, put
from rnnlab.figures.one_step import character_terms, gate_parts, sum_formula, unit_terms
from rnnlab.inspection.one_step import CellStep, of_each_character
from rnnlab.network.cells import Cell
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary

_GATE = "gate"  # in the URL
_MAX_TERMS = 8  # units in a figure of what adds most


def sums(choice: StepChoice, vocabulary: Vocabulary) -> None:
    """Bars a gate, and what one of them is made of."""
    step, cell = choice.step, choice.reading.model.cell
    names = [each.name for each in step.gates]
    gate = _gate(choice, names)
    plot(
        gate_parts(step, gate),
        key="one_step_sums",
        height=110 + 46 * len(step.gates),
        alt="What input, memory and biases add before each gate of the unit.",
        on_click=_choose_gate,
    )
    how_to_read(
        "Bars to the right push a gate up, bars to the left push it down; the diamond is their "
        "sum, which the squashing function turns into the number on the left. "
        + ("**Click a row** to see what it is made of." if len(names) > 1 else "")
        + "".join(
            f" What the memory adds to {name} is already multiplied by the "
            f"{_called(cell, by)} {by}."
            for name, by in cell.through.items()
        )
    )
    left, right = two_columns()
    with left:
        _memory(choice, step, gate)
    with right:
        _input(choice, step, gate, vocabulary)
    _definition(cell)


def _called(cell: type[Cell], value: str) -> str:
    """What people call a gate: 'reset gate'."""
    return cell.VALUES[value].meaning.partition(":")[0].lower()


def _definition(cell: type[Cell]) -> None:
    definition(
        sum_formula(cell),
        "One row of each matrix, as `torch.nn.RNN`, `LSTM` and `GRU` define them; the parts add up "
        "exactly. **A long bar is not an influence.** A unit that always says the same adds a "
        "constant, like a bias, however long its bar; and where the sum is far from 0 the "
        "squashing function is flat, so that a bar more or less changes next to nothing.",
    )


def _gate(choice: StepChoice, names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    cell = choice.reading.model.cell
    meanings = cell.VALUES
    return one_of(
        "Gate",
        names,
        cell.forget_gate or names[-1],
        key=_GATE,
        help="Which sum to look into.\n"
        + "\n".join(f"- **{name}**: {meanings[name].meaning}" for name in names),
    )


def _choose_gate(click: Click) -> None:
    put(_GATE, str(click.y).split(" = ")[0])


def _memory(choice: StepChoice, step: CellStep, gate: str) -> None:
    st.subheader(f"What the memory says to {gate}", anchor=False)
    plot(
        unit_terms(
            step.gate(gate).memory_weights, step.h, step.memory_terms(gate), "memory", _MAX_TERMS
        ),
        key="one_step_memory",
        height=320,
        alt="The units of the previous step that add most.",
        on_click=_with_unit(partial(look_one_step_back, choice)),
    )
    how_to_read(
        f"The {_MAX_TERMS} units of the step before that add most to {gate}, as weight · value of "
        "the unit; point at a bar for both. **Click a unit** to see that step of it: how it came "
        "to that value."
    )


def _with_unit(look: Callable[[int], None]) -> Callable[[Click], None]:
    """What a click on the bar of a unit does; that of all others does nothing."""

    def go(click: Click) -> None:
        name, _, number = str(click.y).partition(" ")
        if name == "unit":
            look(int(number))

    return go


def _input(choice: StepChoice, step: CellStep, gate: str, vocabulary: Vocabulary) -> None:
    st.subheader(f"What the input says to {gate}", anchor=False)
    below = step.input_terms(gate)
    if step.layer and below is not None:
        plot(
            unit_terms(step.gate(gate).input_weights, step.x, below, "input", _MAX_TERMS),
            key="one_step_below",
            height=320,
            alt="The units of the layer below that add most.",
            on_click=_with_unit(partial(look_below, choice)),
        )
        how_to_read(
            f"The {_MAX_TERMS} units of layer {step.layer} that add most to {gate}, at this "
            "character. **Click a unit** to look into it."
        )
        return
    symbol = choice.reading.part.text[choice.t]
    terms = of_each_character(choice.reading.model, step, gate)
    read = int(vocabulary.encode(symbol)[0])
    plot(
        character_terms(vocabulary.symbols, terms, read),
        key="one_step_characters",
        height=320,
        alt="What every character would add, the one that was read drawn strongly.",
    )
    how_to_read(
        f"What each character would add to {gate} wherever it is read; the strong bar is "
        f"**{escape_markdown(visible(symbol))}**, which adds {_signed(terms[read])}. This gate "
        "listens to the characters far from 0."
    )


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
