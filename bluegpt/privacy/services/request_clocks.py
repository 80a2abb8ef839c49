"""The clocks of open requests: staff are told at half, at four fifths and at the end."""

from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.privacy.models import Request
from bluegpt.privacy.rules import due_dates
from bluegpt.privacy.rules.requests import ALERTS_PERCENT, next_alert_percent
from bluegpt.privacy.services.request_steps import locked, step
from bluegpt.privacy.types.requests import StepKind

_BY = "desk"
_BATCH = 200


def alert() -> int:
    """Note every mark that was passed since the last look; how many. Repeatable.

    An alert is a step, and the mail goes out with it. No state and no reason takes a request out
    of this list but its decision.
    """
    today = due_dates.day_in_france(clock.now())
    waiting = Request.objects.filter(
        alerted_percent__lt=ALERTS_PERCENT[-1], decided_at=None
    ).order_by("id")
    alerted = 0
    last_id = None
    while True:
        page = waiting if last_id is None else waiting.filter(id__gt=last_id)
        batch = list(page.values_list("id", "received_on", "due_on", "alerted_percent")[:_BATCH])
        for request_id, received_on, due_on, alerted_percent in batch:
            elapsed = due_dates.elapsed_percent(received_on, due_on, today=today)
            mark = next_alert_percent(elapsed, alerted_percent)
            if mark:
                alerted += _alert(request_id, mark)
        if len(batch) < _BATCH:
            return alerted
        last_id = batch[-1][0]


def _alert(request_id: UUID, mark: int) -> bool:
    with transaction.atomic():
        still = Request.objects.filter(id=request_id, decided_at=None, alerted_percent__lt=mark)
        if still.update(alerted_percent=mark) == 0:
            return False
        step(locked(request_id), StepKind.ALERTED, by=_BY, code=str(mark))
    return True
