"""The parts of the page Find a unit, private to `pages/find_unit.py`."""
