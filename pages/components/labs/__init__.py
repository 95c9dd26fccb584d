"""What the lab pages share: their frame, their runs and their results."""
