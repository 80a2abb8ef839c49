"""Titles made from a first message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.studio.rules.titles import TITLE_CHARS_MAX, title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is a lighthouse? And who built the first?", "What is a lighthouse?"),
        ("# Plan\n\n- buy `milk`", "Plan buy milk"),
        ("Bonjour.", "Bonjour"),
        ("", ""),
        ("   \n ", ""),
    ],
)
def test_a_title_is_the_first_sentence_without_markup(text: str, title: str) -> None:
    assert title_from(text) == title


def test_a_long_sentence_is_cut_at_a_word() -> None:
    title = title_from("Please explain " + "the theory of everything " * 10)

    assert title.endswith("…")
    assert len(title) <= TITLE_CHARS_MAX + 1
    assert not title.removesuffix("…").endswith(" ")


@given(st.text(max_size=3_000))
def test_a_title_always_fits_on_one_line(text: str) -> None:
    title = title_from(text)

    assert len(title) <= TITLE_CHARS_MAX + 1
    assert "\n" not in title
