"""Objections to a change of hands in the journal of erasures: no restored backup forgets one.

Otherwise the data of somebody who objected after the backup would be handed over. What was taken
back is taken back again, in their order.
"""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.queries.people import is_erased
from bluegpt.core.erasures import ends
from bluegpt.privacy.models import Succession, SuccessionNotice
from bluegpt.vault.services import erasures

KIND = "privacy.succession"  # "<objected or returned> <succession id> <instant> <person id>"
_OBJECTED, _RETURNED = "objected", "returned"


def objected(notice: SuccessionNotice, *, at: datetime) -> None:
    """Note an objection."""
    _enter(_OBJECTED, notice, at)


def returned(notice: SuccessionNotice, *, at: datetime) -> None:
    """Note that an objection was taken back."""
    _enter(_RETURNED, notice, at)


def _enter(act: str, notice: SuccessionNotice, at: datetime) -> None:
    words = (act, str(notice.succession_id), at.isoformat(), str(notice.person_id))
    transaction.on_commit(partial(erasures.erase, KIND, " ".join(words)), robust=True)


@ends(KIND)
def go_through(subject: str) -> None:
    """Bring the person's row to where it was; does nothing where it is there, or handed over."""
    act, succession, instant, key = subject.split(" ")
    succession_id, person_id = UUID(succession), UUID(key)
    at = datetime.fromisoformat(instant)
    own = SuccessionNotice.objects.filter(
        succession_id=succession_id, person_id=person_id, handed_over_at=None
    )
    if act == _RETURNED:
        own.filter(objected_at__lte=at).update(objected_at=None)
        return
    # A backup may be older than the change of hands itself, or than the person's account.
    if not Succession.objects.filter(id=succession_id).exists() or is_erased(person_id):
        return
    SuccessionNotice.objects.bulk_create(
        [SuccessionNotice(succession_id=succession_id, person_id=person_id, noted_at=at)],
        ignore_conflicts=True,
    )
    own.filter(objected_at=None).update(objected_at=at)
