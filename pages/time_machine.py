"""Time machine: one network at every stored snapshot of its training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.components import frame
from pages.components.layout import how_to_read, problems, show_error
from pages.components.networks import Network, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.run import trained_run
from pages.components.time_machine import controls, milestones, reading
from pages.components.time_machine.player import Opening, View, time_player
from pages.components.time_machine.reading import MEASURED, SHOWN, WRITTEN, SnapshotKey
from rnnlab.figures.players import SnapshotSeries
from rnnlab.figures.scales import scale_for
from rnnlab.inspection.milestones import Examined
from rnnlab.inspection.snapshots import CharacterMap, Seen, candidates
from rnnlab.inspection.writing import SamplingSettings
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.features import simple_features

_CANDIDATES = 9  # characters whose chances are drawn


@dataclass(frozen=True, eq=False)
class _Snapshots:
    """What was computed, by updates; only what every snapshot has."""

    steps: tuple[int, ...]
    seen: dict[int, Seen]
    measured: dict[int, Examined]
    written: dict[int, str]
    characters: CharacterMap


def view(run: Run, part: Excerpt) -> None:
    """Draw the film, where the address says, and the milestones."""
    _view(run, part, controls.opening(len(part.text)))


@st.fragment
def _view(run: Run, part: Excerpt, opening: Opening) -> None:
    """Draw everything that changes with a control; the page above is not run again.

    Args:
        opening: as it was when the page was run, so that the film is not sent again whenever it
            stands still somewhere else.
    """
    key = reading.snapshot_key(run)
    if not key.snapshots:
        st.info("This run has no weights yet; they are stored as it trains.")
        return
    with problems():
        _draw(run, key, part, opening)


def _draw(run: Run, key: SnapshotKey, part: Excerpt, opening: Opening) -> None:
    known = network(run, key.snapshots[-1].name)
    left, right = st.columns([3, 1], vertical_alignment="bottom", gap="medium")
    with left:
        layer, name = controls.value(known.model)
    sampling = controls.sampling(known.vocabulary, WRITTEN)
    if sampling is None:
        return
    source = text_picker.source_of(run, unseen=True)
    measured_on = source.text[:MEASURED]
    found = _compute(key, part, measured_on, (name, layer), sampling)
    _say_missing(run, key, found.steps if found else ())
    if found is None:
        return
    with right:
        unit = _unit(run, known, found.measured[found.steps[-1]])
    loss_name = f"loss on {len(measured_on):,} characters of {source.title}"
    _play(_film(known, part, found, sampling, name, unit, loss_name), found, opening)
    if len(found.steps) < 2:
        return
    counted = reading.text_counts(key.root, run.id)
    bits = np.stack([found.measured[step].bits for step in found.steps])
    milestones.draw(source, measured_on, known.vocabulary, counted, found.steps, bits)
    milestones.draw_words([found.written[step] for step in found.steps], counted, found.steps)


def _compute(
    key: SnapshotKey,
    part: Excerpt,
    measured_on: str,
    what: tuple[str, int],
    sampling: SamplingSettings,
) -> _Snapshots | None:
    """Everything that takes time; None when no snapshot can be shown."""
    with st.spinner(f"The network reads and writes at {len(key.snapshots)} moments …"):
        seen = reading.readings(key, part, *what)
        measured = reading.measurements(key, measured_on, *what)
        written = reading.samples(key, sampling)
        steps = tuple(step for step in seen if step in measured and step in written)
        if not steps:
            return None
        return _Snapshots(steps, seen, measured, written, reading.the_map(key, steps))


def _say_missing(run: Run, key: SnapshotKey, steps: tuple[int, ...]) -> None:
    """Name the snapshots that cannot be shown, and say when more are to come."""
    missing = [f"{each.step:,}" for each in key.snapshots if each.step not in steps]
    if missing:
        show_error(
            f"After update {', '.join(missing)} the network's values leave the range of numbers on "
            "these texts: its weights diverged, or nothing bounds its units. These moments are "
            "left out."
        )
    if run.is_active:
        st.caption("This run is at work: these are its moments so far; reload for later ones.")
    elif len(steps) == 1:
        st.info(
            "Only one moment of this run was stored: there is nothing to play, and no order in "
            "which it learned. The runs of the gallery have more."
        )


def _unit(run: Run, known: Network, last: Examined) -> int:
    """The chosen unit; at first the one with the highest score for any feature in the end."""
    usual = int(last.scores.max(axis=0).argmax())
    return controls.unit(known.model.architecture.hidden_size, usual, run.id)


def _film(
    known: Network,
    part: Excerpt,
    found: _Snapshots,
    sampling: SamplingSettings,
    name: str,
    unit: int,
    loss_name: str,
) -> SnapshotSeries:
    steps = found.steps
    following = np.stack([found.seen[step].following for step in steps])  # (M, T, V)
    chosen = candidates(following, _CANDIDATES, known.vocabulary.encode(part.text))  # (T, K)
    scores = np.stack([found.measured[step].scores for step in steps])  # (M, F, H)
    values = np.stack([found.seen[step].values[:, unit] for step in steps])
    return SnapshotSeries(
        steps=steps,
        losses=np.array([found.measured[step].loss() for step in steps]),
        loss_name=loss_name,
        text=part.text,
        start=part.start,
        value_name=f"{name} of unit {unit}",
        scale=scale_for(known.model.cell.VALUES[name], values),
        values=values,
        chances=np.stack([found.seen[step].chances for step in steps]),
        candidates=tuple(known.vocabulary.decode(row) for row in chosen),
        shares=np.take_along_axis(following, chosen[None], axis=2),
        prime=sampling.prime,
        samples=tuple(found.written[step][:SHOWN] for step in steps),
        symbols="".join(known.vocabulary.symbols),
        points=found.characters.points,
        map_shares=found.characters.shares,
        features=tuple(simple_features("")),
        scores=scores[:, :, unit],
        best=scores.max(axis=2),
        best_units=scores.argmax(axis=2),
    )


def _play(film: SnapshotSeries, found: _Snapshots, opening: Opening) -> None:
    is_embedding = found.characters.is_embedding
    time_player(
        film,
        key="time_player",
        opening=opening,
        jump=controls.jump(),
        map_title="Map of the characters" if is_embedding else "Map of the input columns",
        on_rest=_remember,
    )
    what = (
        "the vector of each character, a row of the embedding"
        if is_embedding
        else "what each character says to the first layer, a column of its input weights"
    )
    how_to_read(
        "Press play: everything moves on together from one stored moment to the next. A click on "
        "the loss curve jumps there; a click on a character of the text asks what may follow it. "
        "Upright strokes in the bars mark the end of training; the blue bar is what really "
        f"follows. The map shows {what}, at all moments from the same side: along the two "
        "directions in which these vectors differ most in the end. The last bars: |r|, how "
        "closely a unit follows a simple feature of the character just read; 1 is perfect."
    )
    milestones.film()


def _remember(view: View) -> None:
    controls.say_snapshot(view.snapshot)
    st.query_params[controls.PLACE] = str(view.place)


frame.begin(
    "Time machine",
    "Play the training of a network: the same text, the same unit, the same dice, at every moment "
    "at which its weights were stored. When did it learn what?",
)

run = trained_run()
if run is not None:
    with problems():
        part = text_picker.choose(
            run,
            run.vocabulary(),
            st.columns([2, 1], gap="large"),
            key="time",
            first=text_picker.UNSEEN,
            lengths=(50, 100, 200, 300, 500),
        )
        if part is not None:
            view(run, part)
