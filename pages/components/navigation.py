"""The pages of the lab, in the order of the side bar."""

from __future__ import annotations

import streamlit as st

from rnnlab.experiments.experiment import LABS

LABS_SECTION = "Labs"


def navigation() -> dict[str, list[st.Page]]:
    """The pages by section, as `st.navigation` takes them."""
    return {
        "": _start(),
        "Train": _train(),
        "Look inside": _look_inside(),
        "Under the glass": _under_the_glass(),
        LABS_SECTION: [_page(f"lab_{k}", LABS[k].title, "science", LABS[k].lead) for k in LABS],
    }


def _page(stem: str, title: str, icon: str, help: str) -> st.Page:
    return st.Page(
        f"pages/{stem}.py", title=title, icon=f":material/{icon}:", url_path=stem, help=help
    )


def _start() -> list[st.Page]:
    default = st.Page(
        "pages/start.py",
        title="Start",
        icon=":material/home:",
        default=True,
        url_path="",
        help="What a character RNN is, a demo of 30 seconds, and what is in the lab.",
    )
    # The default page answers at the root only; these make links of its names as well.
    names = [
        st.Page("pages/start.py", title="Start", url_path=path, visibility="hidden")
        for path in ("start", "home")
    ]
    return [default, *names]


def _train() -> list[st.Page]:
    return [
        _page(
            "corpus",
            "Corpus",
            "menu_book",
            "The text, its characters, how it is split and cut into batches.",
        ),
        _page(
            "train",
            "Train",
            "model_training",
            "Choose every setting, start a run, and watch its loss while it learns.",
        ),
        _page(
            "runs",
            "Runs",
            "table_rows",
            "All runs with their settings and losses: compare, rename, export, import.",
        ),
    ]


def _look_inside() -> list[st.Page]:
    return [
        _page(
            "generate",
            "Generate",
            "edit_note",
            "Let a network write, character by character, and see what it nearly wrote.",
        ),
        _page(
            "hidden_units",
            "Hidden units",
            "grid_on",
            "What each hidden unit does while the network reads a text.",
        ),
    ]


def _under_the_glass() -> list[st.Page]:
    return [
        _page(
            "loss",
            "What a loss means",
            "stairs",
            "How good counting characters would be, and what that says about a network.",
        ),
        _page(
            "find_unit",
            "Find a unit",
            "search",
            "Which unit follows quotes, names, line ends or any pattern you type.",
        ),
        _page(
            "surgery",
            "Surgery",
            "healing",
            "Hold or move units, or exchange one character, and see what changes.",
        ),
        _page(
            "time_machine",
            "Time machine",
            "history",
            "The same text, unit and dice at every stored moment of training, as a film; "
            "and when a network learned spaces, short words, line breaks and names.",
        ),
        _page(
            "bptt",
            "Gradients through time",
            "trending_down",
            "Whose loss reaches which step, and what fading, clipping and cutting do.",
        ),
        _page(
            "connectivity",
            "What a prediction depends on",
            "hub",
            "Point at a character: the earlier ones that its prediction depends on light up, "
            "cells side by side.",
        ),
        _page(
            "one_step",
            "One cell, one step",
            "functions",
            "A cell's equations with one step's real numbers, and who wrote its memory.",
        ),
        _page(
            "memory",
            "Memory, measured",
            "hourglass",
            "How many characters back a network makes use of, cells side by side.",
        ),
        _page(
            "gradient_check",
            "Gradient check theatre",
            "fact_check",
            "Gradients by hand, by torch and from the loss itself; find the planted bug.",
        ),
        _page(
            "two_models",
            "Two models, one text",
            "compare",
            "Where one network expects what comes and the other does not.",
        ),
    ]
