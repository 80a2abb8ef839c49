"""What the owner of an unused account is written: twice before the closing, and once it is done."""

from uuid import UUID

from django.utils.functional import lazy

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.core.prepaid import unspent
from bluegpt.mailroom.services import letters
from bluegpt.privacy.models import InactivityNotice
from bluegpt.privacy.queries.inactivity import link_of
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.queries.words import duration_in_words
from bluegpt.privacy.rules import endings, terms
from bluegpt.privacy.types.inactivity import Stage

# Said while the mail is rendered, in the language of its reader.
_in_words = lazy(duration_in_words, str)


def tell(*, notice_id: UUID, stage: Stage) -> None:
    """Send the mail of one stage; nothing to whoever has come back, or is gone."""
    row = InactivityNotice.objects.filter(id=notice_id).first()
    if row is None or (stage is Stage.CLOSE) != (row.closed_at is not None):
        return
    try:
        reader = person(row.person_id)
    except UnknownPerson:
        return
    policy = manifest()
    content = standing_now(row.person_id).content_term
    closes_on = terms.day_of(row.closed_at) if row.closed_at else row.closes_on
    until = {
        rule: terms.last_day(closes_on, endings.term_of(policy.retention[rule], content=content))
        for rule in ("conversations", "account")
    }
    letters.send(
        to=reader.email,
        language=reader.language,
        template=f"privacy/email/unused_{stage}",
        facts={
            "after": _in_words(policy.inactivity.after),
            "used_on": terms.day_of(row.last_active_at),
            "closes_on": closes_on,
            "content_until": until["conversations"],
            "account_until": until["account"],
            "link": link_of(row.id),
            "unspent": unspent(row.person_id),
            "operator_email": policy.operator.email,
        },
    )
