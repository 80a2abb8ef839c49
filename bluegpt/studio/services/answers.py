"""The paid answer's steps in the database, one transaction each: begin, dispatch, checkpoint, end.

The hold and studio's own rows are written together, so that there is never the one without
the other. The call's id is the hold's id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.writing import written
from bluegpt.credits.errors import IdempotencyConflict
from bluegpt.credits.queries import holds, prices
from bluegpt.credits.services import ledger
from bluegpt.credits.types import HoldState, Quote
from bluegpt.privacy.services import gate
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import Role
from bluegpt.providers.types.usage import USAGE_COUNTS, Usage
from bluegpt.studio.errors import AnswerUnderWay, UnknownMessage
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.queries.calls import view_of
from bluegpt.studio.queries.conversations import own
from bluegpt.studio.rules.pricing import consumption_of
from bluegpt.studio.rules.titles import title_from
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types.calls import Asked, CallState, CallView
from bluegpt.studio.types.files import AttachmentView

# A live call shows a sign of life every few seconds; without one for this long it is dead.
LEASE_S = 10
# By the database's clock, as whoever looks for the dead reads it: a machine whose own clock is
# wrong must not end the answers of the others.
_NEXT_LEASE = ExpressionWrapper(Now() + timedelta(seconds=LEASE_S), output_field=DateTimeField())


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An attachment whose sealed bytes are already in the file store."""

    view: AttachmentView
    file_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Everything that the first transaction of an answer writes.

    `first_step` is what is held at once, `ceiling` the most that the answer can cost.
    `question` is None when an existing question is answered again (then `parent_id` names it).
    `conversation_id` None starts a conversation; nothing of a temporary one is written.
    What is asked for outside any conversation `has_messages` not.
    """

    call_id: UUID
    person_id: UUID
    model: Model
    first_step: Quote
    ceiling_microcredits: int
    usage: Usage
    conversation_id: UUID | None = None
    parent_id: UUID | None = None
    question: str | None = None
    system: str | None = None
    files: Sequence[StoredFile] = ()
    is_temporary: bool = False
    has_messages: bool = True
    key_id: UUID | None = None
    request_digest: str = ""
    product: str = "chat"


@written
def begin(beginning: Beginning) -> Asked:
    """Hold the first step and write the question and an empty answer, or nothing at all.

    Raises InsufficientCredits, CapReached, DebtOutstanding, UnknownConversation, UnknownMessage,
    AnswerUnderWay.
    """
    ledger.hold(
        hold_id=beginning.call_id,
        person_id=beginning.person_id,
        quote=beginning.first_step,
        product=beginning.product,
        key_id=beginning.key_id,
    )
    call = _write_call(beginning)
    if beginning.is_temporary or not beginning.has_messages:
        return Asked(
            call_id=call.id,
            conversation_id=None,
            question_id=None,
            answer_id=None,
            ceiling_microcredits=call.ceiling_microcredits,
            begun_at=call.created_at,
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
        ceiling_microcredits=call.ceiling_microcredits,
        begun_at=call.created_at,
    )


def begun(*, person_id: UUID, call_id: UUID, request_digest: str = "") -> Asked | None:
    """What an earlier request with the same key began, None when there was none.

    Raises IdempotencyConflict when that request had another body.
    """
    call = Call.objects.filter(id=call_id, person_id=person_id).first()
    if call is None:
        return None
    if call.request_digest != request_digest:
        raise IdempotencyConflict
    answer = Message.objects.filter(call=call).first()
    return Asked(
        call_id=call.id,
        conversation_id=answer.conversation_id if answer else None,
        question_id=answer.parent_id if answer else None,
        answer_id=answer.id if answer else None,
        ceiling_microcredits=call.ceiling_microcredits,
        begun_at=call.created_at,
    )


@written
def dispatch(*, call_id: UUID, clearance: Clearance) -> None:
    """Mark the hold dispatched and record the disclosure, before a byte leaves."""
    # The call before its hold, as `end` has it: a stop may come at the same time.
    Call.objects.filter(id=call_id).update(dispatched_at=clock.now(), lease_until=_NEXT_LEASE)
    ledger.dispatch(hold_id=call_id)
    gate.disclose(clearance, call_id=call_id)


def hold_more(*, call_id: UUID, amount_microcredits: int) -> None:
    """Hold another step for an answer under way. Raises what `ledger.hold_more` raises."""
    ledger.hold_more(hold_id=call_id, step_id=new_id(), amount_microcredits=amount_microcredits)


def know_cost(*, call_id: UUID) -> None:
    """Take over what a call was charged once its doubt has ended. Again is the same."""
    ended = holds.settlement(call_id)
    if ended is None:
        return
    Call.objects.filter(id=call_id).update(
        charged_microcredits=ended.charged_microcredits, cost_is_in_doubt=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an answer has got."""

    text: str
    reasoning: str
    usage: Usage
    response_id: str


@written
def checkpoint(*, call_id: UUID, progress: Progress, hold_ttl_s: int) -> bool:
    """Keep what has arrived, renew the lease; True when somebody asked to stop."""
    Call.objects.filter(id=call_id, state=CallState.LIVE).update(
        lease_until=_NEXT_LEASE, **_counts(progress)
    )
    _keep_text(call_id, progress)
    ledger.extend(hold_id=call_id, ttl_s=hold_ttl_s)
    asked = Call.objects.filter(id=call_id).values_list("stop_asked_at", flat=True).first()
    return asked is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an answer ended. `is_chargeable` is False when nothing of it reached us.

    `borne_microcredits` is what the provider may bill for what is not charged, where that is not
    the question's own price.
    """

    state: CallState
    finish: FinishReason | None
    error_code: str
    is_chargeable: bool
    cost_nanousd: int
    borne_microcredits: int | None = None


@written
def end(*, call_id: UUID, ending: Ending, progress: Progress | None) -> CallView:
    """Settle on what was used or release it all, seal the text, close the record. Once.

    `progress` None keeps what the last checkpoint stored. A second ending changes nothing.
    """
    call = Call.objects.select_for_update().get(id=call_id)
    if call.state != CallState.LIVE:
        return view_of(call)
    if progress is not None:
        _keep_text(call_id, progress)
        for field, value in _counts(progress).items():
            setattr(call, field, value)
    if ending.is_chargeable:
        ended = ledger.settle(
            hold_id=call_id,
            consumption=consumption_of(view_of(call).usage, sku=call.sku),
            usage_source=call.usage_source,
            ceiling_microcredits=call.ceiling_microcredits,
        )
    else:
        ended = ledger.release(
            hold_id=call_id,
            reason=ending.error_code or ending.state,
            written_off_microcredits=_borne(call, ending),
        )
    call.state = ending.state
    call.finish = ending.finish or ""
    call.error_code = ending.error_code
    call.charged_microcredits = ended.charged_microcredits
    call.cost_is_in_doubt = ended.state is HoldState.IN_DOUBT
    call.cost_nanousd = ending.cost_nanousd
    call.ended_at = clock.now()
    call.save()
    return view_of(call)


def _borne(call: Call, ending: Ending) -> int:
    """What the provider may bill for a question that left and was not answered: our loss.

    A provider that refused or broke off before its first word bills nothing.
    """
    if ending.borne_microcredits is not None:
        return ending.borne_microcredits
    if call.dispatched_at is None or ending.state is CallState.FAILED:
        return 0
    asked = consumption_of(Usage(input_tokens=call.input_tokens), sku=call.sku)
    version = holds.hold(call.id).price_version
    return prices.quote(asked, price_version=version).amount_microcredits


def _write_call(beginning: Beginning) -> Call:
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
        request_digest=beginning.request_digest,
        input_tokens=beginning.usage.input_tokens,
        ceiling_microcredits=beginning.ceiling_microcredits,
        created_at=now,
        lease_until=_NEXT_LEASE,
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


def _counts(progress: Progress) -> dict[str, object]:
    usage = progress.usage
    return {
        **{name: getattr(usage, name) for name in USAGE_COUNTS},
        "reported_usage": dict(usage.reported),
        "usage_source": usage.source,
        "response_id": progress.response_id,
    }
