"""Experiments as data: what is worth training, and what to look for in it."""
