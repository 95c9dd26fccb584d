"""What the numbers of a finished run say, in sentences: converged, over- or underfitting, what is
still hard, what to try next."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnlab.inspection.text_loss import LossByCharacter
from rnnlab.text.visible import visible

SETTLED = 0.01  # nats per character: an epoch that gains less has nearly nothing left to gain
GAP = 0.1  # nats per character between training and validation from which it is worth a word
_OFTEN = 50  # occurrences from which one character's loss is no accident
_NAMED = 4  # hard characters told


@dataclass(frozen=True)
class Numbers:
    """What is known of a run when it has ended; losses in nats per character."""

    training: tuple[float, ...]  # mean over each epoch
    validation: tuple[float, ...]  # after each epoch; as many, or none
    test: float | None
    vocab_size: int
    cell: str
    hidden_size: int
    dropout: float
    hard: LossByCharacter | None  # None: no text was read
    read: str = "the validation text"  # which text `hard` is about
    failure: str = ""  # why the run failed, "" when it did not
    advice: str = ""  # what to do about that


@dataclass(frozen=True)
class RunFinding:
    """An answer to one question about a run."""

    question: str
    answer: str


def analysis(numbers: Numbers) -> list[RunFinding]:
    """The findings about a run, in the order of a report."""
    if numbers.failure:
        return [
            RunFinding("What was learned?", f"The run did not end well: {numbers.failure}"),
            RunFinding("What to try next?", numbers.advice or "Run it again."),
        ]
    if not numbers.training:
        nothing = "No epoch's loss was measured, so there is nothing to say."
        return [RunFinding("What was learned?", nothing)]
    findings = [
        RunFinding("What was learned?", _learned(numbers)),
        RunFinding("Did it converge?", _converged(numbers)),
        RunFinding("Overfitting or underfitting?", _fitting(numbers)),
    ]
    if numbers.hard is not None:
        findings.append(RunFinding("What is still hard?", _hard(numbers.hard, numbers.read)))
    return [*findings, RunFinding("What to try next?", " ".join(_next(numbers)))]


def still_gaining(numbers: Numbers) -> float | None:
    """By how much the last epoch lowered the loss (of validation, else of training); None after
    fewer than two. Negative: the loss rose."""
    losses = numbers.validation or numbers.training
    return losses[-2] - losses[-1] if len(losses) > 1 else None


def gap(numbers: Numbers) -> float | None:
    """Validation loss minus training loss at the end; None without validation."""
    return numbers.validation[-1] - numbers.training[-1] if numbers.validation else None


def risen(numbers: Numbers) -> float:
    """By how much the validation loss ended above its lowest; 0 without validation."""
    return numbers.validation[-1] - min(numbers.validation) if numbers.validation else 0.0


def _learned(numbers: Numbers) -> str:
    first, last = numbers.training[0], numbers.training[-1]
    guess = math.log(numbers.vocab_size)
    epochs = len(numbers.training)
    said = f"Guessing all {numbers.vocab_size} characters alike costs {guess:.3f} nats each. "
    if epochs == 1:
        said += f"In its one epoch the training loss was {last:.3f} on average."
    else:
        said += f"The training loss fell from {first:.3f} in the first of {epochs} epochs to "
        said += f"{last:.3f} in the last." if last < first else f"{last:.3f}: it did not fall."
    known = []
    if numbers.validation:
        known.append(f"{numbers.validation[-1]:.3f} on the validation part")
    if numbers.test is not None and math.isfinite(numbers.test):
        known.append(f"{numbers.test:.3f} on the test part")
    if known:
        loss = numbers.validation[-1] if numbers.validation else numbers.test
        assert loss is not None
        said += (
            f" It ended at {' and '.join(known)}, as if it chose among {math.exp(loss):.1f} "
            "equally likely characters."
        )
    return said


def _converged(numbers: Numbers) -> str:
    gained, which = still_gaining(numbers), "validation" if numbers.validation else "training"
    if gained is None:
        return "One epoch cannot tell; train for at least two."
    if risen(numbers) >= SETTLED:
        best = _best_epoch(numbers)
        return (
            f"It went past its best: the validation loss was lowest after epoch {best} and has "
            f"risen by {risen(numbers):.3f} since."
        )
    if gained < SETTLED:
        return (
            f"Yes, as far as these settings go: the last epoch changed the {which} loss by "
            f"{-gained:+.3f}, less than {SETTLED:g}.".replace("-", "−")
        )
    return (
        f"Not yet: the last epoch still lowered the {which} loss by {gained:.3f}, so more epochs "
        "would lower it further."
    )


def _best_epoch(numbers: Numbers) -> int:
    return numbers.validation.index(min(numbers.validation)) + 1


def _fitting(numbers: Numbers) -> str:
    between = gap(numbers)
    if between is None:
        return "Without a validation part nobody can tell."
    measured = (
        f"The validation loss lies {abs(between):.3f} {'above' if between >= 0 else 'below'} the "
        "training loss of the last epoch."
    )
    if risen(numbers) >= SETTLED:
        return (
            f"Overfitting: after epoch {_best_epoch(numbers)} the training loss went on falling "
            f"while the validation loss rose by {risen(numbers):.3f}. {measured}"
        )
    if between >= GAP:
        return f"Some overfitting: {measured} That much it knows by heart, not by rule."
    if (still_gaining(numbers) or 0) >= SETTLED:
        return f"Neither yet. {measured} It is still learning what both texts share."
    return (
        f"Underfitting, if anything: {measured} Nothing is learned by heart, so the network is "
        "the limit, not the text."
    )


def _hard(hard: LossByCharacter, read: str) -> str:
    above = [each for each in hard.kinds if each.loss > hard.loss]
    easiest = hard.kinds[-1]
    said = f"On {read} ({hard.count:,} characters, {hard.loss:.3f} nats each, {hard.accuracy:.0%} "
    said += "of them foreseen) "
    if not above:
        return f"{said}all kinds of characters are equally hard."
    said += f"the hardest kind is the {above[0].what} ({above[0].loss:.2f} nats)"
    largest = max(hard.kinds, key=lambda each: each.share)
    said += f", the easiest the {easiest.what} ({easiest.loss:.2f}); the largest share of the "
    said += f"loss, {largest.share:.0%}, comes from the {largest.what}."
    often = [each for each in hard.characters if each.count >= _OFTEN][:_NAMED]
    if often:
        named = ", ".join(f"{visible(each.what)} ({each.loss:.1f})" for each in often)
        said += f" Of the characters that occur at least {_OFTEN} times, the hardest are: {named}."
    return said


def _next(numbers: Numbers) -> list[str]:
    """What follows from the numbers, the most promising first."""
    between, gained = gap(numbers), still_gaining(numbers)
    advice = []
    if gained is None or (gained >= SETTLED and risen(numbers) < SETTLED):
        advice.append(f"Train for {2 * len(numbers.training)} epochs: it was still learning.")
    if risen(numbers) >= SETTLED:
        advice.append(f"Stop after epoch {_best_epoch(numbers)}, or learn from more text.")
    if between is not None and (between >= GAP or risen(numbers) >= SETTLED):
        advice.append(
            f"Raise dropout from {numbers.dropout:g} to {min(numbers.dropout + 0.2, 0.6):g}."
        )
    elif between is not None:
        advice.append(
            f"Give it more hidden units ({2 * numbers.hidden_size} instead of "
            f"{numbers.hidden_size}): it learns hardly anything by heart, so it can bear more."
        )
    if numbers.cell.startswith("rnn_"):
        advice.append("Take an LSTM or a GRU, whose gates remember longer than a vanilla RNN.")
    return advice
