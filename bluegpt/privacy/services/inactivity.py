"""Closing the accounts that nobody uses, after two mails that say so.

Each account is one short transaction, which looks again at the day of the last use under the lock
of its row: whoever came back in between is left alone. A second run of the same day finds nothing
to do. Mails go out by jobs, once the notice is committed.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import activity, closing
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.jobs import enqueue
from bluegpt.privacy.models import InactivityNotice
from bluegpt.privacy.queries.inactivity import exemptions, keepable, unused
from bluegpt.privacy.types.inactivity import Exemption, Stage, Unused

TELL_JOB = "privacy.tell_unused"
# A run's mails; whoever is left over is told the next day, and closed the later.
LETTERS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run did, by stage, and the accounts that something keeps open, by what."""

    done: Counter[Stage] = field(default_factory=Counter)
    exempt: Counter[Exemption] = field(default_factory=Counter)


def run(*, now: datetime | None = None) -> Outcome:
    """Do what is due for every unused account. `now` is the instant of the question, for a drill.

    An account that something keeps open loses its notices: once it is kept no more, its owner is
    told again, with all the time that there is before a closing.
    """
    instant = now or clock.now()
    outcome = Outcome()
    _forget_outlived()
    for each in unused(instant):
        if each.exemption is not None:
            outcome.exempt[each.exemption] += 1
            _notices(each.person_id).delete()
        elif each.stage is Stage.CLOSE:
            outcome.done[each.stage] += _close(each, now=instant)
        elif outcome.done[Stage.FIRST_NOTICE] + outcome.done[Stage.SECOND_NOTICE] < LETTERS_MAX:
            outcome.done[each.stage] += _notify(each, now=instant)
    return outcome


def keep(link: str) -> None:
    """Its owner wants to keep the account; knowing the link is enough. Raises UnknownNotice."""
    with transaction.atomic():
        person_id = keepable(link).person_id
        activity.note(person_id=person_id)
        _notices(person_id).delete()


def _forget_outlived() -> None:
    """Drop the notices of people who have come back."""
    unmoved = Person.objects.filter(
        id=OuterRef("person_id"), last_active_at=OuterRef("last_active_at")
    )
    is_open = Person.objects.filter(id=OuterRef("person_id"), closed_at=None)
    InactivityNotice.objects.filter(~Exists(unmoved), Exists(is_open)).delete()


def _notify(each: Unused, *, now: datetime) -> bool:
    with transaction.atomic():
        if not _is_still_unused(each):
            return False
        if each.stage is Stage.FIRST_NOTICE:
            _notices(each.person_id).delete()
            InactivityNotice.objects.create(
                id=new_id(),
                person_id=each.person_id,
                last_active_at=each.last_active_at,
                first_at=now,
                closes_on=each.closes_on,
            )
        else:
            once = _notices(each.person_id).filter(second_at=None)
            if not once.update(second_at=now, closes_on=each.closes_on):
                return False
        _tell(each)
    return True


def _close(each: Unused, *, now: datetime) -> bool:
    with transaction.atomic():
        if not _is_still_unused(each) or exemptions([each.person_id], now=now):
            return False
        closed_at = closing.close(person_id=each.person_id)
        _notices(each.person_id).update(closed_at=closed_at)
        _tell(each)
    return True


def _is_still_unused(each: Unused) -> bool:
    """Whether nobody has come since the question. The row is locked from here on."""
    rows = Person.objects.select_for_update().filter(id=each.person_id, closed_at=None)
    return rows.filter(last_active_at=each.last_active_at).first() is not None


def _notices(person_id: UUID) -> QuerySet[InactivityNotice]:
    return InactivityNotice.objects.filter(person_id=person_id)


def _tell(each: Unused) -> None:
    notice_id = _notices(each.person_id).values_list("id", flat=True).get()
    enqueue(TELL_JOB, {"notice_id": str(notice_id), "stage": each.stage.value})
