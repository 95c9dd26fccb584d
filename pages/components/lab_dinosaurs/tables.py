"""Tables and figures of the dinosaur lab; every number of ours is read from runs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import services
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.dinosaur_results import EVERY, PRINTED, claims, epoch_losses
from rnnlab.experiments.dinosaurs import AS_CODED, CELLS
from rnnlab.experiments.reproduction import Reproduced, by_key, ours_text, published_text
from rnnlab.figures.labs.dinosaurs import SeedRow, epoch_chart, seed_chart
from rnnlab.training.networks import architecture_of
from rnnlab.training.planning import parameter_sum

LOSSES = ("last_epoch_loss", "val_loss_per_name", "test_loss_per_name")
TEST = "test_loss_per_name"
_SYMBOLS = 27


def sizes() -> None:
    """How many parameters each cell has, term by term."""
    lines = []
    for name in CELLS:
        experiment = EXPERIMENTS[name]
        sizes = architecture_of(experiment.config, _SYMBOLS)
        lines.append(
            {
                "Network": experiment.title,
                "Parameters": f"{sizes.parameter_count():,}",
                "Stated by the source": published_text(experiment.measures[0]),
                "Sum": " + ".join(term.formula for term in parameter_sum(sizes)),
            }
        )
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(
        "Counted from the networks as they are built here; each has 64 hidden units, 27 inputs and "
        "27 outputs."
    )


def test_losses() -> None:
    """The test loss of every run beside the published one."""
    runs = services.store().labs()
    rows = []
    for name in CELLS:
        found = by_key(EXPERIMENTS[name], runs)[TEST]
        rows.append(
            SeedRow(
                EXPERIMENTS[name].title,
                tuple(found.values.values()),
                tuple(found.values),
                found.measure.published,
            )
        )
    if not any(row.values for row in rows):
        return
    plot(
        seed_chart(rows, "test loss, nats per character, mean over names"),
        key="dino_seeds",
        height=300,
        alt="Test loss of each run and the published one, for four kinds of networks",
    )
    how_to_read(
        "Each dot is a run with its own 46 test names, the diamond is the published single run. "
        "Within a row, the dots lie apart only because other names are tested and other random "
        "numbers drawn: with so few names, one run says little."
    )


def printed_losses() -> None:
    """The training loss epoch by epoch, with and without the dropout of the source's code."""
    runs = services.store().labs()
    name = st.segmented_control(
        "Network",
        list(CELLS),
        format_func=lambda cell: EXPERIMENTS[cell].title,
        key="dino_printed",
        default=CELLS[1],
        required=True,
        help="Whose training loss is drawn.",
    )
    found = {
        "ours as described": epoch_losses(name, runs),
        "ours as coded": epoch_losses(AS_CODED[name], runs),
    }
    plot(
        epoch_chart(found, PRINTED[name], EVERY),
        key="dino_epochs",
        height=320,
        alt="Training loss after each epoch, ours with and without dropout, and the source's",
    )
    how_to_read(
        "Mean over our runs of the training loss of each epoch; the diamonds are the numbers that "
        "the source's notebook prints after every fourth. A line is missing while no such run "
        "ships."
    )


def losses() -> None:
    """Published losses beside ours: as the source describes its training, and as its code does."""
    runs = services.store().labs()
    lines = []
    for described in CELLS:
        coded = AS_CODED[described]
        pairs = [by_key(EXPERIMENTS[name], runs) for name in (described, coded)]
        for key in LOSSES:
            first, second = (pair[key] for pair in pairs)
            lines.append(
                {
                    "Network": EXPERIMENTS[described].title,
                    "Loss": first.measure.title,
                    "Source": published_text(first.measure),
                    "As described": ours_text(first),
                    "Below (described)": _below(first),
                    "As coded": ours_text(second),
                    "Below (coded)": _below(second),
                }
            )
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={
            "As described": st.column_config.TextColumn(
                help="Ours without dropout: mean ± standard deviation over the seeds."
            ),
            "As coded": st.column_config.TextColumn(
                help="Ours with the dropout on the outputs that the source's code has."
            ),
            "Below (described)": st.column_config.TextColumn(help=_BELOW),
            "Below (coded)": st.column_config.TextColumn(help=_BELOW),
        },
    )
    how_to_read(
        "All in nats per character, mean over names, as the source counts. Below: the percentile "
        "of the published run among ours, the share of our runs that lie below it."
    )


_BELOW = "Share of our runs that lie below the published value: its percentile among them."


def checked() -> None:
    """What the source says about its cells, with our numbers."""
    lines = [
        {
            "The source says": claim.claim,
            "Measured": claim.found,
            "Verdict": claim.verdict,
            "Runs": str(len(claim.runs) or ""),
        }
        for claim in claims(services.store().labs())
    ]
    st.table(pd.DataFrame(lines).set_index("The source says"))
    how_to_read(
        "Differences are taken between runs on the same split; ± is the standard error of their "
        "mean. A difference that chance alone would make in more than 5 of 100 cases counts as "
        "none (Student's t), a gain below the spread from split to split as nominal. Times are "
        "those of the fastest runs, which other work of the machine disturbed least; they are "
        "rough."
    )


def _below(found: Reproduced) -> str:
    if found.percentile is None:
        return ""
    return f"{found.percentile:.0f} % of {len(found.values)}"
