"""Pictures in a conversation: asked for like anything else, shown, branched, read and deleted."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from bluegpt.core.errors import BlueError
from bluegpt.core.threads import in_thread
from bluegpt.providers.queries import catalogue
from bluegpt.providers.services import chat as provider_chat
from bluegpt.providers.services import pictures as provider_pictures
from bluegpt.providers.types.chat import ChatRequest, Delta
from bluegpt.providers.types.models import DrawingSkills, Model
from bluegpt.providers.types.pictures import PictureRequest
from bluegpt.providers.types.turns import ImagePart, Role, TextPart
from bluegpt.studio.errors import (
    ModelCannotRead,
    NoPicturesHere,
    SettingNotOffered,
    UnreadableAttachment,
)
from bluegpt.studio.flows import conversing, live
from bluegpt.studio.jobs import delete_files
from bluegpt.studio.models import Asset, Attachment, Call, Conversation, Creation, Message
from bluegpt.studio.queries.conversations import conversation
from bluegpt.studio.services import conversations as conversation_services
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.conversations import Ask, ConversationView, TemporaryTurn
from bluegpt.studio.types.files import Upload
from tests.studio.conftest import kept
from tests.studio.wishing import PAINTER, spent, stored_files

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]
SKILLS = DrawingSkills(references_max=2, formats=("png",))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[PictureRequest]:
    """What the painter was asked; it works from two pictures and draws by the sandbox."""
    requests: list[PictureRequest] = []
    found, draw = catalogue.model, provider_pictures.draw

    def skilled(key: str) -> Model:
        model = found(key)
        return replace(model, drawing=SKILLS) if model.draws else model

    async def drawing(request: PictureRequest, **more: object) -> AsyncGenerator[object]:
        requests.append(request)
        alone = replace(request, references=(), partials=0, size="1024x1024", quality="low")
        async for step in draw(alone, **more):  # type: ignore[arg-type]
            yield step

    monkeypatch.setattr(catalogue, "model", skilled)
    monkeypatch.setattr(provider_pictures, "draw", drawing)
    return requests


async def answered(asking: Ask) -> Asked:
    return await over(asking.person_id, await conversing.ask(asking))


async def over(person_id: UUID, asked: Asked) -> Asked:
    call = await live.finished(person_id=person_id, call_id=asked.call_id)
    assert call.state == "complete", call
    return asked


async def shown(person_id: UUID, asked: Asked) -> ConversationView:
    return await in_thread(
        conversation, person_id=person_id, conversation_id=kept(asked).conversation_id
    )


def upload(colour: str = "red", name: str = "photo.png") -> Upload:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return Upload(name=name, data=out.getvalue())


async def test_a_question_to_a_model_that_draws_is_answered_by_a_picture(
    asking: Asking, somebody: UUID, seen: list[PictureRequest]
) -> None:
    asked = await answered(asking("A red house", model_key=PAINTER))

    view = await shown(somebody, asked)
    question, answer = view.messages
    assert question.text.startswith("A red house")
    assert (answer.text, view.model_key) == ("", PAINTER)
    assert answer.creation is not None
    [asset] = answer.creation.assets
    assert (asset.width_px, asset.media_type) == (1024, "image/png")
    assert answer.call is not None
    assert await spent(somebody) == answer.call.charged_microcredits > 0
    assert view.title.startswith("A red house")


async def test_the_picture_before_is_worked_from_and_a_file_instead_of_it(
    asking: Asking, somebody: UUID, seen: list[PictureRequest]
) -> None:
    first = kept(await answered(asking("A red house", model_key=PAINTER)))
    there = {"model_key": PAINTER, "conversation_id": first.conversation_id}
    await answered(asking("Now at night", **there))
    await answered(asking("And this one", uploads=(upload(),), **there))

    assert [len(request.references) for request in seen] == [0, 1, 1]
    assert [request.references[0].width_px for request in seen[1:]] == [1024, 64]
    made = await Asset.objects.order_by("id").afirst()
    assert made is not None
    inputs = [row.input_ids async for row in Creation.objects.order_by("id")]
    assert inputs == [[], [str(made.id)], []]
    assert await Attachment.objects.acount() == 1


async def test_what_the_model_does_not_work_from_is_refused_and_nothing_is_kept(
    asking: Asking, seen: list[PictureRequest]
) -> None:
    before = stored_files()
    refused: dict[type[BlueError], tuple[Upload, ...]] = {
        SettingNotOffered: (upload(), upload(), upload()),
        ModelCannotRead: (Upload(name="x.pdf", data=b"%PDF-1.7"),),
        UnreadableAttachment: (Upload(name="x.png", data=b"x"),),
    }
    for error, uploads in refused.items():
        with pytest.raises(error):
            await conversing.ask(asking(model_key=PAINTER, uploads=uploads))
    with pytest.raises(NoPicturesHere):
        turn = TemporaryTurn(role=Role.USER, text="Hello")
        await conversing.ask(asking(model_key=PAINTER, temporary=(turn,)))

    assert not await Call.objects.aexists()
    assert not await Message.objects.aexists()
    assert stored_files() == before


async def test_again_and_an_edit_make_branches_by_the_model_of_the_answer(
    asking: Asking, somebody: UUID, seen: list[PictureRequest]
) -> None:
    first = kept(await answered(asking("A red house", model_key=PAINTER)))
    talk: dict[str, Any] = {"person_id": somebody, "conversation_id": first.conversation_id}
    await answered(asking("Hello", conversation_id=first.conversation_id))

    again = await over(somebody, await conversing.regenerate(**talk, answer_id=first.answer_id))
    view = await shown(somebody, again)
    assert view.messages[-1].creation is not None
    assert (view.messages[-1].sibling_number, view.messages[-1].sibling_count) == (2, 2)

    edited = await over(
        somebody,
        await conversing.edit(**talk, message_id=first.question_id, text="A blue house"),
    )
    view = await shown(somebody, edited)
    assert [message.text for message in view.messages] == ["A blue house", ""]
    assert view.messages[-1].creation is not None
    assert [request.prompt for request in seen][-1] == "A blue house"


async def test_a_model_that_reads_pictures_is_shown_what_was_drawn(
    asking: Asking, somebody: UUID, seen: list[PictureRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ChatRequest] = []
    stream = provider_chat.stream

    def streaming(request: ChatRequest, **more: object) -> AsyncGenerator[Delta]:
        asked.append(request)
        return stream(request, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(provider_chat, "stream", streaming)
    first = kept(await answered(asking("A red house", model_key=PAINTER)))
    await answered(asking("What is on it?", conversation_id=first.conversation_id))

    question, answer, follow_up = asked[0].turns
    assert [turn.role for turn in asked[0].turns] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert isinstance(question.parts[0], TextPart)
    assert isinstance(answer.parts[0], TextPart)
    assert "picture" in answer.parts[0].text
    assert isinstance(follow_up.parts[0], ImagePart)
    assert follow_up.parts[0].width_px == 1024


async def test_the_quote_covers_the_picture_and_what_it_is_worked_from(
    asking: Asking, somebody: UUID, seen: list[PictureRequest]
) -> None:
    ask = asking("A red house", model_key=PAINTER)
    told = await conversing.quote(replace(ask, text=""), ascii_chars=len(ask.text))
    asked = await answered(ask)
    tokens = await conversing.measure(upload(), model_key=PAINTER)
    there = replace(ask, conversation_id=asked.conversation_id)
    more = await conversing.quote(there, ascii_chars=len(ask.text))
    with_file = await conversing.quote(there, ascii_chars=len(ask.text), file_tokens=tokens)

    assert told.is_affordable
    assert told.ceiling_microcredits >= asked.ceiling_microcredits
    assert more.ceiling_microcredits > told.ceiling_microcredits
    assert with_file.ceiling_microcredits > told.ceiling_microcredits
    with pytest.raises(ModelCannotRead):
        await conversing.measure(Upload(name="x.pdf", data=b"%PDF-1.7"), model_key=PAINTER)


async def test_a_deleted_conversation_takes_its_pictures_with_it(
    asking: Asking, somebody: UUID, seen: list[PictureRequest]
) -> None:
    before = set(stored_files())
    asked = kept(await answered(asking("A red house", model_key=PAINTER)))
    keys = set(stored_files()) - before
    assert len(keys) == 2

    await in_thread(
        conversation_services.delete, person_id=somebody, conversation_id=asked.conversation_id
    )
    await in_thread(delete_files, {"file_keys": sorted(keys)})

    assert not await Conversation.objects.aexists()
    assert not await Creation.objects.aexists()
    assert not await Asset.objects.aexists()
    assert set(stored_files()) == before


async def test_the_same_form_sent_twice_asks_once(
    asking: Asking, seen: list[PictureRequest]
) -> None:

    key = uuid4()
    ask = asking("A red house", model_key=PAINTER, request_key=key)
    first = await answered(ask)
    second = await conversing.ask(ask)

    assert first.call_id == second.call_id == key
    assert second.answer_id == first.answer_id
    assert len(seen) == 1
