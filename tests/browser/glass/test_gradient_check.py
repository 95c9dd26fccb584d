"""Gradient check theatre: a click looks into a tensor, a slider hides a bug."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.glass.conftest import Glass, ready


def test_a_click_on_a_mark_looks_into_its_tensor(glass: Glass) -> None:
    page = glass("gradient_check", gc_cell="GRU")
    expect(page.get_by_text("torch is")).to_have_count(0, timeout=30_000)  # its answer redraws all
    ready(page)
    mark = page.get_by_label("Relative error of each tensor").locator(".points path").nth(1)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".hovertext")).to_contain_text("rnn.weight_hh_l0")
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_label("Relative error of every element of rnn.weight_hh_l0")).to_be_visible()
    expect(page).to_have_url(re.compile("gc_tensor=rnn.weight_hh_l0"))


def test_one_step_hides_the_carried_gradient(glass: Glass) -> None:
    page = glass("gradient_check", gc_bug="The carried gradient is dropped", color_scheme="dark")
    expect(page.get_by_text("4 of 6 tensors fail")).to_be_visible()
    slider = page.get_by_role("slider", name="Steps T")
    slider.focus()
    slider.press("Home")
    expect(page.get_by_text("All 6 tensors pass")).to_be_visible()
    expect(page).to_have_url(re.compile("gc_seq_length=1(&|$)"))


def test_a_new_case_stands_in_the_address(glass: Glass) -> None:
    page = glass("gradient_check", gc_act="Find the bug")
    page.get_by_role("button", name="New case").click()
    expect(page).to_have_url(re.compile(r"gc_case=\d+"))
