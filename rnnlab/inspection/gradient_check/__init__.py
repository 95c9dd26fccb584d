"""Is a backward pass right: gradients checked, and classic bugs to be found."""
