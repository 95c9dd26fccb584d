"""The glass box: a character RNN in NumPy, with every value by name."""
