"""A new version of the policy is kept from the moment it is first served."""

import json
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.jobs import enqueue
from bluegpt.privacy.models import PolicyAcknowledgement, PolicyVersion
from bluegpt.privacy.queries.manifest import document, policy_digest
from bluegpt.privacy.rules import comparing, documents
from bluegpt.privacy.types.versions import Effect

ANNOUNCE = "privacy.announce_version"


def enter() -> None:
    """Keep the version in force, if it is new, and have people told when it asks for that.

    The first version of an installation changes nothing for anybody. A version that returns
    after another was in force stays where it is in the history: its digest is the same.
    """
    digest = policy_digest()
    if PolicyVersion.objects.filter(digest=digest).exists():
        return
    published = documents.canonical_json(document())
    with transaction.atomic():
        last = PolicyVersion.objects.order_by("-effective_at").first()
        effect = Effect.EDITORIAL
        if last is not None:
            found = comparing.changes(json.loads(last.document), json.loads(published))
            effect = comparing.effect_of(found)
        _row, is_new = PolicyVersion.objects.get_or_create(
            digest=digest,
            defaults={
                "document": published.decode(),
                "effective_at": clock.now(),
                "effect": effect,
            },
        )
        if is_new and effect is not Effect.EDITORIAL:
            enqueue(ANNOUNCE, {"digest": digest}, unique_key=digest)


def acknowledge(*, person_id: UUID, occasion: str) -> None:
    """The person was shown the version in force and pressed a button; once per version."""
    enter()
    PolicyAcknowledgement.objects.get_or_create(
        person_id=person_id,
        digest=policy_digest(),
        defaults={"at": clock.now(), "occasion": occasion},
    )
