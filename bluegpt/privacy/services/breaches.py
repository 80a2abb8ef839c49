"""The register of breaches: recorded, filled in as more is known, filed, told, closed."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.privacy.errors.matters import (
    AmendmentIncomplete,
    BreachIncomplete,
    BreachStaysOpen,
    UnknownBreach,
)
from bluegpt.privacy.models import Breach, BreachAmendment
from bluegpt.privacy.queries.breaches import view
from bluegpt.privacy.rules import breaching
from bluegpt.privacy.services import staff_log
from bluegpt.privacy.types.breaches import BreachView, Facts


def record(*, actor_id: UUID | None, facts: Facts) -> BreachView:
    """Enter a breach; every one, whatever its risk. Raises BreachIncomplete."""
    _check(facts)
    with transaction.atomic():
        row = Breach.objects.create(
            recorded_at=clock.now(), recorded_by=actor_id, **_columns(facts)
        )
        staff_log.note(
            actor_id=actor_id,
            verb="breach.record",
            object_id=row.id,
            facts={"risk": row.risk, "aware": row.aware_at.isoformat()},
        )
    return view(row)


def amend(*, actor_id: UUID | None, breach_id: UUID, facts: Facts, reason: str) -> BreachView:
    """Put in what is known now; what it said before stays in its history, with the reason.

    Raises BreachIncomplete, AmendmentIncomplete, BreachStaysOpen or UnknownBreach.
    """
    _check(facts)
    with transaction.atomic():
        row = _open(breach_id)
        # The clocks start at the first awareness: what is learnt later does not move it.
        columns = _columns(facts) | {"aware_at": min(row.aware_at, facts.aware_at)}
        changes = {
            name: (_said(getattr(row, name)), _said(value))
            for name, value in columns.items()
            if getattr(row, name) != value
        }
        if not changes or not reason.strip():
            raise AmendmentIncomplete
        Breach.objects.filter(id=breach_id).update(**columns)
        BreachAmendment.objects.create(
            breach=row, at=clock.now(), by=actor_id, reason=reason.strip(), changes=changes
        )
        staff_log.note(
            actor_id=actor_id,
            verb="breach.amend",
            object_id=breach_id,
            facts={"risk": facts.risk, "changed": len(changes)},
        )
    return view(Breach.objects.get(id=breach_id))


def file(
    *, actor_id: UUID | None, breach_id: UUID, reference: str, is_complete: bool
) -> BreachView:
    """Note that the authority was notified: at first, or with what completes it.

    Raises UnknownBreach, or BreachStaysOpen when it was closed before.
    """
    with transaction.atomic():
        row = _open(breach_id)
        row.filed_at = row.filed_at or clock.now()
        row.filing_reference = reference.strip() or row.filing_reference
        row.filing_is_complete = row.filing_is_complete or is_complete
        row.save(update_fields=["filed_at", "filing_reference", "filing_is_complete"])
        verb = "breach.complete" if is_complete else "breach.file"
        staff_log.note(actor_id=actor_id, verb=verb, object_id=breach_id)
    return view(row)


def told_people(*, actor_id: UUID | None, breach_id: UUID) -> BreachView:
    """Note that the people concerned were told. Raises UnknownBreach or BreachStaysOpen."""
    with transaction.atomic():
        row = _open(breach_id)
        row.people_told_at = row.people_told_at or clock.now()
        row.save(update_fields=["people_told_at"])
        staff_log.note(actor_id=actor_id, verb="breach.tell", object_id=breach_id)
    return view(row)


def close(*, actor_id: UUID | None, breach_id: UUID, evidence: str) -> BreachView:
    """End a breach of which everybody was told. Raises BreachStaysOpen or UnknownBreach."""
    with transaction.atomic():
        row = _open(breach_id)
        now = view(row)
        lacking = breaching.missing(
            authority=now.authority, people=now.people, filing_is_complete=row.filing_is_complete
        )
        if lacking or not evidence.strip():
            raise BreachStaysOpen
        row.closed_at, row.evidence = clock.now(), evidence.strip()
        row.save(update_fields=["closed_at", "evidence"])
        staff_log.note(actor_id=actor_id, verb="breach.close", object_id=breach_id)
    return view(row)


def _check(facts: Facts) -> None:
    words = (facts.title, facts.consequences, facts.measures)
    if not all(text.strip() for text in words) or not facts.natures or not facts.data_classes:
        raise BreachIncomplete
    if facts.aware_at < facts.started_at or facts.aware_at > clock.now():
        raise BreachIncomplete


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return "" if value is None else str(value)


def _columns(facts: Facts) -> dict[str, object]:
    return {
        "title": facts.title.strip(),
        "natures": " ".join(sorted(facts.natures)),
        "data_classes": " ".join(sorted(facts.data_classes)),
        "recipient": facts.recipient,
        "started_at": facts.started_at,
        "ended_at": facts.ended_at,
        "aware_at": facts.aware_at,
        "people_about": facts.people_about,
        "records_about": facts.records_about,
        "consequences": facts.consequences.strip(),
        "measures": facts.measures.strip(),
        "risk": facts.risk.value,
    }


def _open(breach_id: UUID) -> Breach:
    row = Breach.objects.select_for_update().filter(id=breach_id).first()
    if row is None:
        raise UnknownBreach
    if row.closed_at is not None:
        raise BreachStaysOpen
    return row
