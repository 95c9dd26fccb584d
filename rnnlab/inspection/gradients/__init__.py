"""How gradients flow: back through time, through truncation and clipping, to single characters."""
