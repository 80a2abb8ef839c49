"""Taking on somebody new, or something new to use data for: two different people agree."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.errors.matters import SecondPersonNeeded
from bluegpt.privacy.errors.onboarding import ChecklistOpen
from bluegpt.privacy.models import OnboardingApproval
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.onboarding import newcomer
from bluegpt.privacy.queries.succession_freeze import check_nothing_frozen
from bluegpt.privacy.services import staff_log


def approve(*, actor_id: UUID, subject: str, facts_sha256: str, answered: Collection[str]) -> None:
    """Agree to an entry with the facts that were read, after the whole checklist.

    Raises ChecklistOpen, SecondPersonNeeded when this person agreed before, UnknownNewcomer, or
    FrozenForSuccession while the service changes hands.
    """
    check_nothing_frozen()
    found = newcomer(subject, facts_sha256=facts_sha256)
    asked = {
        key for key, each in manifest().onboarding.checklist.items() if each.of == found.chapter
    }
    if not asked <= set(answered):
        raise ChecklistOpen
    with transaction.atomic():
        row, is_new = OnboardingApproval.objects.get_or_create(
            subject=subject,
            facts_sha256=facts_sha256,
            approver=actor_id,
            defaults={"id": new_id(), "answered": " ".join(sorted(asked)), "at": clock.now()},
        )
        if not is_new:
            raise SecondPersonNeeded
        staff_log.note(
            actor_id=actor_id,
            verb="onboarding.approve",
            object_id=row.id,
            facts={"subject": subject, "facts": facts_sha256},
        )
