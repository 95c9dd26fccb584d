"""Steps 7 and 8 of the manual: the model with its shapes, and how it is trained."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import corpora
from pages.components.browser.plot import plot
from pages.components.lab_step_by_step import steps
from pages.components.lab_step_by_step.settings import EXPERIMENT
from pages.components.lab_step_by_step.text import Source
from pages.components.labs import runner as lab_runner
from pages.components.layout import how_to_read, problems
from rnnlab.figures.labs.step_by_step import ROW_HEIGHT, stages, stages_figure
from rnnlab.inspection.updates import FirstUpdate, first_update, is_quick
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.layers import layer_backward
from rnnlab.network.losses import cross_entropy
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.numpy_engine import NumpyEngine
from rnnlab.training.networks import architecture_of
from rnnlab.training.optimizers import OPTIMIZERS, clip_grads
from rnnlab.training.tasks.base import first_params

KEY = "manual_run"  # of the run that is started here

_SOURCES: dict[str, Callable[..., Any]] = {
    "One update": NumpyEngine.update,
    "Cross-entropy": cross_entropy,
    "Backward": CharRNN.backward,
    "Through time": layer_backward,
    "Clipping": clip_grads,
    "Adam": OPTIMIZERS["adam"],
}


def model(source: Source, config: RunConfig) -> None:
    """Step 7: the parts of the network with the shape of every array between them."""
    steps.begin(7, steps.SETTINGS)
    vocabulary = source.vocabulary(config)
    if vocabulary is None:
        st.caption("The number of distinct characters is known as soon as the text is here.")
        return
    architecture = architecture_of(config, len(vocabulary))
    assert isinstance(architecture, Architecture)
    parts = stages(architecture, config.batch_size, config.seq_length)
    ids = (config.batch_size, config.seq_length)
    plot(
        stages_figure(parts, ids),
        key="manual_stages",
        height=ROW_HEIGHT * len(parts) + 60,
        alt="The network from the characters below to the loss above, with all shapes.",
        drag="",
    )
    how_to_read(
        f"From bottom to top. Shapes are (batch size, sequence length, numbers): each of the "
        f"{ids[0]} windows is read character by character, {ids[1]} in a row, and every layer "
        "hands its hidden state to itself at the next character. All hidden states begin at zero. "
        f"Together {architecture.parameter_count():,} parameters; point at a part for its weights."
    )


def training(source: Source, config: RunConfig | None) -> None:
    """Step 8: the lines that run, one update with its numbers, and the whole of it."""
    steps.begin(8, steps.SETTINGS)
    st.markdown(
        "An update takes one batch. **Forward**: logits for every character. **Loss**: "
        "cross-entropy, the mean of −ln p(the character that came). **Backward**: the chain rule "
        "from the last character to the first, through the hidden states (backpropagation through "
        "time), until the start of the window. **Clip**: if all gradients together are longer "
        "than the limit, they are shortened to it. **Adam**: each weight takes a step of about "
        "the learning rate against its own gradient."
    )
    _source_code()
    if config is None:
        return
    if source.corpus is not None:
        st.fragment(_by_hand)(source.corpus, source.fitted(config))
    lab_runner.runner(EXPERIMENT, key=KEY, config=config)


def _source_code() -> None:
    with st.expander("The lines that run", icon=":material/code:"):
        which = st.segmented_control(
            "Part",
            list(_SOURCES),
            default="One update",
            required=True,
            key="manual_code",
            label_visibility="collapsed",
        )
        st.code(inspect.cleandoc(inspect.getsource(_SOURCES[which])), language="python")
        st.caption(
            "The engine written by hand in NumPy. The fast engine computes the same with torch; "
            "tests hold the two equal. The Train page can train with either."
        )


def _by_hand(corpus: Corpus, config: RunConfig) -> None:
    """One update of a fresh network on the first batch."""
    possible = is_quick(config)
    if not st.toggle(
        "Make one update by hand",
        key="manual_update",
        disabled=not possible,
        help="Computes the first update of a fresh network on batch 1 here and now."
        if possible
        else "A batch of this size takes too long by hand; lower a size in step 5.",
    ):
        return
    with problems():
        found = _update(corpus, config)
        with st.container(horizontal=True, gap="large"):
            st.metric("Loss on batch 1", f"{found.loss_before:.4f}", width="content")
            st.metric(
                "After the update",
                f"{found.loss_after:.4f}",
                delta=f"{found.loss_after - found.loss_before:.4f}",
                delta_color="inverse",
                width="content",
            )
            st.metric("Norm of all gradients", f"{found.norm:.4f}", width="content")
            st.metric(
                f"Clipped at {config.grad_clip:g}",
                "no" if found.kept == 1 else f"to {found.kept:.0%}",
                width="content",
            )
        st.dataframe(
            pd.DataFrame(
                {
                    "Parameter": [each.name for each in found.changed],
                    "Shape": [str(each.shape) for each in found.changed],
                    "Largest change": [f"{each.largest:.6f}" for each in found.changed],
                }
            ),
            hide_index=True,
            width="content",
            alt="Every parameter with its shape and its largest change.",
        )
        how_to_read(
            f"Losses in nats per character. Adam's first step moves no weight by more than the "
            f"learning rate, {config.learning_rate:g}."
        )


@lru_cache(maxsize=8)
def _update(corpus: Corpus, config: RunConfig) -> FirstUpdate:
    material = corpora.material(corpus, config)
    assert isinstance(material.architecture, Architecture)
    params = first_params(material)
    return first_update(config, material.architecture, params, material.batcher.batch(0))
