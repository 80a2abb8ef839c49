"""Publishing the catalogue's prices in credits: where providers and credits meet."""

from django.conf import settings

from bluegpt.credits.services import price_book
from bluegpt.providers.queries.catalogue import models
from bluegpt.studio.rules.pricing import rates_of


def publish() -> int:
    """Put every priced model into the price book; the version in force afterwards.

    A new version is made only when a price differs from the one in force.
    """
    credits = settings.BLUEGPT.credits
    rates = {
        (rate.sku, rate.meter, rate.from_context_tokens): rate
        for model in models()
        for rate in rates_of(
            model, credits_per_usd=credits.per_usd, markup_percent=credits.markup_percent
        )
    }
    return price_book.publish(
        rates=rates.values(),
        note=f"{credits.per_usd} credits per US dollar, {credits.markup_percent} % markup",
    )
