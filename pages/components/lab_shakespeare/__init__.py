"""The parts of Lab 5, Shakespeare and Holmes, private to `pages/lab_shakespeare.py`."""
