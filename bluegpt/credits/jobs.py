"""What the clock does to credits: abandoned holds return, lots expire."""

import logging

from bluegpt.core.jobs import every
from bluegpt.credits.queries.balances import debtors, lots_to_expire, lots_to_tell
from bluegpt.credits.queries.holds import overdue_holds
from bluegpt.credits.rules.deadlines import (
    END_TOLD_DAYS,
    END_TOLD_PERIOD_S,
    EXPIRY_PERIOD_S,
    NIGHT_PERIOD_S,
    REAPER_PERIOD_S,
    SEALING_PERIOD_S,
)
from bluegpt.credits.services import blocks, debts, lots, settling, verifications
from bluegpt.credits.types import HoldState

_BATCH = 200
_BATCHES_MAX = 50

_log = logging.getLogger(__name__)


@every("credits.release_overdue_holds", seconds=REAPER_PERIOD_S)
def release_overdue_holds() -> None:
    """Release holds whose call never left. Dispatched ones are studio's, which knows the call."""
    released = 0
    for _batch in range(_BATCHES_MAX):
        overdue = overdue_holds(_BATCH, state=HoldState.HELD)
        for ticket in overdue:
            released += settling.release_overdue(hold_id=ticket.id) is not None
        if len(overdue) < _BATCH:
            break
    if released:
        _log.warning("released %d holds whose calls never left", released)


@every("credits.end_overdue_doubts", seconds=EXPIRY_PERIOD_S)
def end_overdue_doubts() -> None:
    """End doubts that nobody decided in a week, by the rule of `settling.end_overdue_doubt`."""
    ended = 0
    for ticket in overdue_holds(_BATCH, state=HoldState.IN_DOUBT):
        ended += settling.end_overdue_doubt(hold_id=ticket.id) is not None
    if ended:
        _log.error("ended %d doubtful calls that nobody had decided", ended)


@every("credits.collect_debts", seconds=EXPIRY_PERIOD_S)
def collect_debts() -> None:
    """Pay debts from credits that came back from calls under way at the time."""
    for person_id in debtors(_BATCH):
        debts.collect_from(person_id)


@every("credits.expire_lots", seconds=EXPIRY_PERIOD_S)
def expire_lots() -> None:
    """Book what expired unused. Nobody can spend it meanwhile: its end is checked at each hold."""
    for _batch in range(_BATCHES_MAX):
        ended = lots_to_expire(_BATCH)
        for lot_id in ended:
            lots.expire(lot_id)
        if len(ended) < _BATCH:
            break


@every("credits.tell_ending_lots", seconds=END_TOLD_PERIOD_S)
def tell_ending_lots() -> None:
    """Tell people a week before credits of theirs end, once per lot."""
    for _batch in range(_BATCHES_MAX):
        ending = lots_to_tell(_BATCH, within_days=END_TOLD_DAYS)
        for lot_id in ending:
            lots.tell_end(lot_id)
        if len(ending) < _BATCH:
            break


@every("credits.seal_journal", seconds=SEALING_PERIOD_S)
def seal_journal() -> None:
    """Make blocks of what can no longer change; the last one's digest is published."""
    blocks.seal()


@every("credits.verify_books", seconds=NIGHT_PERIOD_S)
def verify_books() -> None:
    """Verify everything in the first run after three in the morning, UTC, and seal the journal."""
    verifications.verify_nightly()
