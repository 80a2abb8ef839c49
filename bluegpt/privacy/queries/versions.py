"""Which policy applied when, and what lies between two versions."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from bluegpt.privacy.errors.versions import NoSuchVersion
from bluegpt.privacy.models import PolicyAcknowledgement, PolicyVersion
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.rules import comparing
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.versions import Change, Effect, Version

_PAGE = 50


def versions(*, page: int = 1) -> tuple[Version, ...]:
    """The newest first, fifty at a time."""
    first = (page - 1) * _PAGE
    rows = PolicyVersion.objects.order_by("-effective_at").defer("document")
    return tuple(_shown(row) for row in rows[first : first + _PAGE])


def version(digest: str) -> Version:
    """One version. Raises NoSuchVersion."""
    return _shown(_row(digest))


def current() -> Version:
    """The version in force. Raises NoSuchVersion before it was first served."""
    return version(policy_digest())


def published(digest: str) -> str:
    """The version's whole manifest as canonical JSON, whose SHA-256 is the digest.

    Raises NoSuchVersion.
    """
    return _row(digest).document


def applied_at(instant: datetime) -> Version:
    """The version that was in force at an instant. Raises NoSuchVersion before the first."""
    row = (
        PolicyVersion.objects.filter(effective_at__lte=instant)
        .order_by("-effective_at")
        .defer("document")
        .first()
    )
    if row is None:
        raise NoSuchVersion
    return _shown(row)


def before(digest: str) -> Version | None:
    """The version that came before; None for the first. Raises NoSuchVersion."""
    row = (
        PolicyVersion.objects.filter(effective_at__lt=_row(digest).effective_at)
        .order_by("-effective_at")
        .defer("document")
        .first()
    )
    return None if row is None else _shown(row)


def difference(*, older: str, newer: str) -> tuple[Change, ...]:
    """Every line that differs between two versions. Raises NoSuchVersion."""
    return comparing.changes(_document(older), _document(newer))


def operator_of(digest: str) -> str:
    """Who answered for the processing under this version. Raises NoSuchVersion."""
    return str(_document(digest)["operator"]["company"])


def term(text: str) -> Duration:
    """A term as a published policy writes it, P30D or P3Y, understood. Raises ValueError."""
    return duration(text)


def newest_asking() -> str:
    """The digest of the newest version that asks people again; empty when none does."""
    asking = _asking()
    return "" if asking is None else asking.digest


def to_ask_again(person_id: UUID) -> Version | None:
    """The newest version that this person still has to be asked about; None when there is none.

    Who was shown it, or a later one, and said so, is not asked. Who joined later has read it.
    """
    asking = _asking()
    if asking is None:
        return None
    since = PolicyVersion.objects.filter(effective_at__gte=asking.effective_at).values("digest")
    said = PolicyAcknowledgement.objects.filter(person_id=person_id, digest__in=since)
    return None if said.exists() else _shown(asking)


def _asking() -> PolicyVersion | None:
    return (
        PolicyVersion.objects.filter(effect=Effect.ASK_AGAIN)
        .order_by("-effective_at")
        .defer("document")
        .first()
    )


def _document(digest: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_row(digest).document)
    return found


def _row(digest: str) -> PolicyVersion:
    row = PolicyVersion.objects.filter(digest=digest).first()
    if row is None:
        raise NoSuchVersion
    return row


def _shown(row: PolicyVersion) -> Version:
    return Version(digest=row.digest, effective_at=row.effective_at, effect=Effect(row.effect))
