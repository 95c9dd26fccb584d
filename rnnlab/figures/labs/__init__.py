"""The figures of the lab pages, one file a lab."""
