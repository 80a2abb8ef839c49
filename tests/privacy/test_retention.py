"""Rows end when their term is over: not a moment before, and none is left behind."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ObjectDoesNotExist

from bluegpt.accounts.models import ApiKey, Person
from bluegpt.core.personal_data import DataClass
from bluegpt.credits.models import Account, Transfer
from bluegpt.credits.queries.verification import verified
from bluegpt.credits.services import blocks
from bluegpt.privacy.models import (
    Attestation,
    Choice,
    Disclosure,
    FormerAccount,
    LegalHold,
    Pseudonym,
)
from bluegpt.privacy.queries import due
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules.terms import due_at
from bluegpt.privacy.services import choices, ending, retention
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.vault.models import ClassKey
from tests.privacy.lives import closed, lived, visited

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
# A day whose number many months lack, at an hour when Paris and UTC are on different days.
AT = datetime(2015, 1, 30, 23, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def end_of(rule: str, at: datetime = AT) -> datetime:
    """When the packaged rule ends what happened then."""
    return due_at(at, manifest().retention[rule].duration)


def run(now: datetime) -> Attestation:
    attestation = retention.run(now=now)
    assert attestation.is_clean, attestation.left
    return attestation


def test_a_closed_account_is_followed_through_every_term_to_the_end() -> None:
    # given an account with something in every table, closed long ago
    person = lived(AT)
    closed(person, AT)
    blocks.seal()
    journal = Transfer.objects.count()
    assert ClassKey.objects.filter(person_id=person.id, data_class="content").exists()

    # when a moment is missing to the end of the month: everything is there
    assert run(end_of("conversations") - MOMENT).ended == {}
    assert Conversation.objects.count() == 1

    # when the month is over: content, its file and its key, credentials and pseudonyms
    run(end_of("conversations"))
    for model in (Conversation, Message, Attachment, ApiKey, Pseudonym):
        assert not model._default_manager.exists(), model
    assert not ClassKey.objects.filter(person_id=person.id, data_class="content").exists()
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert person.email == "ada@example.org"
    assert Call.objects.get().person_id == person.id

    # when the relationship is over: the person's row, with its addresses
    assert run(end_of("account") - MOMENT).ended == {}
    run(end_of("account"))
    assert not Person.objects.exists()
    assert not EmailAddress.objects.exists()
    assert FormerAccount.objects.get().closed_at == AT
    assert Account.objects.filter(owner_id=person.id).exists()

    # when the books are over: amounts stay, and are nobody's
    assert run(end_of("books") - MOMENT).ended == {}
    run(end_of("books"))
    assert not Account.objects.filter(owner_id=person.id).exists()
    assert not FormerAccount.objects.exists()
    assert not Call.objects.exists()
    assert not Disclosure.objects.exists()
    assert Transfer.objects.count() == journal
    assert [each for each in verified().findings if each.is_broken] == []
    assert not ClassKey.objects.filter(person_id=person.id).exists()


def test_an_open_account_loses_what_has_its_own_term_and_nothing_else() -> None:
    lived(AT)

    run(end_of("calls") - MOMENT)
    assert (Call.objects.count(), Disclosure.objects.count()) == (1, 1)

    run(end_of("calls"))
    assert (Call.objects.count(), Disclosure.objects.count()) == (0, 0)
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)
    assert Message.objects.filter(role="assistant", call=None).exists()


@pytest.mark.parametrize(
    "seen_at",
    [
        datetime(2015, 8, 31, 12, tzinfo=UTC),  # ends on 29 February 2016
        datetime(2014, 8, 31, 12, tzinfo=UTC),  # ends on 28 February 2015
        datetime(2016, 2, 29, 23, 30, tzinfo=UTC),  # 1 March in Paris
        datetime(2015, 10, 25, 0, 30, tzinfo=UTC),  # the night of 25 hours
    ],
)
def test_a_session_ends_after_six_months_to_the_moment(seen_at: datetime) -> None:
    person = lived(seen_at)
    visited(person, seen_at)

    run(end_of("sessions", seen_at) - MOMENT)
    assert UserSession.objects.count() == 1

    run(end_of("sessions", seen_at))
    assert not UserSession.objects.exists()
    assert Person.objects.exists()


def test_a_longer_term_that_was_chosen_keeps_content_and_only_content() -> None:
    person = lived(AT)
    choices.choose_content_term(person_id=person.id, term="P1Y")
    closed(person, AT)

    run(end_of("conversations"))
    assert Conversation.objects.count() == 1
    assert ClassKey.objects.filter(person_id=person.id, data_class="content").exists()
    assert not ApiKey.objects.exists()

    run(datetime(2016, 1, 31, 23, tzinfo=UTC))
    assert not Conversation.objects.exists()
    assert not ClassKey.objects.filter(person_id=person.id, data_class="content").exists()


def test_no_choice_goes_beyond_the_ceiling() -> None:
    person = lived(AT)
    Choice.objects.create(person_id=person.id, kind="content_term", value="P9Y", at=AT)
    closed(person, AT)

    run(end_of("account"))

    assert not Conversation.objects.exists()
    assert not Person.objects.exists()


def test_what_is_restricted_is_not_deleted() -> None:
    person = lived(AT)
    choices.restrict(person_id=person.id)
    closed(person, AT)

    attestation = run(end_of("books"))

    assert Conversation.objects.exists()
    assert Call.objects.exists()
    assert Person.objects.get().has_usable_password()
    assert attestation.spared["conversations"] == 4
    assert attestation.ended == {}


def test_a_legal_hold_keeps_its_class_until_it_ends() -> None:
    person = lived(AT)
    closed(person, AT)
    hold = LegalHold.objects.create(
        person_id=person.id,
        data_class=DataClass.CONTENT,
        text="A judge asked for it",
        law="Code de procédure civile, art. 145",
        author_id=person.id,
        created_at=AT,
        ends_on=date(2100, 1, 1),
    )

    run(end_of("account"))
    assert Conversation.objects.exists()
    assert Person.objects.exists()
    assert not ApiKey.objects.exists()
    assert ClassKey.objects.filter(person_id=person.id, data_class="content").exists()

    LegalHold.objects.filter(id=hold.id).update(ends_on=date(2015, 1, 1))
    run(end_of("account"))
    assert not Conversation.objects.exists()
    assert not Person.objects.exists()


def test_an_account_that_is_opened_again_keeps_what_had_not_ended() -> None:
    person = lived(AT)
    closed(person, AT)
    Person.objects.filter(id=person.id).update(closed_at=None)

    run(end_of("account"))

    assert Conversation.objects.exists()


def test_batches_are_bounded_and_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # given more people and more rows than fit into a batch
    monkeypatch.setattr(due, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(due, "PEOPLE_AT_ONCE", 2)
    for number in range(5):
        person = lived(AT, email=f"person{number}@example.org")
        closed(person, AT + timedelta(seconds=number // 2))

    batches = list(due.Walk(end_of("account") + timedelta(days=1)).batches())
    assert max(len(each.ids) for each in batches) == 2

    run(end_of("account") + timedelta(days=1))
    assert not Person.objects.exists()
    assert FormerAccount.objects.count() == 5
    assert not Message.objects.exists()


def test_a_run_that_leaves_something_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    closed(lived(AT), AT)
    monkeypatch.setattr(ending, "end_rows", lambda *_args, **_more: 0)

    attestation = retention.run(now=end_of("conversations"))

    assert not attestation.is_clean
    assert attestation.left["conversations"] == 4
    assert Attestation.objects.get().left == attestation.left


def test_a_second_run_finds_nothing_to_do() -> None:
    closed(lived(AT), AT)
    run(end_of("books"))

    assert run(end_of("books")).ended == {}
    with pytest.raises(ObjectDoesNotExist):
        Person.objects.get()
