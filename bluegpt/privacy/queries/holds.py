"""What a law keeps, for whom and until when."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.staff import UnknownHold
from bluegpt.privacy.models import LegalHold
from bluegpt.privacy.types.holds import Hold

PAGE = 50


def held_classes(person_id: UUID) -> frozenset[DataClass]:
    """The classes of a person's data that a law keeps today, whatever their term says."""
    rows = _current(clock.now().date()).filter(person_id=person_id)
    return frozenset(DataClass(each) for each in rows.values_list("data_class", flat=True))


def held_among(person_ids: Iterable[UUID]) -> Mapping[UUID, frozenset[DataClass]]:
    """The same for a batch of people, in one query; who has no hold is not in it."""
    rows = _current(clock.now().date()).filter(person_id__in=list(person_ids))
    found: dict[UUID, set[DataClass]] = {}
    for person_id, data_class in rows.values_list("person_id", "data_class"):
        found.setdefault(person_id, set()).add(DataClass(data_class))
    return {person_id: frozenset(classes) for person_id, classes in found.items()}


def held_people(data_class: DataClass) -> QuerySet[LegalHold, UUID]:
    """The people with a hold on a class today: for `exclude(person_id__in=…)` of a larger query."""
    rows = _current(clock.now().date()).filter(data_class=data_class)
    return rows.values_list("person_id", flat=True)


def holds(*, page: int = 1) -> tuple[Hold, ...]:
    """A page of every hold, current and ended, the newest first."""
    start = (page - 1) * PAGE
    rows = LegalHold.objects.order_by("-created_at", "-id")[start : start + PAGE]
    return tuple(map(facts, rows))


def holds_of(person_id: UUID) -> tuple[Hold, ...]:
    """A person's holds, the newest first."""
    rows = LegalHold.objects.filter(person_id=person_id).order_by("-created_at", "-id")
    return tuple(map(facts, rows[:PAGE]))


def hold(hold_id: UUID) -> Hold:
    """One hold. Raises UnknownHold."""
    row = LegalHold.objects.filter(id=hold_id).first()
    if row is None:
        raise UnknownHold
    return facts(row)


def facts(row: LegalHold) -> Hold:
    """A row as others see it, today."""
    return Hold(
        id=row.id,
        person_id=row.person_id,
        data_class=DataClass(row.data_class),
        text=row.text,
        law=row.law,
        author_id=row.author_id,
        created_at=row.created_at,
        ends_on=row.ends_on,
        is_current=row.lifted_at is None and row.ends_on >= clock.now().date(),
        was_lifted=row.lifted_at is not None,
    )


def _current(today: date) -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(lifted_at=None, ends_on__gte=today)
