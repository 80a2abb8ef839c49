"""Once a year: is what we know of you still right? Source: GDPR, Art. 5(1)(d)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.mailroom.services import letters
from bluegpt.privacy.models import YearlyCheck

YEAR = timedelta(days=365)
# A day's run; whoever is left over is asked tomorrow.
ASKED_MAX = 1_000


def ask() -> int:
    """Write to everybody with an open account who was last asked, or came, a year ago; how many.

    The note is written before the mail: a mail that is lost comes again in a year, and nobody
    gets two.
    """
    now = clock.now()
    lately = YearlyCheck.objects.filter(person_id=OuterRef("id"), asked_at__gt=now - YEAR)
    due = Person.objects.filter(
        ~Exists(lately), confirmed_at__lte=now - YEAR, is_active=True, closed_at=None
    )
    asked = 0
    for person in due.order_by("confirmed_at")[:ASKED_MAX]:
        with transaction.atomic():
            YearlyCheck.objects.update_or_create(person_id=person.id, defaults={"asked_at": now})
        letters.send(
            to=person.email,
            language=person.language,
            template="privacy/email/yearly",
            facts={"email": person.email},
        )
        asked += 1
    return asked
