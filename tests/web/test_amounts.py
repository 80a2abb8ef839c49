"""Amounts as people read them."""

import pytest
from django.utils import translation

from bluegpt.web.templatetags.web import ceiling_credits, count, exact_credits, short_credits


@pytest.mark.parametrize(
    ("microcredits", "shown"),
    [(0, "0"), (1, "0.000001"), (12_300, "0.0123"), (1_250_000, "1.25"), (5_000_000_000, "5,000")],
)
def test_an_exact_amount_keeps_every_microcredit(microcredits: int, shown: str) -> None:
    with translation.override("en"):
        assert exact_credits(microcredits) == shown


@pytest.mark.parametrize(
    ("microcredits", "shown"),
    [(0, "0"), (1, "0.000001"), (594_001, "0.6"), (590_000, "0.59"), (1_010_000, "1.1")],
)
def test_a_bound_is_rounded_up_so_that_it_stays_one(microcredits: int, shown: str) -> None:
    with translation.override("en"):
        assert ceiling_credits(microcredits) == shown


def test_amounts_follow_the_readers_notation() -> None:
    with translation.override("fr"):
        assert short_credits(1_234_560_000).replace("\xa0", " ") == "1 234,56"
        assert count(1_000_000).replace("\xa0", " ") == "1 000 000"
