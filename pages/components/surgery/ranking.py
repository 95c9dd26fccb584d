"""All units of a layer by what their loss costs; a click takes one into the other parts."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.browser.plot import Click, plot
from pages.components.layout import definition, how_to_read
from pages.components.links import COST, SURGERY_PART
from pages.components.networks import Network
from pages.components.pickers import text as text_picker
from pages.components.pickers.address import put
from pages.components.pickers.values import LAYER
from pages.components.surgery import reading
from pages.components.surgery.choices import WRITE, Units, choose_unit
from rnnlab.figures.surgery import ranking_chart
from rnnlab.inspection.interventions.clamping import NOISE, Usual
from rnnlab.runs.run import Run

_LENGTHS = (200, 300, 500, 1000, 2000)


def draw(run: Run, found: Network, units: Units, usual: dict[tuple[str, int], Usual]) -> None:
    """The bars, and what can be said about them."""
    part = text_picker.choose(
        run,
        found.vocabulary,
        st.columns(2, vertical_alignment="bottom", gap="medium"),
        key="surgery_ranking",
        first=text_picker.UNSEEN,
        lengths=_LENGTHS,
        usual=500,
    )
    if part is None:
        return
    layers = _layers(found, units)
    means = tuple(usual[units.name, layer].mean.tobytes() for layer in layers)
    with st.spinner("Reading the text once for every unit …", show_time=True):
        ranked = reading.ranked(found.key, part, units.name, layers, means)
    plot(
        ranking_chart(ranked.rankings, [(units.layer, unit) for unit in units.numbers]),
        key="surgery_ranking_bars",
        height=400,
        alt="What holding each unit at its mean costs, the dearest unit first.",
        on_click=_choose,
    )
    how_to_read(
        "A bar is what the loss grows by when this one unit is held at its mean; below 0 the "
        "network does better without. Thin lines: one standard error; gray bars: luck alone could "
        f"explain them (less than {NOISE:g} standard errors). **Click a bar to choose its unit.**"
    )
    _said(ranked)
    _onward(units)
    _definition()


def _layers(found: Network, units: Units) -> tuple[int, ...]:
    count = found.model.architecture.num_layers
    if count == 1:
        return (units.layer,)
    every = st.toggle(
        "All layers",
        key="surgery_all_layers",
        help="Ranks the units of all layers together; it takes as many times longer.",
    )
    return tuple(range(count)) if every else (units.layer,)


def _choose(click: Click) -> None:
    *layer, unit = str(click.x).split("·")
    if not unit.isdecimal():
        return
    choose_unit(int(unit))
    if layer:
        put(LAYER, int(layer[0]) - 1)


def _said(ranked: reading.Ranked) -> None:
    noise = np.concatenate([each.is_noise for each in ranked.rankings])
    total = float(sum(each.changes.sum() for each in ranked.rankings))
    first = ranked.rankings[0]
    runs = len(noise) * first.characters
    st.caption(
        f"{len(noise)} units on {first.characters:,} characters, {runs:,} predictions in "
        f"{ranked.seconds:.1f} s. The untouched loss is {first.loss:.3f} nats per character. "
        f"**{int(noise.sum())} of {len(noise)} units are within luck** on this text; a longer text "
        f"tells more apart. All Δ together make {total:.2f} nats, which is not what losing all of "
        "them would cost."
    )


def _onward(units: Units) -> None:
    if not units.numbers:
        return
    with st.container(horizontal=True):
        for part, icon in ((WRITE, "edit_note"), (COST, "troubleshoot")):
            st.button(
                f"{part}, with {units.words()}",
                key=f"surgery_onward_{icon}",
                icon=f":material/{icon}:",
                on_click=put,
                args=(SURGERY_PART, part),
                help="Opens that part of this page with the chosen unit.",
            )


def _definition() -> None:
    definition(
        r"\Delta_j = L\big(s_j := \bar s_j\big) - L, \qquad "
        r"\bar s_j \text{: mean of unit } j \text{ on real text}",
        "The mean is taken over about 5,000 characters from all over the text of the run. All "
        "units are read at once: the text stands in the batch once for each, and in row j "
        "unit j is held. Standard errors are taken over blocks of 25 characters, because what "
        "spoils one prediction often spoils the next. Source: ablation as in Radford et al. 2017, "
        "[arXiv:1704.01444](https://arxiv.org/abs/1704.01444).\n\n"
        "**Units are silenced one at a time, and that does not add up**: where two carry the same, "
        "each looks worthless alone, though losing both would cost much. And the order depends on "
        "the text: a unit that counts quotation marks is worth nothing where there are none.",
    )
