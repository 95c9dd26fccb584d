"""Runs: their folders on disk, the processes that train them, and the queue in between."""
