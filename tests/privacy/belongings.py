"""A person who has something of most kinds: what archives must carry and erasure must end."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from PIL import Image

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import api_keys, people
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.credits.models import Case
from bluegpt.credits.services import caps
from bluegpt.credits.types import CapPeriod, CaseKind, CaseState
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.services import gate
from bluegpt.studio.flows import attachments
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.files import Upload
from bluegpt.vault.services import seal

PASSWORD = "Correct-horse-9-battery"
TITLE = "Quenelles de Lyon"
SYSTEM = "Answer like a cook of 1890."
QUESTION = "How are quenelles poached?\nIn water, or in stock? <b>é</b>"
ANSWER = "In barely trembling stock, ten minutes."
OTHER_ANSWER = "In water that does not boil."
REASONING = "The stock matters."
WORDS = "I was charged twice for the quenelles."
FILE_NAME = "quenelle.png"
EVERY_TEXT = (TITLE, SYSTEM, QUESTION, ANSWER, OTHER_ANSWER, REASONING, WORDS, FILE_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """Who it is, and the numbers of some rows."""

    person: Person
    conversation_id: UUID
    question_id: UUID
    leaf_id: UUID
    attachment_id: UUID
    file_key: str
    secret: str


def picture() -> bytes:
    """A small PNG."""
    out = BytesIO()
    Image.new("RGB", (8, 6), "teal").save(out, "PNG")
    return out.getvalue()


def settle_down(email: str = "ada@example.org") -> Belongings:
    """An account with a key, a limit, a question about a charge, and a conversation with two
    branches and a picture, whose answers came from OpenAI."""
    person = people.create_person(email=email, password=PASSWORD)
    people.set_language(person_id=person.id, language="fr")
    people.set_theme(person_id=person.id, theme="dark")
    key, secret = api_keys.create(person_id=person.id, name="My cookbook")
    caps.set_cap(
        person_id=person.id, period=CapPeriod.MONTH, limit_microcredits=5_000_000, key_id=key.id
    )
    _case(person.id)
    talk = _conversation(person.id)
    return Belongings(person=person, secret=secret, **talk)


def _case(person_id: UUID) -> None:
    case_id = new_id()
    Case.objects.create(
        id=case_id,
        kind=CaseKind.DISPUTE.value,
        subject=str(case_id),
        person_id=person_id,
        group_id=new_id(),
        state=CaseState.OPEN.value,
        facts={},
        words_sealed=seal.seal(
            WORDS.encode(),
            person_id=person_id,
            data_class=DataClass.CONTENT,
            context=f"credits.case.words:{case_id}",
        ),
        created_at=clock.now(),
    )


def _conversation(person_id: UUID) -> dict[str, Any]:
    now = clock.now()
    row_id = new_id()

    def sealed(text: str, place: str, of: UUID) -> bytes:
        return seal_text(text, person_id=person_id, place=place, row_id=of)

    talk = Conversation.objects.create(
        id=row_id,
        person_id=person_id,
        title_sealed=sealed(TITLE, "conversation.title", row_id),
        title_is_chosen=True,
        system_sealed=sealed(SYSTEM, "conversation.system", row_id),
        model_key="sandbox/writer",
        created_at=now,
        last_message_at=now,
        pinned_at=now,
    )

    def said(text: str, parent: Message | None, *, reasoning: str = "") -> Message:
        message_id = new_id()
        is_answer = parent is not None and parent.role == "user"
        return Message.objects.create(
            id=message_id,
            person_id=person_id,
            conversation=talk,
            parent=parent,
            role="assistant" if is_answer else "user",
            text_sealed=sealed(text, "message.text", message_id),
            reasoning_sealed=sealed(reasoning, "message.reasoning", message_id),
            call=call_of(person_id) if is_answer else None,
            created_at=clock.now(),
        )

    question = said(QUESTION, None)
    said(ANSWER, question, reasoning=REASONING)
    other = said(OTHER_ANSWER, question)
    (stored,) = async_to_sync(attachments.store)(
        person_id, [(FILE_NAME, attachments.read_upload(Upload(name=FILE_NAME, data=picture())))]
    )
    Attachment.objects.create(
        id=stored.view.id,
        person_id=person_id,
        message=question,
        name_sealed=sealed(FILE_NAME, "attachment.name", stored.view.id),
        media_type=stored.view.media_type,
        size_bytes=stored.view.size_bytes,
        width_px=8,
        height_px=6,
        file_key=stored.file_key,
        created_at=now,
    )
    Conversation.objects.filter(id=talk.id).update(leaf_id=other.id)
    return {
        "conversation_id": talk.id,
        "question_id": question.id,
        "leaf_id": other.id,
        "attachment_id": stored.view.id,
        "file_key": stored.file_key,
    }


def call_of(person_id: UUID, *, state: CallState = CallState.COMPLETE) -> Call:
    """A paid answer by OpenAI, with its disclosure."""
    now = clock.now()
    call = Call.objects.create(
        id=new_id(),
        person_id=person_id,
        state=state,
        model_key="openai/gpt",
        model_name="GPT",
        recipient="openai",
        sku="openai/gpt",
        ceiling_microcredits=10,
        created_at=now,
        dispatched_at=now,
        ended_at=now,
        lease_until=now,
    )
    clearance = gate.clear(
        person_id=person_id,
        purpose="chat_answer",
        recipient="openai",
        data_classes={DataClass.CONTENT},
    )
    gate.disclose(clearance, call_id=call.id)
    assert Disclosure.objects.filter(call_id=call.id).exists()
    return call
