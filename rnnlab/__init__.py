"""RNN Lab: character-level recurrent networks, trained, run and opened up."""
