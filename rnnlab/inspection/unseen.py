"""How well a network does on a text it never saw, characters unknown to it skipped and counted."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnlab.network.kinds import Network
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.evaluation import evaluate, stream_batches

LONGEST = 5_000  # characters that a page reads: enough for a mean


class UnseenTextError(ValueError):
    """A text of which too little can be read; the message says why."""


@dataclass(frozen=True)
class Reading:
    """What reading a text once, with the state carried along, showed."""

    loss: float  # nats per character, over what the network could read
    accuracy: float  # share of characters that it had thought likeliest
    characters: int  # predicted and counted
    skipped: int  # left out, because the network has no input for them
    unknown: tuple[str, ...]  # the distinct ones of these, as they appear
    uniform: float  # nats per character of guessing without any knowledge, ln V


def read_unseen(model: Network, vocabulary: Vocabulary, text: str) -> Reading:
    """Predict every character of a text from those before it.

    A character that the network has no input for is skipped, as if the text did not have it: so
    the loss is, if anything, too friendly.

    Raises:
        UnseenTextError: fewer than two characters of the text are known to it.
    """
    unknown = vocabulary.unknown(text)
    known = vocabulary.kept(text)
    if len(known) < 2:
        raise UnseenTextError(
            f"The network knows {len(known)} of the {len(text):,} characters of this text, but "
            "needs two to predict one; choose another text."
        )
    result = evaluate(model, stream_batches(vocabulary.encode(known)))
    return Reading(
        result.loss,
        result.accuracy,
        result.characters,
        skipped=len(text) - len(known),
        unknown=unknown,
        uniform=math.log(len(vocabulary)),
    )
