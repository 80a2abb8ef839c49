"""A person with something in every kind of table, at an instant of the past."""

from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync

from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.services.people import create_person
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.privacy.models import Disclosure, Pseudonym
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.vault.services import files, seal


def lived(at: datetime, *, email: str = "ada@example.org") -> Person:
    """An account with a conversation, a file, a paid answer, credits and a session."""
    person = create_person(email=email, password="Plum-7 tractors sing")
    ledger.grant(
        person_id=person.id,
        category=Category.PROMO,
        amount_microcredits=5_000_000,
        source_kind="test",
        source_id=str(new_id()),
        reason="test",
    )
    title = seal.seal(
        b"title", person_id=person.id, data_class=DataClass.CONTENT, context="test:title"
    )
    talk = Conversation.objects.create(
        person=person, title_sealed=title, model_key="m", created_at=at, last_message_at=at
    )
    question = Message.objects.create(person=person, conversation=talk, role="user", created_at=at)
    answer = Message.objects.create(
        person=person,
        conversation=talk,
        parent=question,
        role="assistant",
        call=_call(person.id, at),
        created_at=at,
    )
    Attachment.objects.create(
        person=person,
        message=answer,
        name_sealed=title,
        media_type="image/png",
        size_bytes=1,
        file_key=async_to_sync(files.put)(
            b"a picture", person_id=person.id, data_class=DataClass.CONTENT, context="test"
        ),
        created_at=at,
    )
    ApiKey.objects.create(
        person=person, name="k", prefix="bgpt_abc", secret_sha256=new_id().hex * 2, created_at=at
    )
    Pseudonym.objects.create(
        person_id=person.id, recipient="openai", value=new_id().hex, created_at=at
    )
    return person


def visited(person: Person, at: datetime) -> UserSession:
    """A browser that was last seen then, and never logged out."""
    session = UserSession.objects.create(
        user=person, ip="192.0.2.7", user_agent="x", session_key=new_id().hex
    )
    UserSession.objects.filter(pk=session.pk).update(last_seen_at=at)
    return session


def closed(person: Person, at: datetime) -> None:
    """As if the account had been closed then."""
    Person.objects.filter(id=person.id).update(closed_at=at)


def _call(person_id: UUID, at: datetime) -> Call:
    call = Call.objects.create(
        id=new_id(),
        person_id=person_id,
        state="complete",
        model_key="m",
        model_name="M",
        recipient="openai",
        sku="s",
        ceiling_microcredits=1,
        created_at=at,
        ended_at=at,
        lease_until=at,
    )
    Disclosure.objects.create(
        call_id=call.id,
        person_id=person_id,
        at=at,
        purpose="chat_answer",
        basis="contract",
        recipient="openai",
        country="US",
        transfer_basis="scc",
        data_classes="content",
        policy_digest="0" * 64,
    )
    return call
