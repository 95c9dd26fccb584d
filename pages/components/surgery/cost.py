"""What a change of units costs on real text, overall and by the class of the character."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.browser.colored_text import colored_text
from pages.components.browser.plot import plot
from pages.components.layout import definition, how_to_read, two_columns
from pages.components.networks import Network
from pages.components.pickers import text as text_picker
from pages.components.surgery import reading
from pages.components.surgery.choices import Units
from rnnlab.figures.scales import Scale, rounded_up
from rnnlab.figures.surgery import class_chart
from rnnlab.inspection.interventions.clamping import ClassCost, Cost
from rnnlab.network.clamps import Change
from rnnlab.runs.run import Run
from rnnlab.text.features import CLASSES

_LENGTHS = (500, 1000, 2000, 5000)
_SHOWN = 1000  # characters of the colored text


def draw(run: Run, found: Network, units: Units, changes: tuple[Change, ...]) -> None:
    """The change of the loss, its classes, and where in the text it lies."""
    part = text_picker.choose(
        run,
        found.vocabulary,
        st.columns(2, vertical_alignment="bottom", gap="medium"),
        key="surgery_cost",
        first=text_picker.UNSEEN,
        lengths=_LENGTHS,
        usual=2000,
    )
    if part is None:
        return
    costs = reading.costs(found.key, part, changes)
    _overall(costs.cost)
    left, right = two_columns()
    with left:
        plot(
            class_chart(costs.cost),
            key="surgery_classes",
            height=340,
            alt="The change of the loss, divided among the classes of characters.",
        )
        how_to_read(
            "The bars add up to the change of the loss; to the right: it became harder to expect "
            "such characters. Thin lines: one standard error."
        )
    with right:
        lines = [_line(each) for each in costs.cost.classes]
        st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
        how_to_read("Losses in nats per character of the class; rare classes can lose most.")
    _where(costs, units, part.start)
    _definition()


def _overall(cost: Cost) -> None:
    with st.container(horizontal=True, gap="large"):
        st.metric("Untouched", f"{cost.before:.3f}", help="Loss in nats per character.")
        st.metric("Changed", f"{cost.after:.3f}", help="On the same characters.")
        st.metric(
            "Change",
            _with_error(cost).replace("-", "−"),
            help="With its standard error over blocks of 25 characters. Negative: on this text the "
            "network does better without the unit.",
        )


def _with_error(cost: Cost) -> str:
    """The change, and how sure it is where the text is long enough to say."""
    error = f" ± {cost.error:.3f}" if np.isfinite(cost.error) else ""
    return f"{cost.change:+.3f}{error}"


def _line(each: ClassCost) -> dict[str, str]:
    return {
        "Class": each.name,
        "Characters": f"{each.count:,}",
        "Untouched": f"{each.before:.3f}",
        "Changed": f"{each.after:.3f}",
        "Change": f"{each.after - each.before:+.3f}".replace("-", "−"),
    }


def _where(costs: reading.CharacterCosts, units: Units, start: int) -> None:
    st.subheader("Where in the text", anchor=False)
    change = costs.change[:_SHOWN]
    limit = rounded_up(float(np.quantile(np.abs(change), 0.98)))
    colored_text(
        costs.text[:_SHOWN],
        change,
        key="surgery_where",
        name="change of surprise, nats",
        scale=Scale("diverging", -limit, limit),
        start=start,
        height=300,
    )
    how_to_read(
        f"Red: with {units.words()} changed, this character comes as more of a surprise; blue: "
        "as less. Strongest colors: the largest 2 % of changes."
    )


def _definition() -> None:
    definition(
        r"\Delta = L_{\text{changed}} - L = \sum_k \frac1N \sum_{t \in k} "
        r"\big(\ln p_t[y_t] - \ln p^{\text{changed}}_t[y_t]\big)",
        "k runs over the classes of the characters that come next; each has exactly one, the first "
        "that fits. The change works at every step, from the first character read on. Source: "
        "Radford et al. 2017, [arXiv:1704.01444](https://arxiv.org/abs/1704.01444).\n\n"
        "**A small Δ does not say that a unit knows nothing**: others may carry the same, and a "
        "change can be made up for. A large Δ can come from a state the network never saw rather "
        "than from what is missing; holding at the mean is the mildest. Costs of several units do "
        "not add up: choose them together to measure them together.\n\n"
        + "\n".join(f"- **{name}**: {meaning}" for name, meaning in CLASSES),
    )
