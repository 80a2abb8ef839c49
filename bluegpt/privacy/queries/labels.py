"""Columns in plain words."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import Table
from bluegpt.privacy.queries.rows import model_of

# What many tables have.
_COMMON = {
    "id": _("Number"),
    "person": _("Your number"),
    "person_id": _("Your number"),
    "user": _("Your number"),
    "owner_id": _("Your number"),
    "created_at": _("Made"),
    "reference": _("Reference"),
    "author": _("By"),
    "reason": _("Reason"),
    "kind": _("Kind"),
    "state": _("State"),
}


def label_of(table: Table, attname: str) -> str:
    """The words for a column, in the reader's language; its own name where there are none."""
    names = {field.attname: field.name for field in model_of(table)._meta.local_concrete_fields}
    name = names[attname]
    words = table.labels.get(name) or _COMMON.get(name)
    return str(words or name.replace("_", " "))
