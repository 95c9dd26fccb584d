"""The parts of the page Surgery, private to `pages/surgery.py`."""
