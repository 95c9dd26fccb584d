"""What a network wrote, from the cache or freshly, and ready for the player."""

from __future__ import annotations

from functools import lru_cache

from pages.components.networks import Network, NetworkKey, load
from pages.components.pickers.values import ValueChoice
from rnnlab.figures.players import Writing
from rnnlab.figures.scales import scale_for
from rnnlab.inspection.units.ordering import order_units
from rnnlab.inspection.writing import SamplingSettings, Written, write
from rnnlab.network.sampling import likeliest

_CANDIDATES = 8  # bars of the distribution; what is left is drawn as "others"


@lru_cache(maxsize=4)
def written(key: NetworkKey, sampling: SamplingSettings) -> Written:
    """What a network writes with these settings; raises ValueError as `write` does."""
    network = load(key)
    return write(network.model, network.vocabulary, sampling, network.item_end)


def writing(
    network: Network,
    sampling: SamplingSettings,
    choice: ValueChoice,
    beside: str = "",
    *,
    rows_of: SamplingSettings | None = None,
) -> Writing:
    """What a network writes, with the chosen hidden values of the first units of the order.

    Args:
        beside: what is played along; another one starts both anew.
        rows_of: what is written when the units are put in order; None for the same.
    """
    found = written(network.key, sampling)
    trace = found.traces[choice.name, choice.layer]  # (T, H)
    ordered = written(network.key, rows_of or sampling).traces[choice.name, choice.layer]
    units = order_units(ordered, choice.order)[: choice.count]
    ids = likeliest(found.probabilities, _CANDIDATES)  # (T, C)
    return Writing(
        id=f"{network.key} {sampling} {beside}",
        prime=found.prime,
        text=found.text,
        probabilities=found.chosen(),
        candidates=tuple(network.vocabulary.decode(row) for row in ids),
        candidate_probabilities=found.at(ids),
        values=trace[:, units],
        units=tuple(units.tolist()),
        value_name=choice.name,
        scale=scale_for(network.model.cell.VALUES[choice.name], trace),
    )
