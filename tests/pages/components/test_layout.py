"""What is drawn around figures: the sentence of an error, and a definition that is folded away."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _a_page_with_errors() -> None:
    import streamlit as st

    from pages.components.layout import problems

    with problems():
        st.text("before")
        raise ValueError("it has no *weights*")
    with problems():
        raise OSError("the disk is full")
    st.text("after")


def test_errors_are_said_in_their_own_words_and_what_follows_is_drawn() -> None:
    page = AppTest.from_function(_a_page_with_errors).run()
    assert not page.exception
    assert [error.value.replace("\\", "") for error in page.error] == [
        "it has no *weights*",
        "the disk is full",
    ]
    assert [text.value for text in page.text] == ["before", "after"]


def _a_page_with_a_bug() -> None:
    from pages.components.layout import problems

    with problems():
        raise KeyError("a bug")


def test_a_bug_is_not_taken_for_a_problem_of_the_user() -> None:
    assert AppTest.from_function(_a_page_with_a_bug).run().exception


def _a_page_with_a_definition() -> None:
    from pages.components.layout import definition, show_error

    definition("x = 1", "**It misleads.**", "A_1: *Letters*", show_error)


def test_a_definition_has_its_formula_words_source_and_code() -> None:
    page = AppTest.from_function(_a_page_with_a_definition).run()
    folded = page.expander[0]
    assert folded.label == "Definition, and where it can mislead"
    assert folded.latex[0].value == "$$\nx = 1\n$$"
    assert folded.markdown[0].value == "**It misleads.**"
    assert folded.caption[0].value.replace("\\", "") == "A_1: *Letters*"
    assert folded.code[0].value.startswith("def show_error(")
