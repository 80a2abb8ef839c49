"""What the clock does to credits: abandoned holds return, lots expire."""

import logging

from bluegpt.core.jobs import every
from bluegpt.credits.queries.balances import lots_to_expire
from bluegpt.credits.queries.holds import overdue_holds
from bluegpt.credits.rules.deadlines import EXPIRY_PERIOD_S, REAPER_PERIOD_S
from bluegpt.credits.services import lots, resolution
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
            released += resolution.release_overdue(hold_id=ticket.id) is not None
        if len(overdue) < _BATCH:
            break
    if released:
        _log.warning("released %d holds whose calls never left", released)


@every("credits.expire_lots", seconds=EXPIRY_PERIOD_S)
def expire_lots() -> None:
    """Book what expired unused. Nobody can spend it meanwhile: its end is checked at each hold."""
    for _batch in range(_BATCHES_MAX):
        ended = lots_to_expire(_BATCH)
        for lot_id in ended:
            lots.expire(lot_id)
        if len(ended) < _BATCH:
            break
