"""RNN Lab: train character-level recurrent networks and look inside them.

Start with `streamlit run app.py`.
"""

from __future__ import annotations

from pages.components import frame, services

frame.run()
services.jobs()  # after the page, so that the spare worker's start does not delay the first one
