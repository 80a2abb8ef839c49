"""The balance and everything that explains it."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bluegpt.core import clock
from bluegpt.credits.queries import balances, blocks, cases, debts
from bluegpt.credits.queries.last_check import last_check
from bluegpt.credits.queries.latest import latest
from bluegpt.credits.types import Lot
from bluegpt.web.credits import limits, shown
from bluegpt.web.person import person_id_of

_WARN_BEFORE = timedelta(days=7)
_MOVEMENTS = 15


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def overview(request: HttpRequest) -> HttpResponse:
    """What there is, what is held and why, what ends soon, and the proof that it adds up."""
    person_id = person_id_of(request)
    lots = balances.lots(person_id)
    caps = limits.rows(person_id)
    ending = _ending_soon(lots)
    context = {
        "balance": balances.balance(person_id),
        "held": shown.held_rows(person_id),
        "lots": lots,
        "ending": ending,
        "ending_goes_first": ending == list(lots[: len(ending)]),
        "ending_microcredits": sum(lot.remaining_microcredits for lot in ending),
        "debt_microcredits": balances.debt(person_id),
        "debts": debts.reasons(person_id),
        "caps": caps,
        "alerts": [row for row in caps if row.mark_percent],
        "movements": shown.rows(person_id, latest(person_id, limit=_MOVEMENTS)),
        "open_questions": cases.open_dispute_count(person_id),
        "now": clock.now(),
        "check": last_check(),
        "head": blocks.head(),
    }
    return render(request, "credits/overview.html", context)


def _ending_soon(lots: tuple[Lot, ...]) -> list[Lot]:
    """What can be spent now and will not be for long; the first to end first."""
    now = clock.now()
    ending = [
        lot
        for lot in lots
        if lot.expires_at is not None
        and lot.expires_at <= now + _WARN_BEFORE
        and lot.effective_at <= now
        and lot.remaining_microcredits
    ]
    return sorted(ending, key=lambda lot: lot.expires_at or now)
