"""What clipping does to the gradient of a real batch."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import corpora, services
from pages.components.bptt import scene
from pages.components.bptt.networks import model
from pages.components.browser.plot import plot
from pages.components.layout import escape_markdown, how_to_read, problems, show_error, two_columns
from pages.components.networks import NetworkKey, load, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.address import initial, one_of
from pages.components.pickers.snapshot import snapshot_name, snapshot_picker
from pages.components.pickers.values import row
from rnnlab.figures.bptt import ROW_HEIGHT, clipping_bars, direction_chart
from rnnlab.inspection.gradients.clipping import BatchGradient, Clipped, batch_gradient, clipped
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import corpus_of
from rnnlab.text.batching import Batcher, RandomWindows
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.training.optimizers import clip_grads

LIMITS = tuple(float(f"{digit}e{power}") for power in range(-4, 3) for digit in (1, 2, 5))
_KINDS = ("norm", "value")
_MEAN, _SUM = "mean", "sum"
_WRITTEN = "This run's text is not on this computer, so the batch is from what it wrote itself."


def draw(run: Run) -> None:
    """The choices, the bars, and the direction against the limit."""
    with problems():
        with row():
            snapshot = snapshot_picker(run)
            found = network(run, snapshot)
            loss = _loss(run)
            limit = _limit(run)
        gradient = _gradient(found.key, _step(run, snapshot), loss == _SUM)
        if not 0 < gradient.norm < np.inf:
            show_error(
                f"The gradient of this batch has the norm {gradient.norm:g}: there is nothing "
                "to clip; choose another snapshot."
            )
            return
        after = {kind: _clipped(gradient, kind, limit) for kind in _KINDS}
        _say(run, snapshot, gradient)
        _numbers(gradient, after, limit)
        left, right = two_columns()
        with left:
            norms = {name: float(np.linalg.norm(grad)) for name, grad in gradient.grads.items()}
            plot(
                clipping_bars(norms, after),
                key="bptt_bars",
                height=80 + ROW_HEIGHT * len(norms),
                alt="Norm of each tensor's gradient before and after clipping",
            )
            how_to_read(
                "Gray: the gradient as it is. By norm, all bars shrink by one factor, or none "
                "does; by value, tensors with large elements lose most."
            )
        with right:
            many = {kind: [_clipped(gradient, kind, each) for each in LIMITS] for kind in _KINDS}
            plot(
                direction_chart(LIMITS, many, limit),
                key="bptt_direction",
                height=80 + ROW_HEIGHT * len(norms),
                alt="Cosine between the gradient before and after clipping, against the limit",
            )
            how_to_read(
                "Cosine of the angle between the gradient before and after: 1 is the same "
                "direction. Upright: the chosen limit. By value, small limits leave hardly more "
                "than the signs."
            )
        _definition()


def _loss(run: Run) -> str:
    options = [_MEAN, _SUM]
    return one_of(
        "Loss over a sequence",
        options,
        run.config.loss,
        key="bptt_loss",
        help="Mean over the characters of a sequence, or their sum: T times as much. The same "
        "limit then cuts T times as deep, so they are different experiments. This run uses the "
        f"{run.config.loss}.",
    )


def _limit(run: Run) -> float:
    usual = min(LIMITS, key=lambda limit: abs(np.log(limit / run.config.grad_clip)))
    chosen = st.select_slider(
        "Limit θ",
        LIMITS,
        value=initial("bptt_limit", LIMITS, usual),
        format_func=lambda limit: f"{limit:g}",
        key="bptt_limit",
        bind="query-params",
        width=340,
        help="For the norm of all gradients together, and for each single element. The same number "
        f"means very different things. This run: clipping {run.config.clipping}, at "
        f"{run.config.grad_clip:g}.",
    )
    return chosen if chosen in LIMITS else usual


def _step(run: Run, snapshot: str) -> int:
    """Which batch: that which the run would have read next, where that is known."""
    if snapshot.isdecimal():
        return int(snapshot)
    return run.status().step


@lru_cache(maxsize=16)
def _gradient(key: NetworkKey, step: int, sums: bool) -> BatchGradient:
    return batch_gradient(model(key), _batches(key), step, sums=sums)


def _batches(key: NetworkKey) -> Batcher:
    """The batches of a run, or, without its text, windows of what it wrote itself."""
    run = RunStore(key.root).open(key.run_id)
    if has_its_text(run):
        return corpora.material(corpus_of(run, services.library()), run.config).batcher
    vocabulary, config = load(key).vocabulary, run.config
    ids = vocabulary.encode(text_picker.source_of(run).text)
    length = min(config.seq_length, max(len(ids) - 1, 1))
    return RandomWindows(ids, length, config.batch_size, config.seed)


def has_its_text(run: Run) -> bool:
    """Whether the text that a run learned from is here."""
    library = services.library()
    try:
        return library.is_here(run.config.corpus) and bool(corpus_of(run, library).text)
    except CorpusError:
        return False


@lru_cache(maxsize=256)
def _clipped(gradient: BatchGradient, kind: str, limit: float) -> Clipped:
    return clipped(gradient.grads, gradient.norm, kind, limit)


def _say(run: Run, snapshot: str, gradient: BatchGradient) -> None:
    rows, steps = gradient.shape
    batch = f"{rows:,} sequence{'s'[: rows != 1]} of {steps:,} characters"
    config = run.config
    cut = rows < config.batch_size or (config.batching != "items" and steps < config.seq_length)
    less = f" (the run itself reads {config.batch_size:,} of up to {config.seq_length:,})"
    note = "" if has_its_text(run) else f" {_WRITTEN}"
    sentence = (
        f"The gradient by all parameters, {snapshot_name(snapshot)}, of the run's batch number "
        f"{_step(run, snapshot) + 1:,}: {batch}{less if cut else ''}, in float64, without dropout; "
        f"loss {gradient.loss:.3f} nats per character.{note}"
    )
    st.caption(escape_markdown(sentence))


def _numbers(gradient: BatchGradient, after: dict[str, Clipped], limit: float) -> None:
    """The table, and a word where a limit changes nothing."""
    lines = [
        {
            "": "before",
            "Norm": f"{gradient.norm:.4g}",
            "Cosine": "1.0000",
            "Elements changed": "0.0 %",
        }
    ]
    for kind, each in after.items():
        lines.append(
            {
                "": f"clipped by {kind} at {limit:g}",
                "Norm": f"{each.norm:.4g}",
                "Cosine": f"{each.cosine:.4f}",
                "Elements changed": f"{100 * each.touched:.1f} %",
            }
        )
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    if not any(each.touched for each in after.values()):
        st.caption(
            f":material/info: The norm of {gradient.norm:.3g} lies below this limit, so nothing is "
            "clipped here, as with most batches. Lower the limit, or take the sum."
        )


def _definition() -> None:
    scene.definition(
        r"\text{by norm: } g \leftarrow g \cdot \min\!\left(1, \frac{\theta}{\lVert g\rVert}"
        r"\right) \qquad \text{by value: } g_j \leftarrow \max(-\theta, \min(\theta, g_j))",
        "By norm, the direction stays and only the length changes: cosine 1. By value, each "
        "element is cut by itself, so the direction turns: that is a bias, but one that also works "
        "where a single weight has an enormous gradient. The gradient of the **sum** over a "
        "sequence is T times that of the **mean**, so the same θ is another experiment. Most "
        "batches lie below a sensible limit and are not touched at all; clipping is for the rare "
        "large ones. One batch is shown: move the moment to see others.",
        "Pascanu et al. 2013, arXiv:1211.5063 (norm); Mikolov 2012, thesis (value)",
        clipped,
        clip_grads,
    )
