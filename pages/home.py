"""The link /home into a fresh server, which looks for a file of that name; `start.py` answers it.

Streamlit takes a folder `pages/` for its older kind of app until the navigation is declared once.
"""

from __future__ import annotations

from pages.components import frame

frame.begin("RNN Lab")
