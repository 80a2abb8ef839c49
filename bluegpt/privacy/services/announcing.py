"""People are written to about a version of the policy that asks for it."""

from django.conf import settings

from bluegpt.accounts.queries.people import confirmed_people
from bluegpt.core import clock
from bluegpt.mailroom.services import letters
from bluegpt.privacy.models import PolicyVersion
from bluegpt.privacy.queries import versions
from bluegpt.privacy.types.versions import Effect

BATCH = 50


def tell_batch(digest: str) -> bool:
    """Write to the next fifty people; True when everybody was written to.

    How far it came is kept after each letter, so a mail server that fails halfway costs at most
    one letter that comes twice. Who joined later has read this version already.
    """
    row = PolicyVersion.objects.get(digest=digest)
    if row.told_at is not None:
        return True
    earlier = versions.before(digest)
    facts = {
        "path": f"/privacy/changes?from={earlier.digest if earlier else digest}&to={digest}",
        "asks_again": row.effect == Effect.ASK_AGAIN,
        "company": versions.operator_of(digest),
        "site_url": settings.BLUEGPT.site.public_url,
    }
    people = confirmed_people(after=row.told_through, created_before=row.effective_at, limit=BATCH)
    for reader in people:
        letters.send(
            to=reader.email,
            language=reader.language,
            template="privacy/email/policy_changed",
            facts=facts,
        )
        row.told_through = reader.id
        row.save(update_fields=["told_through"])
    if len(people) == BATCH:
        return False
    row.told_through, row.told_at = None, clock.now()
    row.save(update_fields=["told_through", "told_at"])
    return True
