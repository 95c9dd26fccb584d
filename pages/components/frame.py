"""What surrounds every page: navigation, layout, and the remedy for links into a fresh server."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from rnnlab.experiments.labs import LABS

_FRAMED = "_frame"
LABS_SECTION = "Labs"
LOGO = Path(__file__).with_name("logo.svg")
ICON = Path(__file__).with_name("icon.svg")


def navigation() -> dict[str, list]:
    """The pages of the lab by section, as `st.navigation` takes them."""
    return {
        "": [
            st.Page(
                "pages/start.py",
                title="Start",
                icon=":material/home:",
                default=True,
                url_path="",
                help="What a character RNN is, a demo of 30 seconds, and what is in the lab.",
            ),
            # The default page answers at the root only; these make links of its names as well.
            *(
                st.Page("pages/start.py", title="Start", url_path=path, visibility="hidden")
                for path in ("start", "home")
            ),
        ],
        "Train": [
            st.Page(
                "pages/corpus.py",
                title="Corpus",
                icon=":material/menu_book:",
                url_path="corpus",
                help="The text, its characters, how it is split and cut into batches.",
            ),
            st.Page(
                "pages/train.py",
                title="Train",
                icon=":material/model_training:",
                url_path="train",
                help="Choose every setting, start a run, and watch its loss while it learns.",
            ),
            st.Page(
                "pages/runs.py",
                title="Runs",
                icon=":material/table_rows:",
                url_path="runs",
                help="All runs with their settings and losses: compare, rename, export, import.",
            ),
        ],
        "Look inside": [
            st.Page(
                "pages/generate.py",
                title="Generate",
                icon=":material/edit_note:",
                url_path="generate",
                help="Let a network write, character by character, and see what it nearly wrote.",
            ),
            st.Page(
                "pages/hidden_units.py",
                title="Hidden units",
                icon=":material/grid_on:",
                url_path="hidden_units",
                help="What each hidden unit does while the network reads a text.",
            ),
        ],
        "Under the glass": [
            st.Page(
                "pages/loss.py",
                title="What a loss means",
                icon=":material/stairs:",
                url_path="loss",
                help="How good counting characters would be, and what that says about a network.",
            ),
            st.Page(
                "pages/gradient_check.py",
                title="Gradient check theatre",
                icon=":material/fact_check:",
                url_path="gradient_check",
                help="Gradients by hand, by torch and from the loss itself; find the planted bug.",
            ),
            st.Page(
                "pages/memory.py",
                title="Memory, measured",
                icon=":material/hourglass:",
                url_path="memory",
                help="How many characters back a network makes use of, cells side by side.",
            ),
        ],
        LABS_SECTION: [
            st.Page(
                f"pages/lab_{name}.py",
                title=LABS[name].title,
                icon=":material/science:",
                url_path=f"lab_{name}",
                help=LABS[name].lead,
            )
            for name in LABS
        ],
    }


def run() -> None:
    """Declare the pages and run the one asked for; `app.py` calls this and nothing else."""
    _leave_cores_to_training()
    _configure()
    st.logo(str(LOGO), size="large")
    st.session_state[_FRAMED] = True
    st.navigation(navigation()).run()


def begin(title: str, lead: str = "") -> None:
    """Begin a page: call this first, before anything else is drawn.

    Args:
        title: heading of the page, sentence case, no Markdown.
        lead: one or two sentences under it, saying what one can do here (Markdown).

    The first link into a fresh server runs a file of `pages/` without `app.py`, because Streamlit
    takes a folder of that name for its older kind of app; then the navigation is declared here
    and the page starts again, this time through `app.py`.
    """
    if _FRAMED not in st.session_state:
        _configure()
        st.navigation(navigation())
        st.rerun()
    st.title(title, anchor=False)
    if lead:
        st.markdown(lead)


def _configure() -> None:
    """Before the navigation: without an icon of our own, a browser takes that of the page, and
    fetches it from the internet."""
    st.set_page_config(page_icon=str(ICON), layout="wide")


def how_to_read(sentence: str) -> None:
    """The sentence under a figure that says how to read it."""
    st.caption(f":material/info: {sentence}")


def _leave_cores_to_training() -> None:
    """Limit the linear algebra of this process to one thread.

    At every run, since a library that is loaded later comes with limits of its own; it takes
    about a millisecond. Training processes are not touched, as by an environment variable.
    """
    threadpool_limits(limits=1)
