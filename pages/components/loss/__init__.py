"""The parts of the page on what a loss means, private to `pages/loss.py`."""
