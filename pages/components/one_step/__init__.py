"""The parts of the page on one cell at one step, private to `pages/one_step.py`."""
