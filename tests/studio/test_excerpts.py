"""Finding words in a text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bluegpt.studio.rules.excerpts import EXCERPT_CHARS, excerpt, folded


def test_case_and_accents_do_not_hide_a_match() -> None:
    found = excerpt("Un Été à la plage", folded_words=folded("ete a la"))

    assert found is not None
    assert found.match == "Été à la"
    assert (found.before, found.after) == ("Un ", " plage")


def test_decomposed_accents_are_found_too() -> None:
    text = unicodedata.normalize("NFD", "le café noir")

    found = excerpt(text, folded_words=folded("café"))

    assert found is not None
    assert found.match == "café"


def test_a_far_neighbourhood_is_cut_and_marked() -> None:
    found = excerpt("a" * 200 + "needle" + "b" * 200, folded_words="needle")

    assert found is not None
    assert found.before == "…" + "a" * EXCERPT_CHARS
    assert found.after == "b" * EXCERPT_CHARS + "…"


def test_other_words_are_not_found() -> None:
    assert excerpt("haystack", folded_words="needle") is None


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)
