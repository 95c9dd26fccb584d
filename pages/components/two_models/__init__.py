"""The parts of the page on two models, private to `pages/two_models.py`."""
