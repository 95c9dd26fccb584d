"""One character of a text is exchanged: which states and predictions change, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.interventions.clamping import tapes
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import log_softmax
from rnnlab.network.reading import item_starts
from rnnlab.network.tape import Tape


@dataclass(frozen=True, eq=False)
class Edit:
    """A text of T characters read twice; the texts differ at one place."""

    place: int
    targets: np.ndarray  # (T − 1,) what really follows, in the original text
    differences: list[np.ndarray]  # per layer (T, H), h of the edited minus h of the original
    before: np.ndarray  # (T, V) ln p after each character of the original
    after: np.ndarray  # (T, V) of the edited text

    def distances(self) -> np.ndarray:
        """‖h′_t − h_t‖ per layer and step, (L, T), Euclidean."""
        return np.stack([np.linalg.norm(each, axis=1) for each in self.differences])

    def divergences(self) -> np.ndarray:
        """KL(p_t ‖ p′_t) = Σ_c p_t(c) (ln p_t(c) − ln p′_t(c)), (T,), in nats."""
        return (np.exp(self.before) * (self.before - self.after)).sum(axis=1)

    def surprise_changes(self) -> np.ndarray:
        """ln p_t(y_t) − ln p′_t(y_t) of what really follows, (T − 1,), in nats; positive: the
        edit makes it come as more of a surprise."""
        steps = np.arange(len(self.targets))
        return self.before[steps, self.targets] - self.after[steps, self.targets]

    def lasts(self, layer: int, share: float = 0.5) -> int | None:
        """After how many characters the distance of a layer stays below a share of its greatest
        value; None while it does not, and where nothing changed at all."""
        distance = self.distances()[layer]
        if distance.max() == 0:
            return None
        above = np.flatnonzero(distance > share * distance.max())
        last = int(above[-1])
        return last + 1 - self.place if last + 1 < len(distance) else None


def one_edit(
    model: CharRNN,
    ids: np.ndarray,
    place: int,
    new: int,
    *,
    skip: int = 0,
    item_end: int | None = None,
) -> Edit:
    """Read a text as it is, and with another character at one place.

    Args:
        ids: (N,) the text; its first `skip` characters are read, but not reported.
        place: of the exchanged character, counted from the first reported one.
        new: what stands there instead.
    Raises:
        ValueError: there is no such place.
    """
    if not 0 <= place < len(ids) - skip:
        raise ValueError(
            f"The text has {len(ids) - skip} characters, counted from 0; there is none at "
            f"{place} to exchange. Choose one from 0 to {len(ids) - skip - 1}."
        )
    start = skip + place
    before = item_starts(ids[:start], item_end)
    read = list(tapes(model, ids[:start], starts=before))  # once: nothing differs there

    def values(rest: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        state = read[-1].final_state if read else None
        further = tapes(model, rest, state, starts=item_starts(rest, item_end))
        return _values(model, [*read, *further], skip)

    states, logs = values(ids[start:])
    states_edited, logs_edited = values(np.concatenate([[new], ids[start + 1 :]]))
    differences = [b - a for a, b in zip(states, states_edited, strict=True)]
    return Edit(place, ids[skip + 1 :], differences, logs, logs_edited)


def _values(model: CharRNN, read: Sequence[Tape], skip: int) -> tuple[list[np.ndarray], np.ndarray]:
    """h per layer, (T, H), and ln p of what comes next, (T, V), from place `skip` on; float64."""
    layers = range(model.architecture.num_layers)
    states = [np.concatenate([t.trace("h", k)[0] for t in read])[skip:] for k in layers]
    logits = np.concatenate([tape.logits[0] for tape in read])[skip:]
    return [state.astype(np.float64) for state in states], log_softmax(logits.astype(np.float64))
