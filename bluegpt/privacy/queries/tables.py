"""The declared tables with their models: which come first when rows end."""

from collections.abc import Iterable

from django.apps import apps
from django.db.models import ForeignKey

from bluegpt.core.personal_data import Table


def in_order(tables: Iterable[Table]) -> tuple[Table, ...]:
    """Tables in the order in which rows may end: those that point at others before those others.

    A table that points at itself, or that may lose its pointer, waits for nobody.
    """
    waiting = {table.model: table for table in sorted(tables, key=lambda table: table.model)}
    ordered: list[Table] = []
    while waiting:
        free = [label for label in waiting if not _pointing_at(label, waiting)]
        assert free, f"these tables point at each other in a circle: {', '.join(waiting)}"
        ordered += [waiting.pop(label) for label in free]
    return tuple(ordered)


def _pointing_at(label: str, others: Iterable[str]) -> list[str]:
    """The other tables whose rows cannot be without a row of this one."""
    return [
        other
        for other in others
        if other != label
        for field in apps.get_model(other)._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and not field.null
        and field.remote_field.model._meta.label == label
    ]
