"""What single units do on a text, and which of them follow what."""
