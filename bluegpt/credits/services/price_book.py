"""Publishing prices."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from bluegpt.credits.models import Price, PriceVersion
from bluegpt.credits.queries import dialect
from bluegpt.credits.rules.digests import book_digest
from bluegpt.credits.rules.pricing import checked
from bluegpt.credits.types import Rate

_ATTEMPTS_MAX = 5
_BATCH_ROWS = 500


def publish(*, rates: Iterable[Rate], note: str) -> int:
    """Make these rates the whole price book; the version in force afterwards.

    A new, immutable version is written only when a rate differs from the one in force. Raises
    ValueError on a negative rate and when a meter has two rates in one tier.
    """
    book = checked(rates)
    digest = book_digest(book)
    for _attempt in range(_ATTEMPTS_MAX):
        try:
            with transaction.atomic():
                return _publish(book, digest, note)
        except IntegrityError:  # somebody else took the number; theirs is now the one in force
            continue
    raise RuntimeError("the price book is being published over and over")


def _publish(book: tuple[Rate, ...], digest: str, note: str) -> int:
    last = PriceVersion.objects.order_by("-id").first()
    if last is not None and last.digest == digest:
        return last.id
    version = PriceVersion.objects.create(
        id=last.id + 1 if last else 1, digest=digest, note=note, published_at=dialect.now()
    )
    Price.objects.bulk_create(
        [
            Price(
                version=version,
                sku=rate.sku,
                meter=rate.meter.value,
                from_context_tokens=rate.from_context_tokens,
                microcredits_per_million=rate.microcredits_per_million,
                cost_nanousd_per_million=rate.cost_nanousd_per_million,
            )
            for rate in book
        ],
        batch_size=_BATCH_ROWS,
    )
    return version.id
