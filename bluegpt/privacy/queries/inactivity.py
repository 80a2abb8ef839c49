"""Accounts that nobody uses any more, and what is due for them. Asked afresh, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from bluegpt.accounts.models import Person
from bluegpt.privacy.errors.inactivity import UnknownNotice
from bluegpt.privacy.models import InactivityNotice, StaffGrant
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.sparing import spared_among
from bluegpt.privacy.rules import inactivity, terms
from bluegpt.privacy.types.inactivity import Exemption, Noticed, Unused

PEOPLE_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepable:
    """What the link of a notice leads to."""

    notice_id: UUID
    person_id: UUID
    closes_on: date


def unused(now: datetime) -> Iterator[Unused]:
    """Every open account for which something is due, the longest unused first.

    What is yielded may be acted on before the next one is asked for.
    """
    chapter, today = manifest().inactivity, terms.day_of(now)
    soonest = today + timedelta(days=chapter.first_notice.days)
    before = terms.midnight(terms.cutoff_day(soonest, chapter.after))
    for page in _pages(before):
        ids = [person_id for _at, person_id in page]
        noticed, exempt = _noticed(ids), exemptions(ids, now=now)
        for at, person_id in page:
            exemption = exempt.get(person_id)
            told = None if exemption else noticed.get((person_id, at))
            used_on = terms.day_of(at)
            stage = inactivity.stage(used_on, chapter, today=today, noticed=told)
            if stage is not None:
                yield Unused(
                    person_id=person_id,
                    last_active_at=at,
                    stage=stage,
                    closes_on=inactivity.closes_on(used_on, chapter, today=today, noticed=told),
                    exemption=exemption,
                )


def exemptions(person_ids: Sequence[UUID], *, now: datetime) -> Mapping[UUID, Exemption]:
    """Those of a batch of people whose accounts stay open, used or not, and why. Three queries."""
    grants = StaffGrant.objects.filter(person_id__in=person_ids, ends_at__gt=now)
    found = dict.fromkeys(grants.values_list("person_id", flat=True), Exemption.STAFF)
    for person_id, spared in spared_among(person_ids).items():
        if spared.held:
            found[person_id] = Exemption.HELD
        if spared.is_restricted:
            found[person_id] = Exemption.RESTRICTED
    return found


def link_of(notice_id: UUID) -> str:
    """What a mail carries: it names nobody, and nobody can make one."""
    return _signer().sign(notice_id.hex)


def keepable(link: str) -> Keepable:
    """What is behind a link. Raises UnknownNotice, once the account is used again or closed."""
    try:
        notice_id = UUID(_signer().unsign(link))
    except (BadSignature, ValueError):
        raise UnknownNotice from None
    row = InactivityNotice.objects.filter(id=notice_id, closed_at=None).first()
    if row is None or not Person.objects.filter(id=row.person_id, closed_at=None).exists():
        raise UnknownNotice
    return Keepable(notice_id=row.id, person_id=row.person_id, closes_on=row.closes_on)


def _signer() -> Signer:
    """Made when it is used: the installation's secret is known only then."""
    return Signer(sep=".", salt="privacy.keep_account")


def _pages(before: datetime) -> Iterator[list[tuple[datetime, UUID]]]:
    rows = Person.objects.filter(closed_at=None, last_active_at__lt=before)
    after = Q()
    while True:
        found = rows.filter(after).order_by("last_active_at", "id")
        page = [
            (at, person_id)
            for at, person_id in found.values_list("last_active_at", "id")[:PEOPLE_AT_ONCE]
            if at is not None  # what is compared is never null; the types cannot know
        ]
        yield page
        if len(page) < PEOPLE_AT_ONCE:
            return
        at, person_id = page[-1]
        tie = Q(last_active_at=at, id__gt=person_id)
        after = Q(last_active_at__gt=at) | tie


def _noticed(person_ids: Sequence[UUID]) -> Mapping[tuple[UUID, datetime], Noticed]:
    """What people were told, by the use from which it was counted."""
    rows = InactivityNotice.objects.filter(person_id__in=person_ids, closed_at=None)
    return {
        (row.person_id, row.last_active_at): Noticed(
            closes_on=row.closes_on, is_twice=row.second_at is not None
        )
        for row in rows
    }
