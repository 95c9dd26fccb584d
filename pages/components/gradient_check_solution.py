"""What a bug is: the lines that differ, and why its errors look as they do."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from rnnlab.inspection.faults.fault import Fault
from rnnlab.inspection.faults.source_diff import source_diff

_HIDING = {
    "seq_length": "With one step it cannot be seen.",
    "batch_size": "With one sequence it cannot be seen.",
    "": "Neither one step nor one sequence hides it.",
}
_WORDS = {
    "rnn.*": "all tensors of the recurrent layers",
    "rnn.bias_ih_l*": "`bias_ih` of each layer",
    "rnn.weight_hh_l*": "`weight_hh` of each layer",
}


def draw(fault: Fault, cell: str) -> None:
    """Right and wrong source together, and the reason."""
    piece = fault.pieces[cell]
    source, words = st.columns([3, 2], gap="large")
    with source:
        st.code(source_diff(*piece.sources(cell)), language="diff", wrap_lines=True)
        frame.how_to_read("A line with − is right and gone, a line with + is wrong and new.")
    with words:
        st.markdown(f"**{fault.title}.** {fault.act}")
        tensors = ", ".join(_WORDS.get(pattern, f"`{pattern}`") for pattern in fault.fails)
        gates = ""
        if piece.gates:
            listed = " and ".join(f"**{gate}**" for gate in piece.gates)
            gates = f" With one step and one layer, only rows of {listed} are wrong."
        st.markdown(f"Wrong: {tensors}. {_HIDING[fault.hidden_by]}{gates}")
        st.markdown(fault.why)
