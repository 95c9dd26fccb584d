"""One update of a network by hand, number by number, beside the source that computes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import corpora, layout
from pages.components.browser.plot import plot
from pages.components.layout import escape_markdown, how_to_read
from pages.components.training import corpus as training_corpus
from pages.components.training import forecast
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.figures.scales import Scale
from rnnlab.figures.units import units_heatmap
from rnnlab.inspection.updates import (
    NamedArray,
    UpdateStep,
    backward_arrays,
    changes,
    forward_arrays,
    next_update,
    update_step,
)
from rnnlab.network.kinds.minimal import summed_loss
from rnnlab.network.sampling import likeliest
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.optimizers import AdagradRoot, clip_grads
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import Task

_NETS = {
    "One layer": "by-hand-one-layer",
    "Two layers as published": "by-hand-parallel",
    "A true stack": "by-hand-stack",
}
_STEPS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_UNITS = 24  # in a figure
_BESIDE = (2, 3)  # widths of source and numbers
_LIKELIEST = 6  # characters in the table of predictions
_HERE = "play"  # ships, where Tiny Shakespeare is not here

_Show = Callable[["_View"], None]


class _View:
    """What somebody looks at: an update of a run, and one of its characters."""

    def __init__(self, task: Task, before: UpdateStep, t: int) -> None:
        self.config, self.before, self.t = task.config, before, t
        self.update = next_update(task, before)
        self.vocabulary = task.vocabulary
        self.read = task.vocabulary.decode(self.update.inputs[0])
        self.target = task.vocabulary.decode(self.update.targets[0])[t]


def walk() -> None:
    """Choose a net, a snapshot and a character, and see every array of that update."""
    config = _chosen_config()
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        step = st.select_slider(
            "Updates before this one",
            _STEPS,
            value=20,
            key="walk_step",
            help="The first updates of this run are made anew, here and now, exactly as the run "
            "made them; then the next one is taken apart.",
        )
        t = st.slider(
            "Character of the sequence",
            1,
            config.seq_length,
            min(5, config.seq_length),
            key="walk_t",
            help="Forward, each character builds on those before it; backward, on those after it.",
        )
    view = _View(_task(config), _update_step(config, step), t - 1)
    text = visible(view.read)
    st.text(
        f"Update {step + 1:,} reads {text!r} and is to predict, one character later, "
        f"{visible(view.vocabulary.decode(view.update.targets[0]))!r}. "
        f"Loss of the sequence: {view.update.loss:.3f} nats."
    )
    part = st.segmented_control(
        "Part of the update",
        list(_PARTS),
        default="Forward",
        required=True,
        key="walk_part",
        help="The four parts that every update consists of, in their order.",
    )
    _PARTS[part](view)


def _chosen_config() -> RunConfig:
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        name = st.segmented_control(
            "Network",
            list(_NETS),
            default="A true stack",
            required=True,
            key="walk_net",
            help="All with 128 units a layer and sequences of 13 characters, from seed 1.",
        )
        dropout = st.toggle(
            "Dropout of one half",
            key="walk_dropout",
            help="The published net with its own dropout, the others with inverted dropout.",
        )
    config = EXPERIMENTS[_NETS[name]].config.replace(dropout=0.5 if dropout else 0.0)
    if forecast.is_here(config.corpus):
        return config
    st.caption("Tiny Shakespeare is not here yet, so these are numbers of the text that ships.")
    training_corpus.fetch_offer(config.corpus, key="walk_fetch")
    return config.replace(corpus=_HERE)


@lru_cache(maxsize=8)
def _task(config: RunConfig) -> Task:
    return make_task(config, corpora.corpus(config.corpus))


@lru_cache(maxsize=32)
def _update_step(config: RunConfig, step: int) -> UpdateStep:
    return update_step(_task(config), step)


def _forward(view: _View) -> None:
    source, numbers = st.columns(_BESIDE, gap="medium")
    with source:
        layout.show(type(view.update.net).forward_step)
    with numbers:
        _arrays(forward_arrays(view.update, view.t), "Arrays of the forward pass.")
        _predictions(view)
    h = np.array([step.h[-1][:, 0] for step in view.update.reading.steps])  # (T, H)
    high = max(1.0, float(np.abs(h).max()))  # beyond 1 only with the published dropout
    _over_sequence(view, h, "h", Scale("diverging", -high, high), "walk_h")
    how_to_read(
        f"The {_UNITS} units of the last layer that vary most, at each character of the sequence. "
        "All of their values are small while the weights are, and near ±1 once they have grown."
    )


def _backward(view: _View) -> None:
    source, numbers = st.columns(_BESIDE, gap="medium")
    with source:
        layout.show(summed_loss)
        layout.show(type(view.update.net).backward_step)
    with numbers:
        _arrays(backward_arrays(view.update, view.t), "Arrays of the backward pass.")
        st.caption(
            "Layers come from the top down. What each character adds is summed over the sequence "
            "to the gradient of a weight."
        )
    da = np.array([layers[-1][:, 0] for layers in view.update.da])  # (T, H)
    high = float(np.abs(da).max()) or 1.0
    _over_sequence(view, da, "da", Scale("diverging", -high, high), "walk_da")
    how_to_read(
        "How the loss would change with what the tanh of a unit is given, for the units of the "
        "last layer where it varies most: red, a larger value makes the loss larger."
    )


def _clipping(view: _View) -> None:
    source, numbers = st.columns(_BESIDE, gap="medium")
    limit = view.config.grad_clip
    with source:
        layout.show(clip_grads)
    with numbers:
        st.dataframe(
            pd.DataFrame(
                {
                    "Gradient of": [c.name for c in _changes(view)],
                    "Shape": [c.shape for c in _changes(view)],
                    "Largest number": [c.largest for c in _changes(view)],
                    f"Beyond ±{limit:g}": [f"{c.clipped:,} of {c.count:,}" for c in _changes(view)],
                    "Norm after": [c.norm for c in _changes(view)],
                }
            ),
            hide_index=True,
            width="stretch",
            alt="Each gradient before and after clipping.",
            column_config={"Largest number": _DIGITS, "Norm after": _DIGITS},
        )
        how_to_read(
            f"Every number beyond ±{limit:g} becomes ±{limit:g}, each by itself, so the gradient "
            "may point elsewhere afterwards. Before it, all gradients together have the norm "
            f"{view.update.norm:,.3f}."
        )


def _change(view: _View) -> None:
    source, numbers = st.columns(_BESIDE, gap="medium")
    with source:
        layout.show(AdagradRoot)
    with numbers:
        st.dataframe(
            pd.DataFrame(
                {
                    "Weights": [c.name for c in _changes(view)],
                    "Shape": [c.shape for c in _changes(view)],
                    "Norm before": [c.weights for c in _changes(view)],
                    "Norm of the change": [c.moved for c in _changes(view)],
                    "Step for a gradient of 1": [c.rate for c in _changes(view)],
                }
            ),
            hide_index=True,
            width="stretch",
            alt="Each parameter before the update, and how it is changed.",
            column_config={
                "Norm before": _DIGITS,
                "Norm of the change": _DIGITS,
                "Step for a gradient of 1": st.column_config.NumberColumn(
                    format="%.3g",
                    help="Learning rate / √(sum of all squared gradients + 1e-8): the median of "
                    "the numbers of an array.",
                ),
            },
        )
        how_to_read(
            f"In the first update every number with a gradient moves by the whole learning rate, "
            f"{view.config.learning_rate:g}, whatever the gradient's size: the root is that size. "
            "Next to weights of 0.01 that is a leap. Later the sum has grown and steps are shorter."
        )


_PARTS: dict[str, _Show] = {
    "Forward": _forward,
    "Backward": _backward,
    "Clipping": _clipping,
    "Update": _change,
}
_DIGITS = st.column_config.NumberColumn(format="%.4g")


def _changes(view: _View) -> list:
    return changes(view.update, view.before, view.config.grad_clip, view.config.learning_rate)


def _arrays(arrays: list[NamedArray], alt: str) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "Array": [a.name for a in arrays],
                "Shape": [a.shape for a in arrays],
                "Numbers": [a.values(3) for a in arrays],
                "Norm": [a.norm for a in arrays],
                "What it is": [a.words for a in arrays],
            }
        ),
        hide_index=True,
        width="stretch",
        alt=alt,
        column_config={
            "Array": st.column_config.TextColumn(width=150),
            "Shape": st.column_config.TextColumn(width=75),
            "Numbers": st.column_config.TextColumn(help="The first ones, row by row.", width=165),
            "Norm": st.column_config.NumberColumn(
                format="%.3g", help="Root of the sum of all squares.", width=60
            ),
        },
    )


def _predictions(view: _View) -> None:
    """The likeliest next characters, and the one that comes."""
    arrays = forward_arrays(view.update, view.t)
    p = arrays[-1].array[:, 0]
    target = int(view.update.targets[0, view.t])
    order = likeliest(p, _LIKELIEST).tolist()
    rows = order if target in order else [*order[:-1], target]
    st.dataframe(
        pd.DataFrame(
            {
                "Next character": [_sign(view.vocabulary, row) for row in rows],
                "p": [float(p[row]) for row in rows],
                "Came": ["yes" if row == target else "" for row in rows],
                "−ln p": [float(-np.log(p[row])) for row in rows],
            }
        ),
        hide_index=True,
        width="stretch",
        alt="The likeliest next characters.",
        column_config={
            "p": st.column_config.ProgressColumn(format="%.3f", min_value=0.0, max_value=1.0),
            "−ln p": st.column_config.NumberColumn(
                format="%.3f", help="What it would cost; that of the character that came counts."
            ),
        },
    )
    st.markdown(
        "The characters that seem likeliest after "
        f"{escape_markdown(repr(visible(view.read[view.t])))}, and the one that came, "
        f"{escape_markdown(repr(visible(view.target)))}."
    )


def _sign(vocabulary: Vocabulary, row: int) -> str:
    return visible(vocabulary.symbols[row])


def _over_sequence(view: _View, trace: np.ndarray, name: str, scale: Scale, key: str) -> None:
    order = np.argsort(-trace.std(axis=0), kind="stable")[:_UNITS]
    plot(
        units_heatmap(
            trace, view.read, name=name, scale=scale, order=order, selected=(int(order[0]), view.t)
        ),
        key=key,
        height=420,
        alt=f"{name} of the units that vary most, over the sequence.",
    )
