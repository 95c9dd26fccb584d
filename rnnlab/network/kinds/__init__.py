"""The kinds of networks beside the plain character RNN, from minimal to encoder–decoder."""
