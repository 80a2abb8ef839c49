"""How the end of a call is written: draws, lots, wallet, caps, journal, the hold and its steps."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import UnknownHold
from bluegpt.credits.queries import dialect, holds
from bluegpt.credits.queries.prices import rate_of
from bluegpt.credits.rules import burning, chart
from bluegpt.credits.rules.believing import Doubt
from bluegpt.credits.rules.digests import usage_json
from bluegpt.credits.services import caps, journal
from bluegpt.credits.services.lots import breakage
from bluegpt.credits.types import (
    Consumption,
    HoldState,
    Meter,
    MeterLine,
    Rate,
    Settlement,
    TransferCode,
    TransferKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What the call, or one of its steps, holds of one lot."""

    hold_id: UUID
    placed_at: datetime
    position: int
    lot_id: UUID
    pending_id: UUID
    held: int
    lot_expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A call's first hold under lock, all that it and its steps draw, the rates of its version."""

    id: UUID
    person_id: UUID
    key_id: UUID | None
    state: HoldState
    wallet_id: int
    product: str
    deadline_at: datetime
    now: datetime
    reason: str
    consumption: Consumption
    rates: tuple[Rate, ...]
    draws: tuple[Draw, ...]
    has_caps: bool

    @property
    def is_open(self) -> bool:
        return self.state in holds.OPEN_STATES

    @property
    def amount(self) -> int:
        """All that the call holds, in microcredits."""
        return sum(draw.held for draw in self.draws)

    @property
    def sku(self) -> str:
        return self.consumption.sku

    @property
    def doubt(self) -> Doubt:
        """Why it is in doubt."""
        return Doubt(self.reason)

    @property
    def account(self) -> chart.Platform:
        return chart.consumed(self.product)

    def deadline_for_doubt(self, ttl_s: int) -> datetime:
        return self.now + timedelta(seconds=ttl_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a resolution writes. Amounts are microcredits."""

    state: HoldState
    charge: int = 0
    absorbed: int = 0
    written_off: int = 0
    consumption: Consumption | None = None
    usage_source: str = ""
    reason: str = ""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One draw as it ends: what stays charged, and what of the rest has expired."""

    draw: Draw
    settled: int
    expired: int = field(default=0)

    @property
    def returned(self) -> int:
        return self.draw.held - self.settled


def locked(hold_id: UUID) -> Held:
    """Lock a call's first hold and its wallet, and read what it holds.

    Raises UnknownHold; a refusal is none.
    """
    first, *_wallet, draws = dialect.together(
        _locking_hold(hold_id), *_locking_wallet(hold_id), _reading_draws(hold_id)
    )
    if not first.rows:
        raise UnknownHold
    person_id, key_id, state, wallet_id, product, deadline_at, now, reason = first.rows[0][:8]
    sku, quantities, context_tokens = first.rows[0][8:11]
    if draws.rows:  # read under the wallet's lock
        now = draws.rows[0][7]
    return Held(
        id=hold_id,
        person_id=dialect.uuid(person_id),
        key_id=None if key_id is None else dialect.uuid(key_id),
        state=HoldState(state),
        wallet_id=wallet_id,
        product=product,
        deadline_at=dialect.instant(deadline_at),
        now=dialect.instant(now),
        reason=reason,
        consumption=_consumption(sku, quantities, context_tokens),
        rates=tuple(rate_of((sku, *row[11:])) for row in first.rows if row[11] is not None),
        draws=tuple(_draw(row) for row in draws.rows),
        has_caps=any(row[8] for row in draws.rows),
    )


def _locking_hold(hold_id: UUID) -> dialect.Statement:
    sql = (
        "SELECT h.person_id, h.key_id, h.state, h.wallet_id, h.product, h.deadline_at,"
        f" {dialect.now_sql()}, h.reason, h.sku, h.consumption, h.settled_context_tokens, p.meter,"
        " p.from_context_tokens, p.microcredits_per_million, p.cost_nanousd_per_million"
        " FROM credits_hold h LEFT JOIN credits_price p"
        " ON p.version_id = h.price_version_id AND p.sku = h.sku"
        " WHERE h.id = %s AND h.state <> 'refused' AND h.extends_id IS NULL"
    )
    return sql + dialect.lock_sql("h"), (hold_id,)


def _locking_wallet(hold_id: UUID) -> list[dialect.Statement]:
    """SQLite has one writer, and it has the lock already."""
    if not dialect.lock_sql():
        return []
    sql = (
        "SELECT 1 FROM credits_account"
        " WHERE id = (SELECT wallet_id FROM credits_hold WHERE id = %s) FOR NO KEY UPDATE"
    )
    return [(sql, (hold_id,))]


def _consumption(sku: str, quantities: Any, context_tokens: int | None) -> Consumption:
    known = json.loads(quantities) if isinstance(quantities, str) else quantities
    lines = tuple(MeterLine(meter=Meter(name), quantity=n) for name, n in known.items())
    return Consumption(sku=sku, context_tokens=context_tokens or 0, lines=lines)


def _reading_draws(hold_id: UUID) -> dialect.Statement:
    """In the order in which they were made. A later statement than the locks: nothing is missed.

    The instant is later than the locks, too, so that those of one wallet stand in order.
    """
    sql = (
        "SELECT h.id, h.created_at, d.position, d.lot_id, d.transfer_id, d.held_microcredits,"
        f" g.expires_at, {dialect.now_sql()},"
        " EXISTS (SELECT 1 FROM credits_cap c WHERE c.person_id = h.person_id)"
        " FROM credits_hold h JOIN credits_draw d ON d.hold_id = h.id"
        " JOIN credits_grant g ON g.id = d.lot_id WHERE h.id = %s OR h.extends_id = %s"
        " ORDER BY CASE WHEN h.extends_id IS NULL THEN 0 ELSE 1 END, h.created_at, h.id,"
        " d.position"
    )
    return sql, (hold_id, hold_id)


def _draw(row: Any) -> Draw:
    return Draw(
        hold_id=dialect.uuid(row[0]),
        placed_at=dialect.instant(row[1]),
        position=row[2],
        lot_id=dialect.uuid(row[3]),
        pending_id=dialect.uuid(row[4]),
        held=row[5],
        lot_expires_at=dialect.instant_or_none(row[6]),
    )


def recorded(held: Held) -> Settlement:
    """What the call's end, or its doubt, was when it came."""
    settlement = holds.settlement(held.id)
    if settlement is not None:
        return settlement
    return Settlement(
        hold_id=held.id,
        state=held.state,
        charged_microcredits=0,
        released_microcredits=0,
        absorbed_microcredits=0,
    )


def resolve(held: Held, outcome: Outcome) -> Settlement:
    """Write the end. The caller has looked at the state under the lock."""
    parts = _parts(held, outcome.charge, held.now)
    closing = _closing(held, outcome, parts)
    written = dialect.together(
        _moving_in_wallet(held, outcome.charge + sum(part.expired for part in parts)),
        *(_returning_to_lot(part) for part in sorted(parts, key=lambda part: part.draw.lot_id)),
        *(_settling_draw(part) for part in parts if part.settled),
        *_writing_journal(held, outcome, parts),
        *closing,
    )
    closed = sum(answer.touched for answer in written[-len(closing) :])
    assert closed == len(closing), "the call was locked and open"
    if held.has_caps:
        _return_to_caps(held, parts)
    return Settlement(
        hold_id=held.id,
        state=outcome.state,
        charged_microcredits=outcome.charge,
        released_microcredits=held.amount - outcome.charge,
        absorbed_microcredits=outcome.absorbed,
    )


def _moving_in_wallet(held: Held, posted: int) -> dialect.Statement:
    """End the reservation, post the charge and what has expired."""
    return (
        "UPDATE credits_account SET pending = pending - %s, debited = debited + %s WHERE id = %s",
        (held.amount, posted, held.wallet_id),
    )


def _parts(held: Held, charge: int, now: datetime) -> list[_Part]:
    """The draws in their order, each with its share of the charge."""
    shares = burning.spread(charge, [draw.held for draw in held.draws])
    return [
        _Part(
            draw=draw,
            settled=share,
            expired=draw.held - share if burning.is_expired(draw.lot_expires_at, now) else 0,
        )
        for draw, share in zip(held.draws, shares, strict=True)
    ]


def _returning_to_lot(part: _Part) -> dialect.Statement:
    """What returns is spendable again, unless the lot has ended meanwhile: never revived."""
    sql = (
        "UPDATE credits_grant SET held_microcredits = held_microcredits - %s,"
        " used_microcredits = used_microcredits + %s,"
        " expired_microcredits = expired_microcredits + %s WHERE id = %s"
    )
    return sql, (part.draw.held, part.settled, part.expired, part.draw.lot_id)


def _settling_draw(part: _Part) -> dialect.Statement:
    return (
        "UPDATE credits_draw SET settled_microcredits = %s WHERE hold_id = %s AND position = %s",
        (part.settled, part.draw.hold_id, part.draw.position),
    )


def _return_to_caps(held: Held, parts: list[_Part]) -> None:
    """Each step counts in the period in which it was placed. A cap also hears of no return."""
    for placed_at, of_step in groupby(parts, key=lambda part: part.draw.placed_at):
        caps.give_back(
            person_id=held.person_id,
            key_id=held.key_id,
            amount_microcredits=sum(part.returned for part in of_step),
            placed_at=placed_at,
            now=held.now,
        )


def _writing_journal(held: Held, outcome: Outcome, parts: list[_Part]) -> list[dialect.Statement]:
    lines = _lines(held, outcome, parts)
    return [journal.writing(lines, group_id=new_id(), at=held.now)] if lines else []


def _lines(held: Held, outcome: Outcome, parts: list[_Part]) -> list[journal.Line]:
    """Post what was used, void what was not, then what expired, then what the platform bears."""
    lines = [_resolving(held, outcome, part) for part in parts]
    lines += [
        breakage(
            wallet_id=held.wallet_id,
            lot_id=part.draw.lot_id,
            amount=part.expired,
            hold_id=part.draw.hold_id,
        )
        for part in parts
        if part.expired
    ]
    borne = (
        (outcome.absorbed, chart.Platform.OVERRUN_ABSORBED, TransferCode.OVERRUN),
        (outcome.written_off, chart.Platform.IN_DOUBT_WRITEOFF, TransferCode.WRITEOFF),
    )
    lines += [
        journal.Line(
            id=new_id(),
            debit=account,
            credit=held.account,
            amount=amount,
            code=code,
            kind=TransferKind.NORMAL,
            hold_id=held.id,
            request_hash=outcome.digest,
            reason=outcome.reason,
        )
        for amount, account, code in borne
        if amount
    ]
    return lines


def _resolving(held: Held, outcome: Outcome, part: _Part) -> journal.Line:
    """A post of less than the pending line returns the rest by itself."""
    return journal.Line(
        id=new_id(),
        debit=held.wallet_id,
        credit=held.account,
        amount=part.settled or part.draw.held,
        code=TransferCode.USAGE,
        kind=TransferKind.POST if part.settled else TransferKind.VOID,
        pending_id=part.draw.pending_id,
        lot_id=part.draw.lot_id,
        hold_id=part.draw.hold_id,
        request_hash=outcome.digest,
        reason=outcome.reason,
    )


def _closing(held: Held, outcome: Outcome, parts: list[_Part]) -> list[dialect.Statement]:
    """End the first hold, which tells the usage and the loss, and each step with its share."""
    charged = {draw.hold_id: 0 for draw in held.draws}
    for part in parts:
        charged[part.draw.hold_id] += part.settled
    used = outcome.consumption
    of_call = (
        "UPDATE credits_hold SET state = %s, charged_microcredits = %s, absorbed_microcredits = %s,"
        " written_off_microcredits = %s, usage_source = %s, consumption = %s,"
        " settled_context_tokens = %s, reason = %s, resolved_at = %s"
        f" WHERE id = %s AND state IN {holds.OPEN_SQL}"
    )
    end = (
        outcome.state.value,
        charged.pop(held.id, 0),
        outcome.absorbed,
        outcome.written_off,
        outcome.usage_source,
        usage_json(used.lines) if used else "{}",
        used.context_tokens if used else None,
        outcome.reason,
        held.now,
        held.id,
    )
    # A step that was not needed at all was settled with nothing, like its call.
    of_step = (
        "UPDATE credits_hold SET state = %s, charged_microcredits = %s, usage_source = %s,"
        f" reason = %s, resolved_at = %s WHERE id = %s AND state IN {holds.OPEN_SQL}"
    )
    told = (outcome.usage_source, outcome.reason, held.now)
    return [
        (of_call, end),
        *(
            (of_step, (outcome.state.value, share, *told, step_id))
            for step_id, share in charged.items()
        ),
    ]
