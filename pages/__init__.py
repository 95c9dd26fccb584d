"""The pages of the lab; each file's name is its address."""
