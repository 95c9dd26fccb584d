"""RNN Lab: train character-level recurrent networks and look inside them.

Start with `streamlit run app.py`.
"""

from __future__ import annotations

from pages.components import frame

frame.run()
