"""One color means one thing in every figure of the lab."""

from __future__ import annotations

# The light theme's categorical colors, as in .streamlit/config.toml. The page replaces each of
# them by the color in the same place of the theme in use, so a figure is drawn once for both.
PALETTE = (
    "#0b63c4",  # blue
    "#d1570a",  # orange
    "#0a8663",  # green
    "#7546c2",  # violet
    "#5a6676",  # slate
    "#b8327a",  # magenta
    "#9a6f00",  # gold
    "#0b8aa8",  # cyan
    "#8a5a3c",  # brown
    "#bf2438",  # red
)

TRAINING = PALETTE[0]
VALIDATION = PALETTE[1]
TEST = PALETTE[2]
GRADIENT_NORM = PALETTE[3]
NEUTRAL = PALETTE[4]  # reference lines, speed, what is as it was or has no meaning of its own
CHANGED = PALETTE[5]  # after an intervention, beside what is as it was
PUBLISHED = PALETTE[6]  # numbers of a source, beside ours
SERIES = (PALETTE[5], PALETTE[6], PALETTE[7], PALETTE[8], PALETTE[9])  # units, runs: things chosen
LAYERS = (PALETTE[7], PALETTE[8], PALETTE[9], PALETTE[6])  # from the lowest layer up

TEXT = "#18212e"
SURFACE = "#f3f5f8"
BORDER = "#d5dbe3"
BACKGROUND = "#ffffff"

# What the page puts in the place of the fixed colors above: the names of its CSS variables.
THEME_VARIABLES = {
    TEXT: "--st-text-color",
    SURFACE: "--st-secondary-background-color",
    BORDER: "--st-border-color",
    BACKGROUND: "--st-background-color",
}

# Blue for negative, red for positive, pale for 0: readable for color-blind eyes. On a page the
# theme's own diverging and sequential colors take their place (traces say which in `meta.scale`).
DIVERGING = "RdBu_r"
SEQUENTIAL = "Blues"

# Ten hues are too few for every meaning: no figure holds chosen things beside layers, beside what
# was changed or beside what was published.

_DASHES = ("solid", "dash", "dot", "dashdot")


def series_line(index: int) -> tuple[str, str]:
    """Color and dash of the index-th chosen thing (a unit, a run), distinct for the first 20."""
    color = SERIES[index % len(SERIES)]
    return color, _DASHES[index // len(SERIES) % len(_DASHES)]


def layer_line(layer: int) -> tuple[str, str]:
    """Color and dash of a layer, counted from 0."""
    place = layer % len(LAYERS)
    return LAYERS[place], _DASHES[place]
