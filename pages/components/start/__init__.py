"""The parts of the page Start, private to `pages/start.py`."""
