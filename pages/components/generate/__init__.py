"""The parts of the page Generate, private to `pages/generate.py`."""
