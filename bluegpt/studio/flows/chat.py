"""Asking a model: clear → plan → hold → start. The page, the API and jobs all come through here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError

from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import CapReached
from bluegpt.credits.services import caps
from bluegpt.privacy.services import gate
from bluegpt.providers.errors import ModelUnavailable
from bluegpt.providers.queries import catalogue, tokens
from bluegpt.providers.types.chat import ChatRequest
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import Part, Role, TextPart, Turn
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.errors import DoesNotConverse, EmptyMessage, NothingKeptHere
from bluegpt.studio.flows import answering, attachments, prompts
from bluegpt.studio.flows.live import LiveAnswer
from bluegpt.studio.flows.once import begun_once
from bluegpt.studio.queries import histories, plans
from bluegpt.studio.queries.histories import History, PastFile, PastTurn
from bluegpt.studio.rules.turns import merged, told_of_pictures
from bluegpt.studio.services import answers
from bluegpt.studio.services.answers import Beginning
from bluegpt.studio.types.calls import Asked, MessageQuote
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.prompts import Prompt

PURPOSE = "chat_answer"

PastPart = Callable[[UUID, PastFile], Awaitable[Part]]


async def ask(ask: Ask) -> Asked:
    """Send a message; the answer goes on by itself.

    Raises Refused, Missing, Conflict or Unavailable with a sentence for the person; then
    nothing was written and nothing is held. The same `request_key` asks only once.
    """
    call_id = ask.request_key or new_id()
    earlier = await in_thread(answers.begun, person_id=ask.person_id, call_id=call_id)
    if earlier is not None:
        return earlier
    _check_text(ask.text, has_files=bool(ask.uploads))
    model = await _usable_model(ask.model_key)
    if ask.temporary is not None and ask.uploads:
        raise NothingKeptHere
    draft = _Draft(
        call_id=call_id,
        person_id=ask.person_id,
        model=model,
        history=await _history(ask),
        question=ask.text,
        files=tuple(await attachments.read_uploads(ask.uploads, model)),
        conversation_id=ask.conversation_id,
        system=ask.system,
        is_temporary=ask.temporary is not None,
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
    *, person_id: UUID, conversation_id: UUID, answer_id: UUID, model_key: str = ""
) -> Asked:
    """Another answer to the same question, beside the one that is there."""
    history = await in_thread(
        histories.up_to_question_of,
        person_id=person_id,
        conversation_id=conversation_id,
        answer_id=answer_id,
    )
    draft = _Draft(
        call_id=new_id(),
        person_id=person_id,
        model=await _usable_model(model_key or history.model_key),
        history=history,
        question=None,
        conversation_id=conversation_id,
    )
    return await _send(draft)


async def edit(
    *, person_id: UUID, conversation_id: UUID, message_id: UUID, text: str, model_key: str = ""
) -> Asked:
    """Ask a changed question at the same place: a branch of its own, with the same files."""
    history, past_files = await in_thread(
        histories.before_question,
        person_id=person_id,
        conversation_id=conversation_id,
        message_id=message_id,
    )
    _check_text(text, has_files=bool(past_files))
    model = await _usable_model(model_key or history.model_key)
    files = []
    for past in past_files:
        part = await attachments.past_part(person_id, past)
        attachments.refuse_unreadable(part, model)
        files.append((past.view.name, part))
    draft = _Draft(
        call_id=new_id(),
        person_id=person_id,
        model=model,
        history=history,
        question=text,
        files=tuple(files),
        conversation_id=conversation_id,
    )
    return await _send(draft)


async def complete(prompt: Prompt) -> Asked:
    """Answer a prompt that is not stored; the price is that of the same words on the page.

    Raises what `ask` raises, IdempotencyConflict for a known key with another digest, and
    AnswerNotKept for a repeat whose answer is no longer in this process's memory.
    """
    return await begun_once(prompt, lambda call_id: _complete(prompt, call_id))


async def _complete(prompt: Prompt, call_id: UUID) -> Asked:
    model = await _usable_model(prompt.model_key)
    draft = _Draft(
        call_id=call_id,
        person_id=prompt.person_id,
        model=model,
        history=History(leaf_id=None, model_key="", system=prompt.system, turns=()),
        question=None,
        turns=await prompts.read(prompt, model),
        is_temporary=True,
        output_tokens_wanted=prompt.output_tokens_max,
        key_id=prompt.key_id,
        request_digest=prompt.request_digest,
    )
    return await _send(draft)


async def quote(
    ask: Ask, *, ascii_chars: int = 0, other_chars: int = 0, file_tokens: int = 0
) -> MessageQuote:
    """The most that a draft can cost: its text may stay with the person, counts are enough.

    `file_tokens` is what `measure` said of the files beside it.
    """
    model = await _usable_model(ask.model_key)
    draft = _Draft(
        call_id=new_id(),
        person_id=ask.person_id,
        model=model,
        history=await _history(ask),
        question=None,
    )
    # Sizes are enough for a price: the files' bytes stay where they are.
    request = await _request(draft, past_part=attachments.outlined_part)
    return await in_thread(
        plans.message_quote,
        person_id=ask.person_id,
        model=model,
        input_tokens=tokens.request_bound(request)
        + tokens.text_bound(ascii_chars=ascii_chars, other_chars=other_chars)
        + file_tokens,
        estimate_tokens=tokens.request_tokens(request)
        + tokens.text_tokens(ascii_chars=ascii_chars, other_chars=other_chars),
    )


async def measure(upload: Upload, *, model_key: str) -> int:
    """Tokens that a file can cost at most on a model; the file is read and forgotten.

    Raises what `ask` would raise for the same file.
    """
    model = await _usable_model(model_key)
    [(_name, part)] = await attachments.read_uploads([upload], model)
    return tokens.part_bound(part, model)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A message on its way: `question` None answers the last turn of the history again.

    `turns` come instead of a history where the whole conversation was sent along.
    """

    call_id: UUID
    person_id: UUID
    model: Model
    history: History
    question: str | None
    files: Sequence[tuple[str, Part]] = ()
    conversation_id: UUID | None = None
    system: str | None = None
    is_temporary: bool = False
    turns: tuple[Turn, ...] = ()
    output_tokens_wanted: int | None = None
    key_id: UUID | None = None
    request_digest: str = ""


async def _send(draft: _Draft) -> Asked:
    """Clear, plan, hold, write, start: from then on the answer owns its hold."""
    clearance = await in_thread(
        gate.clear,
        person_id=draft.person_id,
        purpose=PURPOSE,
        recipient=draft.model.recipient,
        data_classes=frozenset({DataClass.CONTENT}),
    )
    request = await _request(draft)
    likely = Usage(input_tokens=tokens.request_tokens(request))
    plan = await in_thread(
        plans.plan,
        person_id=draft.person_id,
        model=draft.model,
        input_tokens=tokens.request_bound(request),
        estimate_tokens=likely.input_tokens,
        output_tokens_wanted=draft.output_tokens_wanted,
        key_id=draft.key_id,
    )
    asked = await _begin(draft, plan, likely)
    live = LiveAnswer(call_id=draft.call_id, person_id=draft.person_id, usage=likely)
    request = replace(request, max_output_tokens=plan.output_tokens_max)
    order = answering.Order(
        call_id=draft.call_id,
        request=request,
        clearance=clearance,
        purse=plan.purse,
        is_cut_short=plan.is_cut_short,
    )
    answering.start(order, live)
    return asked


async def _begin(draft: _Draft, plan: plans.Plan, likely: Usage) -> Asked:
    files = await attachments.store(draft.person_id, draft.files)
    beginning = Beginning(
        call_id=draft.call_id,
        person_id=draft.person_id,
        model=draft.model,
        first_step=plan.first_step,
        ceiling_microcredits=plan.ceiling.amount_microcredits,
        usage=likely,
        conversation_id=draft.conversation_id,
        parent_id=draft.history.leaf_id,
        question=draft.question,
        system=draft.system,
        files=files,
        is_temporary=draft.is_temporary,
        key_id=draft.key_id,
        request_digest=draft.request_digest,
    )
    try:
        return await in_thread(answers.begin, beginning)
    except BaseException as error:
        await attachments.discard(files)
        if isinstance(error, CapReached):
            await in_thread(caps.note_refusal, error, person_id=draft.person_id)
        raise


async def _request(draft: _Draft, *, past_part: PastPart = attachments.past_part) -> ChatRequest:
    """The request with all turns so far; files that this model cannot read are left out.

    Pictures that were made here come with what the person said next: no wire takes them from an
    assistant.
    """
    turns = list(draft.turns)
    shown: list[Part] = []
    for past in draft.history.turns:
        parts, shown = (shown, []) if past.role is Role.USER else ([], shown)
        for file in past.files:
            if draft.model.reads_pdfs if file.view.pages else draft.model.reads_images:
                parts.append(await past_part(draft.person_id, file))
        if draft.model.reads_images:
            shown += [await past_part(draft.person_id, file) for file in past.pictures]
        words = past.text or told_of_pictures(len(past.pictures))
        turns.append(Turn(role=past.role, parts=(*parts, TextPart(text=words))))
    parts = [*shown, *(part for _name, part in draft.files)]
    if draft.question is not None or shown:
        turns.append(Turn(role=Role.USER, parts=(*parts, TextPart(text=draft.question or ""))))
    return ChatRequest(
        model=draft.model,
        system=draft.history.system,
        turns=merged(turns),
        max_output_tokens=draft.model.output_tokens_max,
    )


def _check_text(text: str, *, has_files: bool) -> None:
    if not text.strip() and not has_files:
        raise EmptyMessage
    prompts.check_length(text)


async def _usable_model(model_key: str) -> Model:
    model = await in_thread(catalogue.model, model_key)
    if not model.is_available:
        raise ModelUnavailable
    if not model.converses:
        raise DoesNotConverse
    return model


async def _history(ask: Ask) -> History:
    if ask.temporary is not None or ask.conversation_id is None:
        turns = tuple(
            PastTurn(role=turn.role, text=turn.text, files=()) for turn in ask.temporary or ()
        )
        return History(leaf_id=None, model_key="", system=ask.system or "", turns=turns)
    history = await in_thread(
        histories.history,
        person_id=ask.person_id,
        conversation_id=ask.conversation_id,
        leaf_id=ask.parent_id,
    )
    return history if ask.system is None else replace(history, system=ask.system)
