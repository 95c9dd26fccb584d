"""Gradients that vanish or explode over a sequence, measured, and what helps."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import streamlit as st

from pages.components import corpora, services
from pages.components.browser.plot import plot
from pages.components.labs import page as lab_page
from pages.components.labs import runner as lab_runner
from pages.components.layout import how_to_read
from pages.components.networks import NetworkKey, load, network
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.shakespeare import EXPLODING, MEMORY, REMEDIES
from rnnlab.figures.labs.shakespeare import gradient_flow_chart
from rnnlab.inspection.gradients.backward import GradientFlow, flow_over, fresh_network, in_double
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.initialization import SCHEMES
from rnnlab.network.tape import DivergedModelError
from rnnlab.runs.errors import RunError
from rnnlab.training.labels import choice_name

_FRESH, _TRAINED = "Fresh networks", "Trained ones of the gallery"
_HIDDEN = 128
_CORPUS = "play"
_TEXT = 5_000  # characters of which some places are looked at


def draw() -> None:
    """The whole part."""
    st.markdown(
        "A loss at one step is felt at the steps before it through the hidden states, and at every "
        "step back its gradient is multiplied once more. So it fades or grows like a power: "
        "‖∂L_T/∂h_t‖ against how far back t lies. Computed in float64 with the cells unrolled by "
        "hand, over eight places of our play."
    )
    _flow()
    st.subheader("What helps", anchor=False)
    st.markdown(
        "*Against exploding*: clipping, a smaller learning rate, shorter sequences, a bounded or a "
        "gated cell. *Against vanishing*: weights from state to state that start at the identity, "
        "or gated cells: fresh ones fade as fast as the others, but they can learn to keep a "
        "value. Run the net that explodes, then each remedy; the runs that remember letters show "
        "what fading costs, and who learns to remember."
    )
    names = [experiment.name for experiment in (EXPLODING, *REMEDIES, *MEMORY)]
    chosen = st.selectbox(
        "Run",
        names,
        format_func=lambda name: EXPERIMENTS[name].title,
        key="gradient_run",
        persist_state="session",
        help="The first one ends in NaN; each remedy changes one setting of it. The last four "
        "have to remember five letters over ten dots.",
    )
    lab_runner.runner(EXPERIMENTS[chosen], key=f"gradient_{chosen}")
    lab_page.brief((*REMEDIES, *MEMORY))


def _flow() -> None:
    kind = st.segmented_control(
        "Networks",
        [_FRESH, _TRAINED],
        default=_FRESH,
        key="flow_kind",
        required=True,
        help="Fresh: 128 units with random weights, nothing learned. Trained: the networks that "
        "ship in the gallery.",
    )
    flows = _fresh_flows() if kind == _FRESH else _trained_flows()
    if not flows:
        st.caption("There is no trained network in the gallery.")
        return
    figure = gradient_flow_chart(flows)
    plot(figure, key="flow_chart", height=380, alt="Gradient norms against the lag")
    how_to_read(
        "Logarithmic: a straight line falls by the same factor with every step. A line that ends "
        "has become smaller than anything that could still be learned from."
    )
    st.dataframe(
        pd.DataFrame([_line(name, flow) for name, flow in flows.items()]),
        hide_index=True,
        width="stretch",
    )
    how_to_read(
        "Halves or doubles: from a line through the logarithms. Reach: how many steps back the "
        "gradient is still more than a thousandth of the last step's."
    )


def _line(name: str, flow: GradientFlow) -> dict[str, str]:
    doubles = flow.half_life < 0
    return {
        "Network": name,
        "Halves every": "" if doubles else f"{flow.half_life:,.1f} steps",
        "Doubles every": f"{-flow.half_life:,.1f} steps" if doubles else "",
        "Reach": f"{flow.reach} steps" + (" or more" if flow.reach == len(flow.norms) else ""),
    }


def _fresh_flows() -> dict[str, GradientFlow]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        scheme = st.selectbox(
            "Initialization",
            SCHEMES,
            format_func=choice_name,
            key="flow_scheme",
            width=220,
            help="Where the weights start; 'identity' copies the state from step to step.",
        )
        gain = st.slider(
            "Recurrent weights times",
            0.5,
            6.0,
            1.0,
            0.5,
            key="flow_gain",
            width=240,
            help="Makes the weights from state to state larger or smaller: from vanishing to "
            "exploding.",
        )
        steps = st.select_slider(
            "Sequence length",
            [25, 50, 100, 200],
            100,
            key="flow_steps",
            width=240,
            help="Through how many steps the gradient travels. In shorter sequences it can neither "
            "fade nor grow as far.",
        )
    found = {}
    for cell, kind in CELLS.items():
        found[kind.title] = _fresh_flow(cell, scheme, gain, steps)
    return found


@lru_cache(maxsize=64)
def _fresh_flow(cell: str, scheme: str, gain: float, steps: int) -> GradientFlow:
    text = corpora.corpus(_CORPUS)
    vocabulary = corpora.vocabulary(text)
    model = fresh_network(cell, len(vocabulary), _HIDDEN, scheme, gain)
    return flow_over(model, vocabulary.encode(text.text[:_TEXT]), steps)


def _trained_flows() -> dict[str, GradientFlow]:
    found = {}
    for run in services.store().gallery():
        try:
            found[run.name] = _trained_flow(network(run, "last").key)
        except (RunError, DivergedModelError, OSError):
            continue
    return found


@lru_cache(maxsize=16)
def _trained_flow(key: NetworkKey) -> GradientFlow:
    known = load(key)
    assert isinstance(known.model, CharRNN)
    text = known.vocabulary.kept(corpora.corpus(_CORPUS).text[:_TEXT])
    return flow_over(in_double(known.model), known.vocabulary.encode(text), 100)
