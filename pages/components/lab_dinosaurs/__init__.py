"""The parts of Lab 2, four cells on one list, private to `pages/lab_dinosaurs.py`."""
