"""Telling those who received data that it was corrected, erased or restricted (GDPR, Art. 19)."""

from collections.abc import Set
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.requests import UnknownRequest
from bluegpt.privacy.models import Disclosure, RecipientNotice
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services.request_steps import locked, step
from bluegpt.privacy.types.requests import RequestId, StepKind


def name_recipients(
    *, request_id: RequestId, data_classes: Set[DataClass], by: str
) -> tuple[str, ...]:
    """Write down everybody who may still hold data of these classes, as somebody to be told.

    Returns their keys; none when the data never left. Who keeps nothing, or for whom the term of
    the last transmission has passed, has nothing to correct or erase. Repeatable: who is named
    stays named.
    """
    with transaction.atomic():
        row = locked(request_id)
        received = (
            Disclosure.objects.filter(person_id=row.person_id)
            .order_by()
            .values_list("recipient", "data_classes")
            .annotate(last_at=Max("at"))
        )
        wanted = {data_class.value for data_class in data_classes}
        named = sorted(
            {
                recipient
                for recipient, kinds, last_at in received
                if wanted & set(kinds.split()) and _may_hold(recipient, last_at)
            }
        )
        RecipientNotice.objects.bulk_create(
            [
                RecipientNotice(id=new_id(), request=row, recipient=recipient, named_at=clock.now())
                for recipient in named
            ],
            ignore_conflicts=True,
        )
        step(row, StepKind.RECIPIENTS_NAMED, by=by, code=str(len(named)))
    return tuple(named)


def _may_hold(recipient: str, last_at: datetime) -> bool:
    """Whether what was sent then may still be there; who has not said is taken to keep it."""
    facts = manifest().recipients.get(recipient)
    days = facts.keeps_prompts_days if facts else None
    return days is None or (last_at >= clock.now() - timedelta(days=days) and days > 0)


def note_told(*, request_id: RequestId, recipient: str, by: str, words: str = "") -> None:
    """Note that a recipient was told, or in words why that was impossible.

    Raises UnknownRequest when nobody is waiting to be told.
    """
    with transaction.atomic():
        row = locked(request_id)
        waiting = RecipientNotice.objects.filter(request=row, recipient=recipient, told_at=None)
        if waiting.update(told_at=clock.now(), told_by=by) == 0:
            raise UnknownRequest
        step(row, StepKind.RECIPIENT_TOLD, by=by, code=recipient, words=words.strip())


def waiting_to_be_told(*, request_id: RequestId) -> tuple[str, ...]:
    """Who has not been told yet, by key."""
    waiting = RecipientNotice.objects.filter(request_id=request_id, told_at=None)
    return tuple(waiting.order_by("recipient").values_list("recipient", flat=True))
