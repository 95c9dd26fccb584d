"""The parts of the page Train, private to `pages/train.py`."""
