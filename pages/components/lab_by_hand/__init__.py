"""The parts of Lab 3, by hand in NumPy, private to `pages/lab_by_hand.py`."""
