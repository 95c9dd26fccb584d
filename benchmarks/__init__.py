"""What the claims about speed rest on; `python -m rnnlab bench` runs it."""
