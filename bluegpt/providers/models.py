"""The catalogue as it was last read, and which edition that was. Nothing here is about people."""

from django.db import models


class CatalogueEntry(models.Model):
    """One model's facts, in the shape of `data/models.json`.

    A key that ends in `/*` is the pattern for models that are found while running.
    """

    key = models.CharField(max_length=200, primary_key=True)
    position = models.PositiveIntegerField()
    facts = models.JSONField()

    class Meta:
        ordering = ("position",)


class CatalogueEdition(models.Model):
    """The one row that says what the entries were made from."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()
    digest = models.CharField(max_length=64)
    is_packaged = models.BooleanField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="providers_one_edition"),
        )
