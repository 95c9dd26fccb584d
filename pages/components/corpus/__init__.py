"""The parts of the page on a corpus and how it is cut, private to `pages/corpus.py`."""
