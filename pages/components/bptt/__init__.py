"""The parts of the page on gradients through time, private to `pages/bptt.py`."""
