"""The price book: versions that never change."""

import pytest

from bluegpt.credits.errors import NoPrice
from bluegpt.credits.models import Price, PriceVersion
from bluegpt.credits.queries import prices
from bluegpt.credits.services import price_book
from bluegpt.credits.types import Meter, Rate
from tests.credits import books

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_nothing_has_a_price_before_the_first_version() -> None:
    assert prices.current_version() is None
    assert prices.rates([books.SKU]) == {}
    with pytest.raises(NoPrice):
        prices.quote(books.tokens(1))


def test_the_same_prices_again_make_no_new_version() -> None:
    first = books.publish(microcredits_per_token=1)

    again = books.publish(microcredits_per_token=1)

    assert again == first == prices.current_version()
    assert PriceVersion.objects.count() == 1


def test_prices_that_return_to_what_they_were_are_a_version_of_their_own() -> None:
    versions = [books.publish(microcredits_per_token=price) for price in (1, 2, 1)]

    assert versions == [1, 2, 3]
    assert prices.quote(books.tokens(10)).amount_microcredits == 10


def test_a_quote_can_be_had_at_an_older_version() -> None:
    old = books.publish(microcredits_per_token=1)
    books.publish(microcredits_per_token=5)

    amounts = [
        prices.quote(books.tokens(10), price_version=version).amount_microcredits
        for version in (old, None)
    ]

    assert amounts == [10, 50]


def test_rates_are_given_by_sku_and_a_sku_without_price_is_left_out() -> None:
    books.publish(microcredits_per_token=3)

    found = prices.rates([books.SKU, "unknown"])

    assert set(found) == {books.SKU}
    assert {rate.meter for rate in found[books.SKU]} == {Meter.INPUT, Meter.OUTPUT}
    assert prices.rates_at(1, books.SKU) == found[books.SKU]


def test_a_book_with_a_negative_rate_is_not_published() -> None:
    wrong = Rate(
        sku="m",
        meter=Meter.INPUT,
        from_context_tokens=0,
        microcredits_per_million=-1,
        cost_nanousd_per_million=0,
    )

    with pytest.raises(ValueError, match="negative rate"):
        price_book.publish(rates=[wrong], note="")

    assert not Price.objects.exists()
