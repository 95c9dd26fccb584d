"""The parts of the page on checking gradients, private to `pages/gradient_check.py`."""
