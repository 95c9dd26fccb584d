"""How much of a corpus is used, how it is divided, and how it is cut into batches."""

from __future__ import annotations

import streamlit as st

from pages.components import corpora
from pages.components.browser.batch_grid import batch_grid
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read, problems
from pages.components.training import controls as training_controls
from rnnlab.figures.corpus import split_bar
from rnnlab.text.batching import BatchView, batch_view
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.split import Split
from rnnlab.training.config import RunConfig, settings
from rnnlab.training.labels import choice_name

_NAMES = ("max_characters", "train_share", "validation_share", "drop_duplicates")
_BATCHING = ("batching", "seq_length", "batch_size", "stride")
_COLUMNS = 160  # characters of a row that are shown
_STEP = "corpus_batch"
_ROW = {
    "streams": "stream",
    "shifted": "stream",
    "windows": "window",
    "random": "window",
    "items": "item",
}
_EXPLANATIONS = {  # of the ways to cut text for a network that predicts the next character
    "streams": "The training text is cut into as many equal stretches as the batch has rows. Each "
    "row reads on in its own stretch from batch to batch, and the hidden state is **carried** "
    "along; gradients stop at the edge of the batch.",
    "shifted": "A single row reads on through the whole text, with the hidden state **carried** "
    "along; each epoch starts at another of the first hundred characters, so that the text is cut "
    "elsewhere each time.",
    "windows": "Windows start every *stride* characters and are shuffled in each epoch. Each "
    "begins with a **zero state**, so its first characters are guessed without any context.",
    "random": "Windows start anywhere, drawn anew for each batch. Each begins with a **zero "
    "state**.",
    "items": "Each row is one item: it begins with a newline and a **zero state**, and ends with "
    "the newline that the network must predict. Rows are filled up to the longest; pale targets "
    "do not count.",
}


def key(name: str) -> str:
    """Where the session keeps a control of this page."""
    return f"corpus_{name}"


def fill_once(text: Corpus) -> None:
    """Give the controls their usual values, and keep impossible batching from lists to prose."""
    config = RunConfig()
    for name in (*_NAMES, *_BATCHING):
        st.session_state.setdefault(key(name), getattr(config, name))
    st.session_state.setdefault(_STEP, 1)
    if text.items is None and st.session_state[key("batching")] == "items":
        st.session_state[key("batching")] = config.batching


def config(text: Corpus) -> RunConfig:
    """What the controls say, checked; ConfigError with a sentence."""
    values = {name: st.session_state[key(name)] for name in (*_NAMES, *_BATCHING)}
    return RunConfig(corpus=text.name, **values)


def split_controls(text: Corpus) -> None:
    """Shares, the first N characters, duplicates."""
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        for name, high in (("train_share", 0.99), ("validation_share", 0.5)):
            st.slider(
                settings()[name].label,
                0.05 if name == "train_share" else 0.01,
                high,
                step=0.01,
                format="percent",
                key=key(name),
                persist_state="session",
                help=settings()[name].help,
            )
        st.number_input(
            settings()["max_characters"].label,
            0,
            len(text.text),
            step=10_000,
            key=key("max_characters"),
            persist_state="session",
            help=settings()["max_characters"].help,
        )
        if text.items is not None:
            st.toggle(
                settings()["drop_duplicates"].label,
                key=key("drop_duplicates"),
                persist_state="session",
                help=settings()["drop_duplicates"].help,
            )


def draw_split(text: Corpus, split: Split, config: RunConfig) -> None:
    """The three parts to scale, and what the split means for a list."""
    what = "characters" if text.items is None else "items"
    training, validation, test = (
        len(part.text if text.items is None else part.items or ())
        for part in (split.training, split.validation, split.test)
    )
    plot(
        split_bar((training, validation, test), what),
        key="corpus_split",
        height=170,
        alt=f"The split: {training:,} {what} to learn from, {validation:,} for validation and "
        f"{test:,} for the test.",
    )
    order = "in the order of the text" if text.items is None else "shuffled first"
    how_to_read(
        f"The bar is all that is used, {order}. The network learns from the training part only; "
        "the validation part shows while it trains whether it learns or memorizes; the test part "
        "is measured once, at the end."
    )
    if text.items is not None:
        st.caption(_duplicates(split.duplicates, config.drop_duplicates))


def _duplicates(count: int, dropped: bool) -> str:
    if not count:
        return "No item occurs twice."
    if dropped:
        return f"{count:,} items that repeat an earlier one were left out."
    return (
        f"{count:,} items repeat an earlier one, so some of what is tested may have been learned "
        "by heart. Drop duplicates keeps each of them once."
    )


def batch_controls(text: Corpus) -> None:
    """How the training part becomes batches."""
    choices = [way for way in _EXPLANATIONS if way != "items" or text.items is not None]
    st.segmented_control(
        settings()["batching"].label,
        choices,
        format_func=choice_name,
        required=True,
        key=key("batching"),
        persist_state="session",
        help=settings()["batching"].help,
    )
    with st.container(horizontal=True, gap="large"):
        for name in ("seq_length", "batch_size", "stride"):
            setting = settings()[name]
            st.number_input(
                f"{setting.label} ({setting.unit})",
                int(setting.minimum or 0),
                int(setting.maximum or 0),
                key=key(name),
                persist_state="session",
                help=setting.help,
                disabled=_is_idle(name),
            )


def _is_idle(name: str) -> bool:
    batching = st.session_state[key("batching")]
    return (name == "stride" and batching != "windows") or (
        name == "seq_length" and batching == "items"
    )


@st.fragment
def batch(text: Corpus, config: RunConfig) -> None:
    """One batch, with buttons to the ones before and after."""
    with problems():
        material = corpora.material(text, config)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            rows = _navigation(config.batch_size)
        view = batch_view(
            material.batcher,
            material.vocabulary,
            max(1, int(st.session_state[_STEP])) - 1,
            rows=rows,
            columns=_COLUMNS,
        )
        st.markdown(_EXPLANATIONS[config.batching])
        batch_grid(view, _ROW[config.batching], key="corpus_grid")
        how_to_read(
            "Each target stands under its input: it is the next character, so the lower row is the "
            "upper one shifted by one. Point at a character to see both of its places."
            + (" Pale on the left: what the row read in the batch before." if view.carry else "")
        )
        st.caption(_batch_text(view))


def _navigation(batch_size: int) -> int:
    """Buttons, the number of the batch, and how many of its rows to show."""
    st.button("Previous", icon=":material/chevron_left:", on_click=_move, args=(-1,), key="batch_-")
    st.number_input(
        "Batch",
        1,
        10_000_000,
        key=_STEP,
        width=140,
        help="Batches are numbered through all epochs, as the updates of a run are.",
    )
    st.button("Next", icon=":material/chevron_right:", on_click=_move, args=(1,), key="batch_+")
    if batch_size == 1:
        return 1
    return st.slider(
        "Rows shown",
        1,
        min(batch_size, 32),
        min(batch_size, 5),
        key=f"corpus_rows_{min(batch_size, 32)}",
        width=240,
        help="How many of the sequences in the batch are drawn.",
    )


def _move(by: int) -> None:
    st.session_state[_STEP] = max(1, int(st.session_state[_STEP]) + by)


def _batch_text(view: BatchView) -> str:
    state = "carried on from the batch before" if view.carry else "zero at the first character"
    size, length = view.shape
    return (
        f"Batch {view.place:,} of {view.updates_per_epoch:,} in epoch {view.epoch:,}: {size:,} × "
        f"{length:,} characters, {view.targets_counted:,} targets that count; the hidden state is "
        f"{state}."
    )


def train_button(config: RunConfig) -> None:
    """Take corpus, split and batching along to the Train page."""
    if st.button(
        "Train on this",
        icon=":material/model_training:",
        type="primary",
        key="corpus_train",
        help="Opens the Train page with this corpus, this split and this batching.",
    ):
        for name in ("corpus", *_NAMES, *_BATCHING):
            st.session_state[training_controls.key(name)] = getattr(config, name)
        st.switch_page("pages/train.py")
