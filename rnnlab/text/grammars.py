"""The rules of the generated languages in words, and what makes each of them hard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Grammar:
    """How a generated language is written, for a reader who wants to predict it."""

    rules: tuple[str, ...]  # in order, one sentence each
    unpredictable: str  # where the best possible loss comes from


_COINS = (
    "Only the coins are news: everything else is known to whoever knows the place in the diagram."
)

GRAMMARS: dict[str, Grammar] = {
    "reber": Grammar(
        rules=(
            "Every string begins with B.",
            "A coin then chooses between T (the upper way) and P (the lower way).",
            "On the upper way, any number of S follows, a coin deciding each time, and then an X.",
            "On the lower way, any number of T follows, a coin deciding each time, and then a V.",
            "After that X, a coin chooses between S, which leads to the end, and another X, which "
            "leads back to the loop of the lower way.",
            "After that V, a coin chooses between V, which leads to the end, and P, which leads "
            "back to the choice between X and S.",
            "Every string ends with E and a newline.",
        ),
        unpredictable=_COINS,
    ),
    "embedded-reber": Grammar(
        rules=(
            "Every string begins with B.",
            "A coin then chooses between T and P: this letter must be remembered.",
            "A whole string of the Reber grammar follows, from its own B to its own E.",
            "Then comes the same letter, T or P, that was chosen at the beginning.",
            "Every string ends with E and a newline.",
        ),
        unpredictable=f"{_COINS} The last letter but one is not news to whoever remembers the "
        "second one.",
    ),
    "brackets": Grammar(
        rules=(
            "A string is made of groups, and a group begins with one of (, [ and {, all equally "
            "likely.",
            "Inside of a bracket, another group begins with probability 0.45, and otherwise the "
            "bracket is closed by the sign that fits it.",
            "Nothing is nested deeper than four: there a bracket is always closed at once.",
            "When all brackets are closed, another group follows with probability 0.5, and "
            "otherwise a newline ends the string.",
        ),
        unpredictable="News is whether a bracket opens or closes and which one opens; which sign "
        "closes it is known to whoever remembers all that are open.",
    ),
    "delayed-copy": Grammar(
        rules=(
            "A string begins with five letters, each drawn from a to h, all equally likely.",
            "Ten dots follow.",
            "Then come the same five letters in the same order, and a newline.",
        ),
        unpredictable="Only the first five letters are news; the dots, the copy and the newline "
        "are known to whoever stored them.",
    ),
    "random-strings": Grammar(
        rules=(
            "A string has four to eight letters; the five lengths are equally likely.",
            "Each letter is drawn from a to j, all equally likely, and a newline ends the string.",
        ),
        unpredictable="Everything is news: the letters, and where a string ends.",
    ),
}
