"""How a reader chooses runs, snapshots, texts and values."""
