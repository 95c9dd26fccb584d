"""When what was learned, in words (Markdown): every number in them is computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnlab.inspection.milestones import Learning, Rule, first_for_good, in_order
from rnnlab.inspection.written_words import LENGTHS


def milestones_told(lines: Sequence[Learning], steps: Sequence[int], rule: Rule) -> str:
    """The kinds in the order in which they were learned, as Markdown."""
    found = in_order(lines, rule)
    told = [f"**{_listed(names)}** {_when(steps, moment)}" for moment, names in found.items()]
    never = [line.name for line in lines if line.learned(rule) is None]
    sentences = [f"Learned in this order: {'; '.join(told)}."] if told else []
    sentences += [f"Not learned by the end: **{_listed(never)}**."] if never else []
    return " ".join(sentences)


def _when(steps: Sequence[int], moment: int) -> str:
    if moment == 0:
        return f"by the first stored moment, update {steps[0]:,}"
    told = f"between updates {steps[moment - 1]:,} and {steps[moment]:,}"
    return f"{told}, the last moment" if moment == len(steps) - 1 else told


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def words_told(shares: np.ndarray, steps: Sequence[int]) -> str:
    """From when on most written words of each length are words, as Markdown."""
    told = []
    for (name, _, _), column in zip(LENGTHS, shares.T, strict=True):
        moment = first_for_good(-column, -0.5)
        when = "never for good" if moment is None else f"from update **{steps[moment]:,}** on"
        last = moment == len(steps) - 1
        told.append(f"{name}: {'only at the last moment' if last else when}")
    return f"When more than half of the words that it writes occur in the text: {'; '.join(told)}."
