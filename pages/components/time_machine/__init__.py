"""The parts of the page Time machine, private to `pages/time_machine.py`."""
