"""Training: the choices of a run, the loop, and the two engines that learn."""
