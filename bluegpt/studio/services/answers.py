"""The paid answer's steps in the database, one transaction each: begin, dispatch, checkpoint, end.

The hold and studio's own rows are written together, so that there is never the one without
the other. The call's id is the hold's id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce, Now

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Quote
from bluegpt.privacy.services import gate
from bluegpt.privacy.types import Clearance
from bluegpt.providers.types import FinishReason, Model, Role, Usage
from bluegpt.studio.errors import AnswerUnderWay, UnknownMessage
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.queries.calls import view_of
from bluegpt.studio.queries.conversations import own
from bluegpt.studio.rules.pricing import consumption_of
from bluegpt.studio.rules.titles import title_from
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types import Asked, AttachmentView, CallState, CallView

# A live call shows a sign of life every few seconds; without one for this long it is dead.
LEASE_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An attachment whose sealed bytes are already in the file store."""

    view: AttachmentView
    file_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Everything that the first transaction of an answer writes.

    `question` is None when an existing question is answered again (then `parent_id` names it).
    `conversation_id` None starts a conversation; nothing of a temporary one is written.
    """

    call_id: UUID
    person_id: UUID
    model: Model
    quote: Quote
    usage: Usage
    conversation_id: UUID | None = None
    parent_id: UUID | None = None
    question: str | None = None
    system: str | None = None
    files: Sequence[StoredFile] = ()
    is_temporary: bool = False


def begin(beginning: Beginning) -> Asked:
    """Hold the worst case and write the question and an empty answer, or nothing at all.

    Raises InsufficientCredits, UnknownConversation, UnknownMessage, AnswerUnderWay.
    """
    with transaction.atomic():
        ticket = ledger.hold(
            hold_id=beginning.call_id, person_id=beginning.person_id, quote=beginning.quote
        )
        call = _write_call(beginning, held_microcredits=ticket.amount_microcredits)
        if beginning.is_temporary:
            return Asked(
                call_id=call.id,
                conversation_id=None,
                question_id=None,
                answer_id=None,
                ceiling_microcredits=ticket.amount_microcredits,
            )
        conversation = _conversation(beginning)
        _refuse_a_second_answer(conversation)
        question_id = beginning.parent_id
        if beginning.question is not None:
            question_id = _write_question(beginning, conversation).id
        answer = Message.objects.create(
            person_id=beginning.person_id,
            conversation=conversation,
            parent_id=question_id,
            role=Role.ASSISTANT,
            call=call,
            created_at=call.created_at,
        )
        conversation.leaf_id = answer.id
        conversation.last_message_at = call.created_at
        conversation.model_key = beginning.model.key
        conversation.save(update_fields=["leaf_id", "last_message_at", "model_key"])
    return Asked(
        call_id=call.id,
        conversation_id=conversation.id,
        question_id=question_id,
        answer_id=answer.id,
        ceiling_microcredits=ticket.amount_microcredits,
    )


def begun(*, person_id: UUID, call_id: UUID) -> Asked | None:
    """What an earlier request with the same key began, None when there was none."""
    call = Call.objects.filter(id=call_id, person_id=person_id).first()
    if call is None:
        return None
    answer = Message.objects.filter(call=call).first()
    return Asked(
        call_id=call.id,
        conversation_id=answer.conversation_id if answer else None,
        question_id=answer.parent_id if answer else None,
        answer_id=answer.id if answer else None,
        ceiling_microcredits=call.held_microcredits,
    )


def dispatch(*, call_id: UUID, clearance: Clearance) -> None:
    """Mark the hold dispatched and record the disclosure, before a byte leaves."""
    now = clock.now()
    with transaction.atomic():
        ledger.dispatch(hold_id=call_id)
        gate.disclose(clearance, call_id=call_id)
        Call.objects.filter(id=call_id).update(
            dispatched_at=now, lease_until=now + timedelta(seconds=LEASE_S)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an answer has got."""

    text: str
    reasoning: str
    usage: Usage
    response_id: str


def checkpoint(*, call_id: UUID, progress: Progress, hold_ttl_s: int) -> bool:
    """Keep what has arrived, renew the lease; True when somebody asked to stop."""
    now = clock.now()
    with transaction.atomic():
        ledger.extend(hold_id=call_id, ttl_s=hold_ttl_s)
        _keep_text(call_id, progress)
        Call.objects.filter(id=call_id, state=CallState.LIVE).update(
            lease_until=now + timedelta(seconds=LEASE_S), **_counts(progress)
        )
        asked = Call.objects.filter(id=call_id).values_list("stop_asked_at", flat=True).first()
    return asked is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an answer ended. `is_chargeable` is False when nothing of it reached us."""

    state: CallState
    finish: FinishReason | None
    error_code: str
    is_chargeable: bool
    cost_nanousd: int


def end(*, call_id: UUID, ending: Ending, progress: Progress | None) -> CallView:
    """Settle on what was used or release it all, seal the text, close the record. Once.

    `progress` None keeps what the last checkpoint stored. A second ending changes nothing.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update().get(id=call_id)
        if call.state != CallState.LIVE:
            return view_of(call)
        if progress is not None:
            _keep_text(call_id, progress)
            for field, value in _counts(progress).items():
                setattr(call, field, value)
        if ending.is_chargeable:
            settlement = ledger.settle(
                hold_id=call_id,
                consumption=consumption_of(view_of(call).usage, sku=call.sku),
                usage_source=call.usage_source,
            )
        else:
            settlement = ledger.release(hold_id=call_id, reason=ending.error_code or ending.state)
        call.state = ending.state
        call.finish = ending.finish or ""
        call.error_code = ending.error_code
        call.charged_microcredits = settlement.charged_microcredits
        call.cost_nanousd = ending.cost_nanousd
        call.ended_at = clock.now()
        call.save()
    return view_of(call)


def ask_to_stop(*, person_id: UUID, call_id: UUID) -> None:
    """Leave word for the process that makes the answer."""
    Call.objects.filter(id=call_id, person_id=person_id, state=CallState.LIVE).update(
        stop_asked_at=Coalesce("stop_asked_at", Now())
    )


def _write_call(beginning: Beginning, *, held_microcredits: int) -> Call:
    now = clock.now()
    return Call.objects.create(
        id=beginning.call_id,
        person_id=beginning.person_id,
        state=CallState.LIVE,
        model_key=beginning.model.key,
        model_name=beginning.model.display_name,
        recipient=beginning.model.recipient,
        sku=beginning.model.sku,
        is_temporary=beginning.is_temporary,
        input_tokens=beginning.usage.input_tokens,
        held_microcredits=held_microcredits,
        created_at=now,
        lease_until=now + timedelta(seconds=LEASE_S),
    )


def _conversation(beginning: Beginning) -> Conversation:
    """The conversation, new or locked, with the system prompt that was sent along."""
    if beginning.conversation_id is None:
        return _new_conversation(beginning, clock.now())
    own(beginning.person_id, beginning.conversation_id)
    conversation = Conversation.objects.select_for_update().get(id=beginning.conversation_id)
    if beginning.system is not None:
        conversation.system_sealed = _seal_system(beginning, conversation.id)
        conversation.save(update_fields=["system_sealed"])
    return conversation


def _new_conversation(beginning: Beginning, now: datetime) -> Conversation:
    conversation_id = new_id()
    return Conversation.objects.create(
        id=conversation_id,
        person_id=beginning.person_id,
        title_sealed=seal_text(
            title_from(beginning.question or ""),
            person_id=beginning.person_id,
            place="conversation.title",
            row_id=conversation_id,
        ),
        system_sealed=_seal_system(beginning, conversation_id),
        model_key=beginning.model.key,
        created_at=now,
        last_message_at=now,
    )


def _seal_system(beginning: Beginning, conversation_id: UUID) -> bytes:
    return seal_text(
        beginning.system or "",
        person_id=beginning.person_id,
        place="conversation.system",
        row_id=conversation_id,
    )


def _refuse_a_second_answer(conversation: Conversation) -> None:
    """One answer at a time on a branch: the next question needs the last answer."""
    if conversation.leaf_id is None:
        return
    leaf = Message.objects.filter(id=conversation.leaf_id, call__state=CallState.LIVE)
    if leaf.exists():
        raise AnswerUnderWay


def _write_question(beginning: Beginning, conversation: Conversation) -> Message:
    if beginning.parent_id is not None:
        known = Message.objects.filter(id=beginning.parent_id, conversation=conversation)
        if not known.exists():
            raise UnknownMessage
    message_id = new_id()
    now = clock.now()
    message = Message.objects.create(
        id=message_id,
        person_id=beginning.person_id,
        conversation=conversation,
        parent_id=beginning.parent_id,
        role=Role.USER,
        text_sealed=seal_text(
            beginning.question or "",
            person_id=beginning.person_id,
            place="message.text",
            row_id=message_id,
        ),
        created_at=now,
    )
    Attachment.objects.bulk_create(
        Attachment(
            id=file.view.id,
            person_id=beginning.person_id,
            message=message,
            name_sealed=seal_text(
                file.view.name,
                person_id=beginning.person_id,
                place="attachment.name",
                row_id=file.view.id,
            ),
            media_type=file.view.media_type,
            size_bytes=file.view.size_bytes,
            width_px=file.view.width_px,
            height_px=file.view.height_px,
            pages=file.view.pages,
            file_key=file.file_key,
            created_at=now,
        )
        for file in beginning.files
    )
    return message


def _keep_text(call_id: UUID, progress: Progress) -> None:
    answer = Message.objects.filter(call_id=call_id).only("id", "person_id").first()
    if answer is None:  # temporary, or deleted while it was being made
        return
    sealed = {
        f"{column}_sealed": seal_text(
            text, person_id=answer.person_id, place=f"message.{column}", row_id=answer.id
        )
        for column, text in (("text", progress.text), ("reasoning", progress.reasoning))
    }
    Message.objects.filter(id=answer.id).update(**sealed)


def _counts(progress: Progress) -> dict[str, int | str]:
    usage = progress.usage
    return {
        "input_tokens": usage.input_tokens,
        "cached_input_tokens": usage.cached_input_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cache_write_long_tokens": usage.cache_write_long_tokens,
        "output_tokens": usage.output_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "usage_source": usage.source,
        "response_id": progress.response_id,
    }
