"""The processes that make a run: manager, worker pool, workers, and what they say to each other."""
