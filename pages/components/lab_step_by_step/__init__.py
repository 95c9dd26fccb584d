"""The parts of Lab 1, step by step, private to `pages/lab_step_by_step.py`."""
