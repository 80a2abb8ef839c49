"""Pictures asked for in a conversation: a question there, and an answer that shows them.

What a person attaches to the question is worked from; without that, the pictures of the answer
before it, so that "now at night" means what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import balances
from bluegpt.providers.queries import drawing as drawing_bounds
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.providers.types.turns import ImagePart, Part
from bluegpt.studio.errors import ModelCannotRead, NoPicturesHere, UnknownMessage
from bluegpt.studio.flows import attachments, creations, drawing, given
from bluegpt.studio.flows.creations import Spot
from bluegpt.studio.flows.drawing import Given
from bluegpt.studio.queries import histories, picture_plans
from bluegpt.studio.queries.histories import History, PastFile, PastTurn
from bluegpt.studio.services import answers
from bluegpt.studio.types.calls import Asked, MessageQuote
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import PictureWish


async def ask(ask: Ask) -> Asked:
    """Send a message to a model that draws; the pictures are made by themselves.

    Raises what `chat.ask` raises, NoPicturesHere, and SettingNotOffered for files that the model
    does not work from.
    """
    call_id = ask.request_key or new_id()
    earlier = await in_thread(answers.begun, person_id=ask.person_id, call_id=call_id)
    if earlier is not None:
        return earlier
    if ask.temporary is not None:
        raise NoPicturesHere
    history = await _history(ask)
    draft = _Draft(
        call_id=call_id,
        person_id=ask.person_id,
        model=await drawing.usable_model(ask.model_key),
        text=ask.text,
        uploads=ask.uploads,
        before=history.turns,
        conversation_id=ask.conversation_id,
        parent_id=history.leaf_id,
        is_question=True,
        system=ask.system,
    )
    try:
        return await _send(draft)
    except IntegrityError:
        # The same form came twice at once, and the other one was quicker.
        earlier = await in_thread(answers.begun, person_id=ask.person_id, call_id=call_id)
        if earlier is None:
            raise
        return earlier


async def regenerate(
    *, person_id: UUID, conversation_id: UUID, answer_id: UUID, model_key: str
) -> Asked:
    """Other pictures for the same question, beside what is there."""
    history = await in_thread(
        histories.up_to_question_of,
        person_id=person_id,
        conversation_id=conversation_id,
        answer_id=answer_id,
    )
    if not history.turns:
        raise UnknownMessage
    *before, question = history.turns
    draft = _Draft(
        call_id=new_id(),
        person_id=person_id,
        model=await drawing.usable_model(model_key),
        text=question.text,
        past_files=question.files,
        before=before,
        conversation_id=conversation_id,
        parent_id=history.leaf_id,
        is_question=False,
    )
    return await _send(draft)


async def edit(
    *, person_id: UUID, conversation_id: UUID, message_id: UUID, text: str, model_key: str
) -> Asked:
    """Ask for other pictures at the same place: a branch of its own, with the same files."""
    history, past_files = await in_thread(
        histories.before_question,
        person_id=person_id,
        conversation_id=conversation_id,
        message_id=message_id,
    )
    draft = _Draft(
        call_id=new_id(),
        person_id=person_id,
        model=await drawing.usable_model(model_key),
        text=text,
        past_files=past_files,
        before=history.turns,
        conversation_id=conversation_id,
        parent_id=history.leaf_id,
        is_question=True,
    )
    return await _send(draft)


async def quote(ask: Ask, *, text_tokens: int, file_tokens: int) -> MessageQuote:
    """The most that a picture can cost here; for the words and the files, counts are enough."""
    model = await drawing.usable_model(ask.model_key)
    outline = Given()
    if not file_tokens:
        history = await _history(ask)
        outline = await given.outlined(
            person_id=ask.person_id, asset_ids=_pictures_before(history.turns, model), model=model
        )
    wish = _wish(model, person_id=ask.person_id, text=ask.text)
    request = await drawing.request_of(wish, given=outline, partials=None)
    request = replace(request, input_tokens=request.input_tokens + text_tokens + file_tokens)
    worst = await in_thread(
        picture_plans.worst_case, request, has_references=bool(file_tokens or outline.references)
    )
    balance = await in_thread(balances.balance, ask.person_id)
    return MessageQuote(
        ceiling_microcredits=worst.amount_microcredits,
        input_tokens=request.input_tokens,
        output_tokens_max=request.output_tokens,
        available_microcredits=balance.available_microcredits,
        is_affordable=worst.amount_microcredits <= balance.available_microcredits,
    )


async def measure(upload: Upload, *, model_key: str) -> int:
    """Tokens that a file can cost at most as one to work from. Raises what `ask` would."""
    model = await drawing.usable_model(model_key)
    given.check_count(model, 1)
    part = await _picture(upload, model)
    return drawing_bounds.reference_bound(model, width_px=part.width_px, height_px=part.height_px)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A question on its way to a model that draws; `is_question` when it is written anew."""

    call_id: UUID
    person_id: UUID
    model: Model
    text: str
    before: Sequence[PastTurn]
    conversation_id: UUID | None
    parent_id: UUID | None
    is_question: bool
    uploads: Sequence[Upload] = ()
    past_files: Sequence[PastFile] = ()
    system: str | None = None


async def _send(draft: _Draft) -> Asked:
    files = await _files(draft)
    attached = tuple(part for _name, part in files if isinstance(part, ImagePart))
    asset_ids: tuple[UUID, ...] = ()
    works_from = Given(references=attached)
    if not attached:
        asset_ids = _pictures_before(draft.before, draft.model)
        works_from = await given.from_assets(
            person_id=draft.person_id, asset_ids=asset_ids, mask=b"", model=draft.model
        )
    wish = _wish(draft.model, person_id=draft.person_id, text=draft.text, input_ids=asset_ids)
    order = await drawing.order_of(wish, given=works_from, partials=None)
    stored = await attachments.store(draft.person_id, files) if draft.is_question else []
    spot = Spot(
        conversation_id=draft.conversation_id,
        parent_id=draft.parent_id,
        question=draft.text if draft.is_question else None,
        system=draft.system,
        files=stored,
    )
    try:
        return await creations.begin(order, wish, call_id=draft.call_id, spot=spot)
    except BaseException:
        await attachments.discard(stored)
        raise


async def _files(draft: _Draft) -> list[tuple[str, Part]]:
    """The question's files as they are sent. Raises ModelCannotRead for a PDF."""
    given.check_count(draft.model, len(draft.uploads) + len(draft.past_files))
    read: list[tuple[str, Part]] = []
    for upload in draft.uploads:
        read.append((upload.name, await _picture(upload, draft.model)))
    for past in draft.past_files:
        if past.view.pages:
            raise ModelCannotRead(model_name=draft.model.display_name, kind="pdf")
        read.append((past.view.name, await attachments.past_part(draft.person_id, past)))
    return read


async def _picture(upload: Upload, model: Model) -> ImagePart:
    if b"%PDF-" in upload.data[:1_024]:
        raise ModelCannotRead(model_name=model.display_name, kind="pdf")
    return await given.read(upload)


def _pictures_before(before: Sequence[PastTurn], model: Model) -> tuple[UUID, ...]:
    """The pictures of the answer that the question follows, as many as the model looks at."""
    if not before:
        return ()
    return tuple(file.view.id for file in before[-1].pictures)[: model.drawing.references_max]


def _wish(
    model: Model, *, person_id: UUID, text: str, input_ids: tuple[UUID, ...] = ()
) -> PictureWish:
    """One picture, and everything else as the model likes it: a conversation asks no settings."""
    formats = model.drawing.formats
    return PictureWish(
        person_id=person_id,
        model_key=model.key,
        text=text,
        number=1,
        size=AUTO,
        quality=AUTO,
        background=AUTO,
        format=PictureFormat(formats[0]) if formats else PictureFormat.PNG,
        input_ids=input_ids,
    )


async def _history(ask: Ask) -> History:
    if ask.conversation_id is None:
        return History(leaf_id=None, model_key="", system="", turns=())
    return await in_thread(
        histories.history,
        person_id=ask.person_id,
        conversation_id=ask.conversation_id,
        leaf_id=ask.parent_id,
    )
