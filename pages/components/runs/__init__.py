"""The parts of the page of all runs, private to `pages/runs.py`."""
