"""What people write opens for a reason, with a second person, for a time, and leaves a trace."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.backoffice.urls import urlpatterns
from bluegpt.core import clock
from bluegpt.core.models import Job
from bluegpt.privacy.errors.matters import (
    AccessClosed,
    AccessUnreasoned,
    AlreadyDecided,
    SecondPersonNeeded,
)
from bluegpt.privacy.models import ContentAccess, StaffAct
from bluegpt.privacy.queries.accesses import accesses_of
from bluegpt.privacy.services import access_letters, accesses
from bluegpt.privacy.types.accesses import Access, AccessGround
from bluegpt.studio.models import Conversation
from bluegpt.studio.services import conversations
from tests.backoffice.conftest import LogIn, MakeStaff

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"]),
]

CANARY = "canary-words-of-ada"


@pytest.fixture
def otto(make_staff: MakeStaff) -> Person:
    """The second person."""
    return make_staff("otto@example.org")


@pytest.fixture
def asked(ada: Person, nora: Person) -> Access:
    """Nora asked to see Ada's content for ten minutes."""
    return accesses.ask(
        actor_id=nora.id,
        person_id=ada.id,
        ground=AccessGround.ABUSE,
        reason="Report 7",
        minutes=10,
    )


def test_asking_opens_nothing(asked: Access, nora: Person) -> None:
    with pytest.raises(AccessClosed):
        accesses.see(actor_id=nora.id, access_id=asked.id, what=asked.id)


def test_nobody_approves_what_they_asked_for_themselves(asked: Access, nora: Person) -> None:
    with pytest.raises(SecondPersonNeeded):
        accesses.approve(actor_id=nora.id, access_id=asked.id)

    with pytest.raises(IntegrityError), transaction.atomic():
        ContentAccess.objects.filter(id=asked.id).update(approved_by=nora.id)


def test_a_second_person_opens_it_for_its_minutes(
    asked: Access, nora: Person, otto: Person
) -> None:
    opened = accesses.approve(actor_id=otto.id, access_id=asked.id)

    assert opened.closes_at is not None
    accesses.see(actor_id=nora.id, access_id=asked.id, what=asked.id)
    # It is open for whoever asked, not for whoever approved.
    with pytest.raises(AccessClosed):
        accesses.see(actor_id=otto.id, access_id=asked.id, what=asked.id)
    with time_machine.travel(opened.closes_at, tick=False), pytest.raises(AccessClosed):
        accesses.see(actor_id=nora.id, access_id=asked.id, what=asked.id)


def test_what_was_closed_does_not_open_again(asked: Access, nora: Person, otto: Person) -> None:
    accesses.close(actor_id=nora.id, access_id=asked.id)

    with pytest.raises(AlreadyDecided):
        accesses.approve(actor_id=otto.id, access_id=asked.id)


@pytest.mark.parametrize(("reason", "minutes"), [(" ", 10), ("Report 7", 61), ("Report 7", 0)])
def test_an_access_without_a_reason_or_an_end_is_refused(
    ada: Person, nora: Person, reason: str, minutes: int
) -> None:
    with pytest.raises(AccessUnreasoned):
        accesses.ask(
            actor_id=nora.id,
            person_id=ada.id,
            ground=AccessGround.ABUSE,
            reason=reason,
            minutes=minutes,
        )


def test_the_person_is_told_by_mail_and_can_read_who_could_look(
    asked: Access, ada: Person, otto: Person
) -> None:
    accesses.approve(actor_id=otto.id, access_id=asked.id)

    access_letters.tell(access_id=asked.id)

    [letter] = mail.outbox
    assert letter.to == [ada.email]
    assert "Report 7" in letter.body
    [shown] = accesses_of(ada.id)
    assert (shown.reason, shown.first_seen_at) == ("Report 7", None)


def test_opening_an_access_sends_the_mail(asked: Access, otto: Person) -> None:
    accesses.approve(actor_id=otto.id, access_id=asked.id)

    [job] = Job.objects.filter(name=accesses.TELL)
    assert job.payload == {"access_id": str(asked.id)}


def test_content_is_seen_behind_an_open_glass_and_nowhere_else(
    asked: Access, ada: Person, nora: Person, otto: Person, log_in: LogIn
) -> None:
    conversation_id = _said(ada)
    browser = log_in(nora)
    pages = [
        f"/staff/{route.pattern}"
        for route in urlpatterns
        if not route.pattern.converters and route.name != "log"
    ]
    inside = (
        f"/staff/accesses/{asked.id}",
        f"/staff/accesses/{asked.id}/conversations/{conversation_id}",
    )

    before = [_seen(browser, page) for page in (*pages, *inside)]
    accesses.approve(actor_id=otto.id, access_id=asked.id)
    during = [_seen(browser, page) for page in inside]
    other = [_seen(log_in(otto), page) for page in inside]

    assert len(pages) >= 7
    assert not any(before)
    assert all(during)
    assert not any(other)
    assert StaffAct.objects.filter(verb="access.see", actor_id=nora.id).count() == len(inside)
    assert ContentAccess.objects.get().first_seen_at is not None


def test_an_access_that_lasted_too_long_shows_nothing(
    asked: Access, ada: Person, nora: Person, otto: Person, log_in: LogIn
) -> None:
    _said(ada)
    accesses.approve(actor_id=otto.id, access_id=asked.id)

    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        browser = log_in(nora)
        assert not _seen(browser, f"/staff/accesses/{asked.id}")


def _seen(browser: Client, page: str) -> bool:
    return CANARY in browser.get(page).content.decode()


def _said(person: Person) -> UUID:
    now = clock.now()
    talk = Conversation.objects.create(
        person_id=person.id,
        model_key="sandbox/scholar",
        title_sealed=b"",
        created_at=now,
        last_message_at=now,
    )
    conversations.rename(person_id=person.id, conversation_id=talk.id, title=CANARY)
    return talk.id
