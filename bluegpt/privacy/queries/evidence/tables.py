"""What the tables hold, read from the tables of this very process."""

from django.apps import apps
from django.utils.translation import gettext as _

from bluegpt.core.personal_data import DataClass, declared
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.manifest import manifest

_SEEN = frozenset({"ip", "ip_address", "remote_addr"})


def columns() -> str:
    """Every column of every table belongs to one kind of data."""
    claims = {table.model: table.claims for table in declared()}
    total = 0
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        claimed = sorted(
            name for names in claims.get(model._meta.label, {}).values() for name in names
        )
        there = sorted(field.name for field in model._meta.local_concrete_fields)
        if claimed != there:
            raise NoEvidence(_("%(table)s is not declared.") % {"table": model._meta.label})
        total += len(there)
    return _("%(tables)d tables, %(columns)d columns, each claimed by one kind of data.") % {
        "tables": len(claims),
        "columns": total,
    }


def addresses() -> str:
    """IP addresses stand with connections and security, and nowhere else."""
    places = [
        (table.model, data_class)
        for table in declared()
        for data_class, names in table.claims.items()
        if _SEEN.intersection(names)
    ]
    if any(each not in {DataClass.CONNECTION, DataClass.SECURITY} for _table, each in places):
        raise NoEvidence(_("An IP address stands elsewhere."))
    return _("IP addresses stand in %(count)d tables, as connection or security data.") % {
        "count": len(places)
    }


def kept_apart() -> str:
    """No table mixes use with connections or security, and each kind ends by terms of its own.

    Raises NoEvidence.
    """
    seen = {DataClass.CONNECTION, DataClass.SECURITY}
    for table in declared():
        if DataClass.METERING in table.claims and seen.intersection(table.claims):
            raise NoEvidence(_("%(table)s mixes use with connections.") % {"table": table.model})
    kinds = (DataClass.METERING, DataClass.CONNECTION, DataClass.SECURITY)
    terms = {rule.data_class for rule in manifest().retention.values()}
    if not terms.issuperset(kinds):
        raise NoEvidence(_("A kind of data has no term of its own."))
    counts = [sum(len(table.claims.get(kind, ())) for table in declared()) for kind in kinds]
    return _(
        "%(use)d columns about use, %(seen)d about connections, %(safe)d about security; none of"
        " %(tables)d tables mixes use with the others, and each kind has its own terms."
    ) % {
        "use": counts[0],
        "seen": counts[1],
        "safe": counts[2],
        "tables": sum(1 for _table in declared()),
    }
