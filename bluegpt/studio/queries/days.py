"""The calls of one recipient on one UTC day, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from bluegpt.providers.queries import catalogue
from bluegpt.providers.queries.names import plain_name
from bluegpt.studio.models import Call

PAGE_CALLS = 400
# No answer takes longer than this; one that began before midnight may be billed after it.
_LONGEST = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCall:
    """A call that left on that day, or on the evening before and ended on it.

    `model` is the provider's name without its edition. The tokens are those last counted, for
    calls that the ledger did not settle.
    """

    id: UUID
    model: str
    is_of_day: bool
    crosses_midnight: bool
    input_tokens: int
    output_tokens: int


def pages(*, recipient: str, day: date) -> Iterator[list[DayCall]]:
    """The calls in the order in which they left; nothing is held beyond a page."""
    starts_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    ends_at = starts_at + timedelta(days=1)
    names = _names()
    rows = (
        Call.objects.filter(
            recipient=recipient, dispatched_at__gte=starts_at - _LONGEST, dispatched_at__lt=ends_at
        )
        .order_by("dispatched_at", "id")
        .values_list(
            "id", "model_key", "dispatched_at", "ended_at", "input_tokens", "output_tokens"
        )
    )
    after = Q()
    while True:
        page = list(rows.filter(after)[:PAGE_CALLS])
        calls = []
        for call_id, model_key, dispatched_at, ended_at, input_tokens, output_tokens in page:
            assert dispatched_at is not None, "the query asked for instants"
            is_of_day = dispatched_at >= starts_at
            border = ends_at if is_of_day else starts_at
            crosses = ended_at is None or ended_at >= border
            if is_of_day or crosses:
                calls.append(
                    DayCall(
                        id=call_id,
                        model=names.get(model_key) or plain_name(model_key.partition("/")[2]),
                        is_of_day=is_of_day,
                        crosses_midnight=crosses,
                        input_tokens=input_tokens,
                        output_tokens=output_tokens,
                    )
                )
        yield calls
        if len(page) < PAGE_CALLS:
            return
        last_id, last_at = page[-1][0], page[-1][2]
        after = Q(dispatched_at__gt=last_at) | Q(dispatched_at=last_at, id__gt=last_id)


def _names() -> dict[str, str]:
    return {model.key: plain_name(model.wire_name) for model in catalogue.models()}
