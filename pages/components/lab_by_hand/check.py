"""The lesson: which gradients of which network are wrong, guessed, checked and explained."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import layout
from pages.components.layout import how_to_read, show_error
from rnnlab.inspection.gradient_check.check import TensorCheck, check_gradients
from rnnlab.inspection.gradient_check.minimal import (
    CANDIDATES,
    HIDDEN,
    Candidate,
    check,
    tensor_names,
)
from rnnlab.network.kinds.minimal import ParallelNet, StackedNet

_TEXT = "to be, or not to be"
_MAX_CHARACTERS = 40  # characters, for all weights are tried twice
_SOLUTIONS = {
    (False, False): (
        "The three tensors of layer 1 fail, with an error of 1. The output reads the last layer "
        "only, and each layer reads the character instead of the layer below: so layer 1 has no "
        "way to the loss, and its true gradient is exactly 0. The backward pass sends it "
        "`decoder.weight.T @ dy` all the same, as if the output were read from it too. All others "
        "pass: seen without its idle layer, this is a correct net of one layer."
    ),
    (False, True): (
        "Everything fails but the output's bias, whose gradient is the sum of `dy` and looks at no "
        "hidden state. The state before is masked in place, so the backward pass finds what is "
        "left of a state where it needs the state that tanh gave and the output has read. The new "
        "state is doubled, but `1 - h * h` is the slope of tanh at h only while h is what tanh "
        "gave, and the factor 2 is missing. And dropped units get their gradient as if nobody had "
        "dropped them."
    ),
    (True, False): (
        "All pass. The derivative goes down from layer to layer through `weight_ih.T @ da`, and "
        "back in time through `weight_hh.T @ da`."
    ),
    (True, True): (
        "All pass. What is dropped on the way up is dropped on the way down, by the same mask, and "
        "the state that is carried on stays whole, so `1 - h * h` is still the slope of tanh."
    ),
}


def lesson() -> None:
    """Predict which tensors fail, run the check, compare, read the solution."""
    candidate = CANDIDATES[
        st.selectbox(
            "Network under suspicion",
            list(CANDIDATES),
            index=1,
            key="check_net",
            help=f"With {HIDDEN} units a layer, so that every weight can be tried.",
        )
    ]
    _source(candidate)
    names = tensor_names(candidate)
    guess = st.multiselect(
        "1. Predict: which tensors will fail?",
        names,
        key=f"check_guess_{candidate.title}",
        placeholder="None of them",
        help="Read the code: which gradient is not the derivative of the loss that the forward "
        "pass leads to?",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Text that it reads",
            _TEXT,
            max_chars=_MAX_CHARACTERS,
            key="check_text",
            help="Each character is to predict the one after it.",
        )
        seed = st.number_input(
            "Random seed",
            1,
            1000,
            1,
            key="check_seed",
            help="Of the weights, the state at the start, and the units that are dropped.",
        )
        asked = st.button(
            "2. Run the check", type="primary", icon=":material/fact_check:", key="check_run"
        )
    if asked:
        st.session_state["check_asked"] = candidate.title
    if st.session_state.get("check_asked") != candidate.title:
        return
    if len(text) < 2:
        show_error("The check needs a text of at least two characters.")
        return
    _results(check(candidate, text, int(seed)), set(guess))
    with st.expander("Solution", icon=":material/lightbulb:"):
        st.markdown(_solution(candidate))


def _solution(candidate: Candidate) -> str:
    return _SOLUTIONS[candidate.is_stack, candidate.dropout > 0]


def _source(candidate: Candidate) -> None:
    net = StackedNet if candidate.is_stack else ParallelNet
    layout.columns(net.forward_step, net.backward_step)


def _results(found: dict[str, TensorCheck], guess: set[str]) -> None:
    right = sum((name in guess) is not one.passes for name, one in found.items())
    st.markdown(f"**3. Compare**: you were right about {right} of {len(found)} tensors.")
    st.dataframe(
        pd.DataFrame(
            {
                "Tensor": list(found),
                "Relative error": [f"{one.error:.1e}" for one in found.values()],
                "Check": ["passes" if one.passes else "fails" for one in found.values()],
                "You said": ["fails" if name in guess else "passes" for name in found],
                "Largest, backward pass": [abs(one.analytic).max() for one in found.values()],
                "Largest, from the loss": [abs(one.numeric).max() for one in found.values()],
            }
        ),
        hide_index=True,
        width="stretch",
        alt="Relative error of each gradient.",
        column_config={
            name: st.column_config.NumberColumn(format="%.3g")
            for name in ("Largest, backward pass", "Largest, from the loss")
        },
    )
    how_to_read(
        "a is what the backward pass says, n is (loss(w + ε) − loss(w − ε)) / 2ε for each weight "
        "w, with ε = 1e-5 in 64 bits. The error ‖a − n‖ / (‖a‖ + ‖n‖) passes below "
        "1e-6; rounding alone makes about 1e-10."
    )
    with st.expander("The source of the check", icon=":material/code:"):
        layout.show(check_gradients)
