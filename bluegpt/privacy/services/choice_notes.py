"""The choices of people in the journal of erasures, so that no restored backup forgets one.

A backup may be older than a freeze, an objection or a limit, and nothing may be processed against
it: the replay makes each again, and takes back what was taken back, in their order. A note holds
the kind, the purpose or the term, the instant and a random id, and no word. It is entered once
the choice is committed: unlike an erasure, a choice that was rolled back must never come about.
"""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.queries.people import is_erased
from bluegpt.core.erasures import ends
from bluegpt.privacy.models import Choice
from bluegpt.privacy.queries import standing
from bluegpt.privacy.types.choices import ChoiceKind
from bluegpt.vault.services import erasures

KIND = "privacy.choice"  # the subject is "<made or undone> <kind> <what> <instant> <person id>"
_MADE, _UNDONE = "made", "undone"


def made(person_id: UUID, kind: ChoiceKind, what: str, *, at: datetime) -> None:
    """Note a choice; `what` is the purpose objected to, the chosen term, or nothing."""
    _enter(_MADE, person_id, kind, what, at)


def undone(person_id: UUID, kind: ChoiceKind, what: str, *, at: datetime) -> None:
    """Note that a choice was taken back."""
    _enter(_UNDONE, person_id, kind, what, at)


def _enter(act: str, person_id: UUID, kind: ChoiceKind, what: str, at: datetime) -> None:
    subject = " ".join((act, kind, what, at.isoformat(), str(person_id)))
    # Robust: a vault that is away is logged, and keeps nobody from stopping what the choice ends.
    transaction.on_commit(partial(erasures.erase, KIND, subject), robust=True)


@ends(KIND)
def go_through(subject: str) -> None:
    """Bring the choice to where it was; does nothing where it is there, or was made later."""
    act, kind, what, instant, key = subject.split(" ")
    person_id, at = UUID(key), datetime.fromisoformat(instant)
    is_term = kind == ChoiceKind.CONTENT_TERM
    same = Choice.objects.filter(person_id=person_id, kind=kind, subject="" if is_term else what)
    if act == _UNDONE:
        same.filter(at__lte=at).delete()
    elif not same.filter(at__gte=at).exists() and not is_erased(person_id):
        same.delete()
        Choice.objects.create(
            person_id=person_id,
            kind=kind,
            subject="" if is_term else what,
            value=what if is_term else "",
            at=at,
        )
    transaction.on_commit(partial(standing.forget, person_id))
