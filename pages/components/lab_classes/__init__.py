"""The parts of Lab 4, what a hidden state is for, private to `pages/lab_classes.py`."""
