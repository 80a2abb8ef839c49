"""Writing down what staff did, in the transaction in which they did it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.privacy.models import StaffAct, StaffActHead
from bluegpt.privacy.rules import chaining
from bluegpt.privacy.types.staff_log import Act, Entry

_FACT_CHARS_MAX = 100


def note(
    *, actor_id: UUID | None, verb: str, object_id: UUID, facts: Mapping[str, object] | None = None
) -> Entry:
    """Add an act to the end of the chain; part of the caller's transaction.

    Writers queue for the head, so that numbers have no gap. Raises ValueError for a fact that is
    longer than a code or an id.
    """
    said = {key: str(value) for key, value in (facts or {}).items()}
    if any(len(value) > _FACT_CHARS_MAX for value in said.values()):
        raise ValueError("the staff log holds codes and ids, not texts")
    with transaction.atomic():
        StaffActHead.objects.get_or_create(id=1, defaults={"digest": chaining.ROOT})
        head = StaffActHead.objects.select_for_update().get(id=1)
        entry = Entry(
            number=head.number + 1,
            at=clock.now(),
            act=Act(actor_id=actor_id, verb=verb, object_id=object_id, facts=said),
            previous_digest=head.digest,
            digest="",
        )
        entry = replace(entry, digest=chaining.digest_of(entry))
        StaffAct.objects.create(
            number=entry.number,
            at=entry.at,
            actor_id=actor_id,
            verb=verb,
            object_id=object_id,
            facts=said,
            previous_digest=entry.previous_digest,
            digest=entry.digest,
        )
        StaffActHead.objects.filter(id=1).update(number=entry.number, digest=entry.digest)
    return entry
