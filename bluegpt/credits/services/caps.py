"""Spending caps: set by people, and on the way of every hold counted against and given back.

`used_microcredits` of a cap is what is held or charged by the holds that were placed in its
period. Everything here that changes it runs under the wallet's lock, so a cap is exact however
many calls spend at once. A cap that nobody set costs one statement that finds no row.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.errors import UnknownKey
from bluegpt.accounts.queries.api_keys import usable
from bluegpt.core.events import publish
from bluegpt.credits.errors import CapReached, CapTooSmall
from bluegpt.credits.events import CapPassed
from bluegpt.credits.models import Cap
from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.caps import spent
from bluegpt.credits.rules import chart
from bluegpt.credits.rules.capping import (
    NEARLY_USED_UP_PERCENT,
    mark_reached,
    next_starts_on,
    starts_at,
    starts_on,
)
from bluegpt.credits.services.accounts import open_wallet
from bluegpt.credits.types import CapPeriod, CapView

# The day on which the cap's period starts that an instant falls in: (day's start, month's start).
_STARTS_ON = "CASE WHEN period = 'day' THEN %s ELSE %s END"
# A clock that went back counts in the period that was there already.
_IS_OVER = f"period_starts_on < {_STARTS_ON}"
_RESERVE = (
    "UPDATE credits_cap SET"
    f" used_microcredits = CASE WHEN {_IS_OVER} THEN 0 ELSE used_microcredits END + %s,"
    f" alerted_percent = CASE WHEN {_IS_OVER} THEN 0 ELSE alerted_percent END,"
    f" period_starts_on = CASE WHEN {_IS_OVER} THEN {_STARTS_ON} ELSE period_starts_on END"
)
# Never below zero: whatever is wrong with a cap, it is no reason to keep a call from ending.
_GIVE_BACK = (
    "UPDATE credits_cap SET used_microcredits ="
    " CASE WHEN used_microcredits < %s THEN 0 ELSE used_microcredits - %s END"
)
_COLUMNS = (
    "id, key_id, period, limit_microcredits, used_microcredits, period_starts_on, alerted_percent"
)


def reserve(
    *, person_id: UUID, key_id: UUID | None, amount_microcredits: int, now: datetime
) -> None:
    """Count a hold, placed at `now`, against the caps of the person and of the key it came by.

    Part of the hold's transaction, after the wallet's lock. Raises CapReached when one of them
    does not allow it; the transaction then has to go back, and takes the counting with it.
    """
    starts = _starts(now)
    whose, names = _whose(person_id, key_id)
    found = dialect.rows(
        f"{_RESERVE} WHERE {whose} RETURNING {_COLUMNS}",
        *starts,
        amount_microcredits,
        *starts,
        *starts,
        *starts,
        *names,
    )
    over = [row for row in found if row[4] > row[3]]
    if over:
        raise _refusal(over, amount_microcredits)


def give_back(
    *,
    person_id: UUID,
    key_id: UUID | None,
    amount_microcredits: int,
    placed_at: datetime,
    now: datetime,
) -> None:
    """Take what a hold placed at `placed_at` did not need off the caps, if that period still is.

    Part of the resolution's transaction, after the wallet's lock. Call it with nothing to return,
    too: what the call did cost may have passed a mark, and somebody wants to know.
    """
    whose, names = _whose(person_id, key_id)
    found = dialect.rows(
        f"{_GIVE_BACK} WHERE {whose} AND period_starts_on = {_STARTS_ON} RETURNING {_COLUMNS}",
        amount_microcredits,
        amount_microcredits,
        *names,
        *_starts(placed_at),
    )
    told = [row for row in found if _is_under_way(row, now) and _mark(row) > row[6]]
    if told:
        _tell(person_id, told)


def note_refusal(refusal: CapReached, *, person_id: UUID) -> None:
    """Tell, once per period, that a cap now refuses calls.

    For after the transaction that the refusal undid. A single call that was too large for a cap
    with much left says nothing about the cap; whoever asked for it was told already.
    """
    used_percent = refusal.cap.used_microcredits * 100 // refusal.cap.limit_microcredits
    if used_percent < NEARLY_USED_UP_PERCENT:
        return
    with transaction.atomic():
        told = dialect.run(
            "UPDATE credits_cap SET alerted_percent = 100 WHERE id = %s AND alerted_percent < 100"
            " AND period_starts_on = %s",
            refusal.cap.id,
            refusal.starts_on,
        )
        if told:
            publish(
                CapPassed(
                    person_id=person_id,
                    cap_id=refusal.cap.id,
                    percent=100,
                    starts_on=refusal.starts_on.isoformat(),
                )
            )


def set_cap(
    *, person_id: UUID, period: CapPeriod, limit_microcredits: int, key_id: UUID | None = None
) -> UUID:
    """Limit what a person, or one of their keys, spends in each UTC day or month; the cap's id.

    What was spent and held in the period under way counts from the start. A limit that was there
    is replaced; marks that the new one has passed already are not told: the person is looking.
    Raises CapTooSmall, and UnknownKey for a key that is not theirs or has ended.
    """
    if limit_microcredits <= 0:
        raise CapTooSmall
    if key_id is not None and not usable(person_id).filter(id=key_id).exists():
        raise UnknownKey
    with transaction.atomic():
        _lock_wallet(person_id)
        now = dialect.now()
        starts = starts_on(period, now)
        found = spent(person_id=person_id, key_id=key_id, period=period, starts_on=starts)
        counted = {
            "limit_microcredits": limit_microcredits,
            "period_starts_on": starts,
            "used_microcredits": found.used,
            "alerted_percent": mark_reached(
                used_microcredits=found.charged, limit_microcredits=limit_microcredits
            ),
        }
        cap, _is_new = Cap.objects.update_or_create(
            person_id=person_id,
            key_id=key_id,
            period=period.value,
            defaults=counted,
            create_defaults=counted | {"created_at": now},
        )
    return cap.id


def remove_cap(*, person_id: UUID, period: CapPeriod, key_id: UUID | None = None) -> None:
    """Take a limit away. Without one, nothing happens."""
    Cap.objects.filter(person_id=person_id, key_id=key_id, period=period.value).delete()


def remove_caps_of_key(key_id: UUID) -> None:
    """Take away what limited a key that has ended."""
    Cap.objects.filter(key_id=key_id).delete()


def _whose(person_id: UUID, key_id: UUID | None) -> tuple[str, tuple[UUID, ...]]:
    """The condition for the caps that a call counts against, and its values."""
    if key_id is None:
        return "person_id = %s AND key_id IS NULL", (person_id,)
    return "person_id = %s AND (key_id IS NULL OR key_id = %s)", (person_id, key_id)


def _starts(at: datetime) -> tuple[Any, Any]:
    return starts_on(CapPeriod.DAY, at), starts_on(CapPeriod.MONTH, at)


def _refusal(over: list[Any], amount: int) -> CapReached:
    """Name the cap that refuses for longest; of two such the one over the whole account."""
    row = max(over, key=lambda row: (row[2] == CapPeriod.MONTH, row[1] is None))
    cap_id, key_id, period_name, limit, used, start, alerted = row
    period, first_day = CapPeriod(period_name), dialect.day(start)
    cap = CapView(
        id=dialect.uuid(cap_id),
        key_id=None if key_id is None else dialect.uuid(key_id),
        period=period,
        limit_microcredits=limit,
        used_microcredits=used - amount,
        alerted_percent=alerted,
        starts_again_at=starts_at(next_starts_on(period, first_day)),
    )
    return CapReached(cap, starts_on=first_day)


def _is_under_way(row: Any, now: datetime) -> bool:
    return dialect.day(row[5]) == starts_on(CapPeriod(row[2]), now)


def _mark(row: Any, *, held: int = 0) -> int:
    return mark_reached(used_microcredits=row[4] - held, limit_microcredits=row[3])


def _tell(person_id: UUID, caps: list[Any]) -> None:
    """Publish the marks that what was spent has passed, each once per cap and period.

    What calls under way hold is not spent: they reserve the worst case, and most of it returns.
    """
    held = _held(person_id)
    for row in caps:
        mark = _mark(row, held=held)
        if mark <= row[6]:
            continue
        cap_id = dialect.uuid(row[0])
        dialect.run("UPDATE credits_cap SET alerted_percent = %s WHERE id = %s", mark, cap_id)
        publish(
            CapPassed(
                person_id=person_id,
                cap_id=cap_id,
                percent=mark,
                starts_on=dialect.day(row[5]).isoformat(),
            )
        )


def _held(person_id: UUID) -> int:
    """All that the person's calls under way hold, whenever and by whichever key they began."""
    found = dialect.row(
        "SELECT pending FROM credits_account WHERE owner_id = %s"
        f" AND ledger = '{chart.CREDITS}' AND code = '{chart.WALLET}'",
        person_id,
    )
    return 0 if found is None else int(found[0])


def _lock_wallet(person_id: UUID) -> None:
    """Keep every hold of the person from being placed or ended meanwhile."""
    wallet_id = open_wallet(person_id)
    dialect.row("SELECT id FROM credits_account WHERE id = %s" + dialect.lock_sql(), wallet_id)
