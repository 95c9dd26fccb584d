"""Gradient check theatre: three ways to the same gradient, and bugs to be found."""

from __future__ import annotations

from pages.components import frame, gradient_check_view

frame.begin(
    "Gradient check theatre",
    "A backward pass written by hand can be wrong and still learn a little. Here its gradients "
    "stand beside those of torch and those that the loss itself gives, and **you find the bug**.",
)
gradient_check_view.draw()
