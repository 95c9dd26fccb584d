"""What computes the updates: NumPy or torch, behind one interface."""
