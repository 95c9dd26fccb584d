"""Private to the page Memory, measured."""
