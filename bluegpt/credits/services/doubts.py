"""Staff decide what a doubtful call has cost; its case is answered in the same transaction."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from bluegpt.credits.errors import HoldResolved
from bluegpt.credits.queries import dialect, holds
from bluegpt.credits.services import cases, settling
from bluegpt.credits.types import Consumption, HoldState, Meter, MeterLine, Settlement


def settle(
    *,
    hold_id: UUID,
    quantities: Mapping[str, int],
    author: str,
    words: str,
    context_tokens: int | None = None,
) -> Settlement:
    """Charge a call in doubt for these quantities by meter, at the price version of its hold.

    `context_tokens` picks the price tier; None: all that was put in. Raises ValueError for a
    meter that does not exist and a quantity below zero, UnknownHold, HoldResolved when it is not
    in doubt, NoPrice.
    """
    lines = tuple(
        MeterLine(meter=Meter(name), quantity=quantity) for name, quantity in quantities.items()
    )
    if any(line.quantity < 0 for line in lines):
        raise ValueError("a quantity is never negative")
    with transaction.atomic():
        _insist_on_doubt(hold_id)
        consumption = Consumption(
            sku=_sku(hold_id),
            context_tokens=_put_in(lines) if context_tokens is None else context_tokens,
            lines=lines,
        )
        ended = settling.settle_doubt(hold_id=hold_id, consumption=consumption, author=author)
        cases.close_quarantine(hold_id=hold_id, author=author, words=words)
    return ended


def release(*, hold_id: UUID, author: str, words: str) -> Settlement:
    """Give everything that a call in doubt holds back; the platform writes it off.

    Raises UnknownHold, HoldResolved when it is not in doubt.
    """
    with transaction.atomic():
        held = _insist_on_doubt(hold_id)
        ended = settling.release(
            hold_id=hold_id, reason=f"decided by {author}", written_off_microcredits=held
        )
        cases.close_quarantine(hold_id=hold_id, author=author, words=words)
    return ended


# What is read by a model and so makes its context longer.
_READ = (
    Meter.INPUT,
    Meter.CACHED_INPUT,
    Meter.CACHE_WRITE,
    Meter.CACHE_WRITE_LONG,
    Meter.IMAGE_INPUT,
    Meter.AUDIO_INPUT,
)


def _put_in(lines: tuple[MeterLine, ...]) -> int:
    return sum(line.quantity for line in lines if line.meter in _READ)


def _insist_on_doubt(hold_id: UUID) -> int:
    """Lock the call's first hold; what it and its steps hold, in microcredits."""
    found = dialect.row(
        "SELECT state FROM credits_hold WHERE id = %s AND extends_id IS NULL"
        " AND state <> 'refused'" + dialect.lock_sql(),
        hold_id,
    )
    if found is None:
        holds.hold(hold_id)  # says that there is none
        raise HoldResolved  # or it is a step, which ends with its call
    if found[0] != HoldState.IN_DOUBT:
        raise HoldResolved
    total = dialect.row(
        "SELECT sum(amount_microcredits) FROM credits_hold WHERE id = %s OR extends_id = %s",
        hold_id,
        hold_id,
    )
    assert total is not None
    return int(total[0])


def _sku(hold_id: UUID) -> str:
    found = dialect.row("SELECT sku FROM credits_hold WHERE id = %s", hold_id)
    assert found is not None
    return str(found[0])
