"""Readings of a trained network: what its units do on a text."""
