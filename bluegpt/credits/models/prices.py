"""The price book: one immutable version after the other."""

from django.db import models
from django.db.models import Q

from bluegpt.credits.models.choices import choices
from bluegpt.credits.types import Meter


class PriceVersion(models.Model):
    """One state of the whole price book. Never edited: a change is a new version."""

    id = models.PositiveIntegerField(primary_key=True)
    digest = models.CharField(max_length=32)
    note = models.TextField(default="")
    published_at = models.DateTimeField()


class Price(models.Model):
    """The rate of one meter of one SKU from `from_context_tokens` on, per 1,000,000 units."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(
        PriceVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sku = models.CharField(max_length=200)
    meter = models.CharField(max_length=20, choices=choices(Meter))
    from_context_tokens = models.BigIntegerField(default=0)
    microcredits_per_million = models.BigIntegerField()
    cost_nanousd_per_million = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "sku", "meter", "from_context_tokens"],
                name="credits_one_price_per_place",
            ),
            models.CheckConstraint(
                condition=Q(
                    from_context_tokens__gte=0,
                    microcredits_per_million__gte=0,
                    cost_nanousd_per_million__gte=0,
                ),
                name="credits_price_not_negative",
            ),
        )
