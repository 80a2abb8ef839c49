"""The service changing hands: where it stands, who was told, and whose data may be handed over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.privacy.errors.successions import UnknownSuccession
from bluegpt.privacy.models import (
    Choice,
    ErasureRun,
    Succession,
    SuccessionBundle,
    SuccessionNotice,
)
from bluegpt.privacy.rules import succeeding
from bluegpt.privacy.types.choices import ChoiceKind
from bluegpt.privacy.types.successions import (
    BundleLine,
    Counts,
    Declared,
    OwnSuccession,
    SuccessionState,
    SuccessionView,
)

PAGE = 20


def live() -> Succession:
    """The one that is neither concluded nor abandoned. Raises UnknownSuccession."""
    row = Succession.objects.filter(is_live=True).first()
    if row is None:
        raise UnknownSuccession
    return row


def successions(*, page: int = 1) -> tuple[SuccessionView, ...]:
    """A page of all of them, the newest first."""
    start = (page - 1) * PAGE
    rows = Succession.objects.order_by("-declared_at", "-id")[start : start + PAGE]
    return tuple(map(view, rows))


def view(row: Succession) -> SuccessionView:
    """A row as staff see it."""
    bundles = SuccessionBundle.objects.filter(succession=row).order_by("built_at")
    return SuccessionView(
        id=row.id,
        declared=declared(row),
        declared_by=row.declared_by,
        declared_at=row.declared_at,
        first_approver=row.first_approver,
        second_approver=row.second_approver,
        bundle_from=row.bundle_from,
        state=state_of(row),
        counts=_counts(row),
        bundles=tuple(
            BundleLine(built_at=each.built_at, people=each.people, sha256=each.sha256)
            for each in bundles
        ),
    )


def declared(row: Succession) -> Declared:
    """Who takes over, and what changes."""
    return Declared(
        acquirer=row.acquirer, country=row.country, contact=row.contact, changes=row.changes
    )


def state_of(row: Succession) -> SuccessionState:
    """How far it has come, at this instant."""
    if row.abandoned_at is not None:
        return SuccessionState.ABANDONED
    if row.concluded_at is not None:
        return SuccessionState.CONCLUDED
    if row.bundle_from is None:
        is_new = row.first_approver is None
        return SuccessionState.DECLARED if is_new else SuccessionState.APPROVED_ONCE
    return succeeding.after_approval(row.bundle_from, now=clock.now())


def own(person_id: UUID) -> OwnSuccession | None:
    """What one person is told: of the live one once it is approved, or of what was handed over."""
    notices = SuccessionNotice.objects.filter(person_id=person_id).select_related("succession")
    row = Succession.objects.filter(is_live=True, bundle_from__isnull=False).first()
    if row is not None:
        mine = notices.filter(succession=row).first()
    else:
        mine = notices.filter(handed_over_at__isnull=False).order_by("-handed_over_at").first()
        row = mine.succession if mine else None
    if row is None or row.bundle_from is None:
        return None
    return OwnSuccession(
        id=row.id,
        declared=declared(row),
        state=state_of(row),
        from_at=(mine.from_at if mine else None) or row.bundle_from,
        objected_at=mine.objected_at if mine else None,
        handed_over_at=mine.handed_over_at if mine else None,
    )


def to_be_told(row: Succession) -> QuerySet[Person]:
    """Open, confirmed accounts without a letter that was sent, or a decision of their own."""
    answered = SuccessionNotice.objects.filter(
        Q(sent_at__isnull=False) | Q(objected_at__isnull=False),
        succession=row,
        person_id=OuterRef("id"),
    )
    return _open_accounts().exclude(Exists(answered)).order_by("id")


def to_be_told_of_end(row: Succession, *, tries_max: int) -> QuerySet[Person]:
    """Open accounts that know of one which was given up, and not yet that it was."""
    knows = SuccessionNotice.objects.filter(
        # Nobody knows whether a letter left with which a process died.
        Q(sent_at__isnull=False) | Q(objected_at__isnull=False) | Q(tries__gte=1, failed_at=None),
        succession=row,
        person_id=OuterRef("id"),
        end_told_at=None,
        end_tries__lt=tries_max,
    )
    return _open_accounts().filter(Exists(knows)).order_by("id")


def undelivered(row: Succession) -> QuerySet[Person]:
    """Those of them who had an account when it was approved: their notice is owed."""
    approved_at = row.second_approved_at or row.declared_at
    return to_be_told(row).filter(created_at__lte=approved_at)


def handed_over(row: Succession, *, at: datetime) -> QuerySet[SuccessionNotice]:
    """The notices of everybody whose data may be handed over at an instant, by person.

    Told, with their own notice over; no objection, an open account, not frozen, not being erased.
    """
    theirs: dict[str, Any] = {"person_id": OuterRef("person_id")}
    frozen = Choice.objects.filter(kind=ChoiceKind.RESTRICTION, **theirs)
    return (
        SuccessionNotice.objects.filter(
            Exists(_open_accounts().filter(id=OuterRef("person_id"))),
            succession=row,
            sent_at__isnull=False,
            from_at__lte=at,
            objected_at=None,
        )
        .exclude(Exists(frozen))
        .exclude(Exists(ErasureRun.objects.filter(**theirs)))
        .order_by("person_id")
    )


def _open_accounts() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True, confirmed_at__isnull=False, closed_at=None)


def _counts(row: Succession) -> Counts:
    notices = SuccessionNotice.objects.filter(succession=row)
    is_told = row.is_live and row.bundle_from is not None
    return Counts(
        told=notices.filter(sent_at__isnull=False).count(),
        objected=notices.filter(objected_at__isnull=False).count(),
        undelivered=undelivered(row).count() if is_told else 0,
        handed_over=notices.filter(handed_over_at__isnull=False).count(),
    )
