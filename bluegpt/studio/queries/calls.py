"""What an answer was made with, what it used, what it cost."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from bluegpt.core.errors import sentence_of
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.usage import USAGE_COUNTS, Usage, UsageSource
from bluegpt.studio.errors import UnknownAnswer
from bluegpt.studio.models import Call, FilmJob, Message
from bluegpt.studio.queries.opened import open_text
from bluegpt.studio.types.calls import CallState, CallView


def call(*, person_id: UUID, call_id: UUID) -> CallView:
    """One answer's record. Raises UnknownAnswer."""
    try:
        return view_of(Call.objects.get(id=call_id, person_id=person_id))
    except Call.DoesNotExist:
        raise UnknownAnswer from None


def stored_answer(*, person_id: UUID, call_id: UUID) -> tuple[str, str]:
    """Reasoning and text as last checkpointed; both empty for an answer that is not stored."""
    message = Message.objects.filter(call_id=call_id, person_id=person_id).first()
    if message is None:
        return "", ""
    return (
        open_text(
            message.reasoning_sealed,
            person_id=person_id,
            place="message.reasoning",
            row_id=message.id,
        ),
        open_text(
            message.text_sealed, person_id=person_id, place="message.text", row_id=message.id
        ),
    )


def view_of(row: Call) -> CallView:
    """The record of a row at hand."""
    return CallView(
        id=row.id,
        state=CallState(row.state),
        model_key=row.model_key,
        model_name=row.model_name,
        finish=FinishReason(row.finish) if row.finish else None,
        usage=usage_of(row),
        ceiling_microcredits=row.ceiling_microcredits,
        charged_microcredits=row.charged_microcredits,
        cost_is_in_doubt=row.cost_is_in_doubt,
        error_code=row.error_code,
        error_sentence=sentence_of(row.error_code) if row.error_code else "",
    )


def usage_of(row: Call) -> Usage:
    """The usage as last recorded."""
    return Usage(
        **{name: getattr(row, name) for name in USAGE_COUNTS},
        source=UsageSource(row.usage_source),
        reported=tuple(row.reported_usage.items()),
    )


def live_calls_of(person_id: UUID) -> dict[UUID, str]:
    """The person's answers under way, each with the recipient that makes it."""
    rows = Call.objects.filter(person_id=person_id, state=CallState.LIVE)
    return dict(rows.values_list("id", "recipient"))


def live_calls(*, person_id: UUID, conversation_id: UUID) -> list[UUID]:
    """Answers of a conversation that are still being made."""
    rows = Message.objects.filter(
        conversation_id=conversation_id, person_id=person_id, call__state=CallState.LIVE
    )
    return list(rows.values_list("call_id", flat=True))


def dead_calls(*, limit: int) -> list[UUID]:
    """Live calls whose maker has shown no sign of life since its lease ran out.

    Films are not among them: their job outlives every process, and ends them itself.
    """
    films = FilmJob.objects.filter(creation__call=OuterRef("pk"))
    rows = Call.objects.filter(~Exists(films), state=CallState.LIVE, lease_until__lt=Now())
    return list(rows.order_by("lease_until").values_list("id", flat=True)[:limit])
