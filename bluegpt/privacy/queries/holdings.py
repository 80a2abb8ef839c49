"""What is held about a person, and who received what."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from bluegpt.core.personal_data import DataClass, declared
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.types.holdings import Disclosed, DisclosedPage, Holding

PAGE_LINES = 25


def holdings(person_id: UUID) -> tuple[Holding, ...]:
    """Rows about a person by class and the fact that starts their term: one count per table.

    A row with data of several classes is counted under each. What holds nothing is left out.
    """
    counts: defaultdict[tuple[DataClass, str], dict[str, int]] = defaultdict(dict)
    for table in declared():
        if not table.person_path:
            continue
        model = apps.get_model(table.model)
        rows = model._default_manager.filter(**{table.person_path: person_id}).count()
        for data_class in table.claims:
            if rows and data_class is not DataClass.TECHNICAL:
                counts[data_class, table.retention_trigger][table.model] = rows
    order = list(DataClass)
    return tuple(
        Holding(data_class=data_class, trigger=trigger, counts=found)
        for (data_class, trigger), found in sorted(
            counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )


def disclosures(person_id: UUID, *, cursor: str = "") -> DisclosedPage:
    """A page of who received what, newest first. An unknown cursor starts from the newest."""
    rows = Disclosure.objects.filter(person_id=person_id).order_by("-at", "-id")
    last = rows.filter(id=cursor).first() if _is_id(cursor) else None
    if last is not None:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    found = list(rows[: PAGE_LINES + 1])
    shown = found[:PAGE_LINES]
    return DisclosedPage(
        lines=tuple(_line(row) for row in shown),
        next_cursor=str(shown[-1].id) if len(found) > PAGE_LINES else "",
    )


def undisclosed(call_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of some calls that left no record of who received them. One query."""
    found = Disclosure.objects.filter(call_id__in=call_ids).values_list("call_id", flat=True)
    return frozenset(call_ids) - set(found)


def _line(row: Disclosure) -> Disclosed:
    return Disclosed(
        id=row.id,
        at=row.at,
        recipient=row.recipient,
        country=row.country,
        purpose=row.purpose,
        basis=row.basis,
        transfer_basis=row.transfer_basis,
        data_classes=tuple(DataClass(word) for word in row.data_classes.split()),
    )


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
