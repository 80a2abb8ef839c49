"""The register of breaches, and who is concerned by one."""

from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Cast

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass, Table, declared
from bluegpt.privacy.errors.matters import UnknownBreach
from bluegpt.privacy.models import Breach, BreachAmendment, Disclosure
from bluegpt.privacy.rules import breaching
from bluegpt.privacy.types.breaches import Amendment, BreachView, Facts, Nature, Risk

PAGE = 50


def breaches(*, page: int = 1) -> tuple[BreachView, ...]:
    """A page of the register, the newest awareness first."""
    start = (page - 1) * PAGE
    rows = Breach.objects.order_by("-aware_at", "-id")[start : start + PAGE]
    return tuple(map(view, rows))


def breach(breach_id: UUID) -> BreachView:
    """One breach. Raises UnknownBreach."""
    row = Breach.objects.filter(id=breach_id).first()
    if row is None:
        raise UnknownBreach
    return view(row)


def amendments(breach_id: UUID) -> tuple[Amendment, ...]:
    """The last fifty changes of a breach, the newest first."""
    rows = BreachAmendment.objects.filter(breach_id=breach_id).order_by("-at", "-id")[:PAGE]
    return tuple(
        Amendment(
            at=row.at,
            by=row.by,
            reason=row.reason,
            changes={key: (old, new) for key, (old, new) in row.changes.items()},
        )
        for row in rows
    )


def overdue_count() -> int:
    """Open breaches of which somebody should have been told by now."""
    opened = Breach.objects.filter(closed_at=None).iterator(chunk_size=200)
    return sum(found.authority.is_overdue or found.people.is_overdue for found in map(view, opened))


def affected_count(facts: Facts) -> int:
    """How many people are concerned."""
    return len(set().union(*(set(rows) for rows in _people(facts))))


def affected(facts: Facts) -> Iterator[UUID]:
    """The people concerned, each once, by id.

    Of a recipient's breach: those whose data of these classes it was sent within the window. Of
    one here: those who have data of these classes. Only ids are held in memory, 16 bytes each.
    """
    seen: set[UUID] = set()
    for rows in _people(facts):
        for person_id in rows:
            if person_id not in seen:
                seen.add(person_id)
                yield person_id


def _people(facts: Facts) -> Iterator[Iterator[UUID]]:
    if facts.recipient:
        for data_class in facts.data_classes:
            yield _disclosed(facts, data_class).iterator(chunk_size=2_000)
        return
    for table in declared():
        if table.person_path and any(table.claims.get(each) for each in facts.data_classes):
            yield _holders(table).iterator(chunk_size=2_000)


def _disclosed(facts: Facts, data_class: DataClass) -> QuerySet[Disclosure, UUID]:
    rows = Disclosure.objects.filter(
        recipient=facts.recipient,
        at__gte=facts.started_at,
        at__lte=facts.ended_at or clock.now(),
        data_classes__contains=data_class.value,
    )
    return rows.order_by().values_list("person_id", flat=True).distinct()


def _holders(table: Table) -> "QuerySet[Breach, UUID]":
    model = apps.get_model(table.model)
    rows = model._default_manager.exclude(**{f"{table.person_path}__isnull": True})
    named = rows.annotate(_person=Cast(table.person_path, UUIDField()))
    people: QuerySet[Breach, UUID] = named.order_by().values_list("_person", flat=True).distinct()
    return people


def view(row: Breach) -> BreachView:
    """A row as others see it, now."""
    now, risk = clock.now(), Risk(row.risk)
    return BreachView(
        id=row.id,
        facts=facts_of(row),
        recorded_at=row.recorded_at,
        authority=breaching.authority_clock(
            risk=risk, aware_at=row.aware_at, filed_at=row.filed_at, now=now
        ),
        people=breaching.people_clock(
            risk=risk, aware_at=row.aware_at, told_at=row.people_told_at, now=now
        ),
        filing_reference=row.filing_reference,
        filing_is_complete=row.filing_is_complete,
        closed_at=row.closed_at,
        evidence=row.evidence,
    )


def facts_of(row: Breach) -> Facts:
    """What a row says has happened."""
    return Facts(
        title=row.title,
        natures=tuple(Nature(each) for each in row.natures.split()),
        data_classes=tuple(DataClass(each) for each in row.data_classes.split()),
        recipient=row.recipient,
        started_at=row.started_at,
        ended_at=row.ended_at,
        aware_at=row.aware_at,
        people_about=row.people_about,
        records_about=row.records_about,
        consequences=row.consequences,
        measures=row.measures,
        risk=Risk(row.risk),
    )
