"""Rows end as their table declares: files first, pointers cut, ids that belong to nobody."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import IntegrityError

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import closing
from bluegpt.accounts.services.people import create_person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass, Table, declared
from bluegpt.credits.models import Account, Grant, Transfer
from bluegpt.credits.queries.verification import verified
from bluegpt.credits.services import blocks, ledger
from bluegpt.credits.types import Category
from bluegpt.privacy.models import FormerAccount
from bluegpt.privacy.queries.tables import in_order
from bluegpt.privacy.services import ending
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.vault.errors import UnknownFile
from bluegpt.vault.services import files

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
AT = datetime(2020, 2, 29, 12, tzinfo=UTC)


def table(model: str) -> Table:
    return next(each for each in declared() if each.model == model)


@pytest.fixture
def person() -> Person:
    return create_person(email="ada@example.org", password="Plum-7 tractors sing")


@pytest.fixture
def answer(person: Person) -> Message:
    """A conversation of two messages, with a call and a file."""
    talk = Conversation.objects.create(
        person=person, title_sealed=b"t", model_key="m", created_at=AT, last_message_at=AT
    )
    call = Call.objects.create(
        id=new_id(),
        person_id=person.id,
        state="complete",
        model_key="m",
        model_name="M",
        recipient="sandbox",
        sku="s",
        ceiling_microcredits=1,
        created_at=AT,
        ended_at=AT,
        lease_until=AT,
    )
    question = Message.objects.create(person=person, conversation=talk, role="user", created_at=AT)
    return Message.objects.create(
        person=person,
        conversation=talk,
        parent=question,
        role="assistant",
        call=call,
        created_at=AT,
    )


@pytest.fixture
def attachment(person: Person, answer: Message) -> Attachment:
    key = async_to_sync(files.put)(
        b"a picture", person_id=person.id, data_class=DataClass.CONTENT, context="test"
    )
    return Attachment.objects.create(
        person=person,
        message=answer,
        name_sealed=b"n",
        media_type="image/png",
        size_bytes=9,
        file_key=key,
        created_at=AT,
    )


def _read(key: str, person_id: UUID) -> bytes:
    return async_to_sync(files.get)(
        key, person_id=person_id, data_class=DataClass.CONTENT, context="test"
    )


def test_a_row_ends_with_its_sealed_file(person: Person, attachment: Attachment) -> None:
    assert _read(attachment.file_key, person.id) == b"a picture"

    assert ending.delete_rows(table("studio.Attachment"), [attachment.id]) == 1

    assert not Attachment.objects.exists()
    with pytest.raises(UnknownFile):
        _read(attachment.file_key, person.id)


def test_a_file_that_is_gone_already_does_not_keep_its_row(attachment: Attachment) -> None:
    async_to_sync(files.delete)(attachment.file_key)

    assert ending.delete_rows(table("studio.Attachment"), [attachment.id]) == 1
    assert ending.delete_rows(table("studio.Attachment"), [attachment.id]) == 0


def test_an_answer_outlives_its_call(answer: Message) -> None:
    assert ending.delete_rows(table("studio.Call"), [answer.call_id]) == 1

    answer.refresh_from_db()
    assert answer.call_id is None
    assert Message.objects.count() == 2


def test_a_message_may_end_before_the_one_that_answers_it(answer: Message) -> None:
    assert ending.delete_rows(table("studio.Message"), [answer.parent_id]) == 1

    answer.refresh_from_db()
    assert answer.parent_id is None


def test_a_row_on_which_others_hang_is_not_taken_from_under_them(attachment: Attachment) -> None:
    conversation_id = attachment.message.conversation_id

    with pytest.raises(IntegrityError):
        ending.delete_rows(table("studio.Conversation"), [conversation_id])

    assert Conversation.objects.exists()
    assert Attachment.objects.exists()


def test_the_order_of_endings_takes_nothing_from_under_anything(attachment: Attachment) -> None:
    ended = [each.model for each in in_order(declared())]

    assert ended.index("studio.Attachment") < ended.index("studio.Message")
    assert ended.index("studio.Message") < ended.index("studio.Conversation")
    assert ended.index("studio.Conversation") < ended.index("accounts.Person")
    assert sorted(ended) == sorted(each.model for each in declared())


def test_a_severed_wallet_belongs_to_nobody_and_the_books_still_add_up(person: Person) -> None:
    ledger.grant(
        person_id=person.id,
        category=Category.PROMO,
        amount_microcredits=7_000_000,
        source_kind="test",
        source_id=str(new_id()),
        reason="test",
    )
    blocks.seal()
    wallets = Account.objects.filter(owner_id=person.id)
    before = Transfer.objects.count(), Grant.objects.count()

    assert ending.sever_rows(table("credits.Account"), [each.id for each in wallets]) == 1

    owners = list(Account.objects.values_list("owner_id", flat=True))
    assert person.id not in owners
    assert {owner.version for owner in owners if owner is not None} == {4}
    assert (Transfer.objects.count(), Grant.objects.count()) == before
    assert [each for each in verified().findings if each.is_broken] == []


def test_severed_rows_of_two_people_stay_apart(person: Person) -> None:
    other = create_person(email="eve@example.org", password="Nine!teal owls Drum8")
    wallets = Account.objects.filter(owner_id__in=[person.id, other.id])

    ending.sever_rows(table("credits.Account"), [each.id for each in wallets])

    owners = Account.objects.exclude(owner_id=None).values_list("owner_id", flat=True)
    assert len(set(owners)) == 2


def test_only_a_table_with_an_id_of_its_own_can_be_severed(person: Person) -> None:
    with pytest.raises(AssertionError):
        ending.sever_rows(table("credits.Grant"), [new_id()])


def test_the_day_of_closing_outlives_the_person(person: Person) -> None:
    closed_at = closing.close(person_id=person.id)
    for each in in_order(declared()):
        model = apps.get_model(each.model)
        if model._meta.app_label in {"account", "accounts", "studio", "mfa"}:
            ids = list(model._base_manager.values_list("pk", flat=True))
            ending.delete_rows(each, ids)

    assert not Person.objects.exists()
    assert FormerAccount.objects.get().closed_at == closed_at
    assert FormerAccount.objects.get().person_id == person.id


def test_a_blanked_class_leaves_the_row(person: Person) -> None:
    person.last_login = clock.now()
    person.save()
    blanks = dict(table("accounts.Person").blanks[DataClass.SECURITY])

    assert ending.blank_rows(table("accounts.Person"), [person.id], blanks=blanks) == 1

    kept = Person.objects.get(id=person.id)
    assert not kept.has_usable_password()
    assert kept.last_login is None
    assert kept.email == "ada@example.org"


def test_a_batch_is_bounded() -> None:
    too_many = [new_id() for _ in range(ending.BATCH_ROWS_MAX + 1)]

    with pytest.raises(AssertionError, match="bounded"):
        ending.delete_rows(table("studio.Message"), too_many)
