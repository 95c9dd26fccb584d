"""The parts of the page on what a prediction depends on, private to `pages/connectivity.py`."""
