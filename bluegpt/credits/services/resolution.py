"""How a hold ends: settled on what was used, or released. At most once, the first wins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import UnknownHold
from bluegpt.credits.queries import dialect, holds
from bluegpt.credits.queries.prices import rate_of
from bluegpt.credits.rules import burning, chart
from bluegpt.credits.rules.digests import consumption_text, digest_of, usage_json
from bluegpt.credits.rules.pricing import charge_microcredits
from bluegpt.credits.services import journal
from bluegpt.credits.services.lots import breakage
from bluegpt.credits.types import (
    Consumption,
    HoldState,
    Rate,
    Settlement,
    TransferCode,
    TransferKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A hold under lock, with the rates of its version."""

    id: UUID
    state: HoldState
    amount: int
    charged: int
    absorbed: int
    wallet_id: int
    account: chart.Platform
    sku: str
    deadline_at: datetime
    now: datetime
    rates: tuple[Rate, ...]

    @property
    def is_open(self) -> bool:
        return self.state in holds.OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What a resolution writes. Amounts are microcredits."""

    state: HoldState
    charge: int = 0
    absorbed: int = 0
    consumption: Consumption | None = None
    usage_source: str = ""
    reason: str = ""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One draw as it ends: what stays charged, what returns, and whether that has expired."""

    position: int
    lot_id: UUID
    pending_id: UUID
    held: int
    settled: int
    expired: int = field(default=0)


def settle(*, hold_id: UUID, consumption: Consumption, usage_source: str) -> Settlement:
    """Charge what was used, at the hold's price version, rounded up once; return the rest.

    Never more than the hold: what goes beyond is absorbed by the platform, visibly. A hold that
    has ended gives its first result again. Raises UnknownHold, and NoPrice for a meter without a
    rate, which leaves the hold as it is.
    """
    with transaction.atomic():
        held = _locked(hold_id)
        if not held.is_open:
            return _recorded(held)
        if consumption.sku != held.sku:
            raise ValueError(f"held for {held.sku}, settled for {consumption.sku}")
        due = charge_microcredits(consumption, held.rates)
        charge = min(due, held.amount)
        outcome = _Outcome(
            state=HoldState.SETTLED,
            charge=charge,
            absorbed=due - charge,
            consumption=consumption,
            usage_source=usage_source,
            digest=digest_of(consumption_text(consumption), usage_source),
        )
        return _resolve(held, outcome)


def release(*, hold_id: UUID, reason: str) -> Settlement:
    """Give the whole hold back. A hold that has ended gives its first result again."""
    with transaction.atomic():
        held = _locked(hold_id)
        if not held.is_open:
            return _recorded(held)
        return _release(held, reason)


def release_overdue(*, hold_id: UUID) -> Settlement | None:
    """Release a hold whose call never left and whose deadline has passed; None otherwise.

    Looks again under the lock: it may have been dispatched or extended since it was listed.
    """
    with transaction.atomic():
        held = _locked(hold_id)
        if held.state is not HoldState.HELD or held.deadline_at > held.now:
            return None
        return _release(held, "deadline")


def _release(held: _Held, reason: str) -> Settlement:
    outcome = _Outcome(state=HoldState.RELEASED, reason=reason, digest=digest_of(reason))
    return _resolve(held, outcome)


def _locked(hold_id: UUID) -> _Held:
    """Lock the hold's row. Raises UnknownHold; a refused key is no hold."""
    found = dialect.rows(
        "SELECT h.state, h.amount_microcredits, h.charged_microcredits, h.absorbed_microcredits,"
        f" h.wallet_id, h.product, h.sku, h.deadline_at, {dialect.now_sql()}, p.meter,"
        " p.from_context_tokens, p.microcredits_per_million, p.cost_nanousd_per_million"
        " FROM credits_hold h LEFT JOIN credits_price p"
        " ON p.version_id = h.price_version_id AND p.sku = h.sku"
        " WHERE h.id = %s AND h.state <> 'refused'" + dialect.lock_sql("h"),
        hold_id,
    )
    if not found:
        raise UnknownHold
    state, amount, charged, absorbed, wallet_id, product, sku, deadline_at, now = found[0][:9]
    return _Held(
        id=hold_id,
        state=HoldState(state),
        amount=amount,
        charged=charged,
        absorbed=absorbed,
        wallet_id=wallet_id,
        account=chart.consumed(product),
        sku=sku,
        deadline_at=dialect.instant(deadline_at),
        now=dialect.instant(now),
        rates=tuple(rate_of((sku, *row[9:])) for row in found if row[9] is not None),
    )


def _recorded(held: _Held) -> Settlement:
    amounts = (held.amount, held.charged, held.absorbed)
    return holds.settlement_of(held.id, state=held.state, amounts=amounts)


def _resolve(held: _Held, outcome: _Outcome) -> Settlement:
    now = _move_in_wallet(held, outcome.charge)
    parts = _parts(held, outcome.charge, now)
    for part in sorted(parts, key=lambda part: part.lot_id):
        _return_to_lot(part)
    expired = sum(part.expired for part in parts)
    if expired:
        dialect.run(
            "UPDATE credits_account SET debited = debited + %s WHERE id = %s",
            expired,
            held.wallet_id,
        )
    for part in parts:
        if part.settled:
            dialect.run(
                "UPDATE credits_draw SET settled_microcredits = %s"
                " WHERE hold_id = %s AND position = %s",
                part.settled,
                held.id,
                part.position,
            )
    journal.write(_lines(held, outcome, parts), group_id=new_id(), at=now)
    _close(held, outcome, now)
    amounts = (held.amount, outcome.charge, outcome.absorbed)
    return holds.settlement_of(held.id, state=outcome.state, amounts=amounts)


def _move_in_wallet(held: _Held, charge: int) -> datetime:
    """Take the wallet's lock, end the reservation, post the charge; the database's instant."""
    found = dialect.row(
        "UPDATE credits_account SET pending = pending - %s, debited = debited + %s WHERE id = %s"
        f" RETURNING {dialect.now_sql()}",
        held.amount,
        charge,
        held.wallet_id,
    )
    assert found is not None
    return dialect.instant(found[0])


def _parts(held: _Held, charge: int, now: datetime) -> list[_Part]:
    """The draws in their order, each with its share of the charge."""
    if held.amount == 0:
        return []
    found = dialect.rows(
        "SELECT d.position, d.lot_id, d.transfer_id, d.held_microcredits, g.expires_at"
        " FROM credits_draw d JOIN credits_grant g ON g.id = d.lot_id"
        " WHERE d.hold_id = %s ORDER BY d.position",
        held.id,
    )
    settled = burning.spread(charge, [row[3] for row in found])
    return [_part(row, share, now) for row, share in zip(found, settled, strict=True)]


def _part(row: Any, settled: int, now: datetime) -> _Part:
    position, lot_id, transfer_id, amount, expires_at = row
    is_gone = burning.is_expired(dialect.instant_or_none(expires_at), now)
    return _Part(
        position=position,
        lot_id=dialect.uuid(lot_id),
        pending_id=dialect.uuid(transfer_id),
        held=amount,
        settled=settled,
        expired=amount - settled if is_gone else 0,
    )


def _return_to_lot(part: _Part) -> None:
    """What returns is spendable again, unless the lot has ended meanwhile: never revived."""
    dialect.run(
        "UPDATE credits_grant SET held_microcredits = held_microcredits - %s,"
        " used_microcredits = used_microcredits + %s,"
        " expired_microcredits = expired_microcredits + %s WHERE id = %s",
        part.held,
        part.settled,
        part.expired,
        part.lot_id,
    )


def _lines(held: _Held, outcome: _Outcome, parts: list[_Part]) -> list[journal.Line]:
    """Post what was used, void what was not, then what expired, then what the platform bears."""
    lines = [_resolving(held, outcome, part) for part in parts]
    lines += [
        breakage(wallet_id=held.wallet_id, lot_id=part.lot_id, amount=part.expired, hold_id=held.id)
        for part in parts
        if part.expired
    ]
    if outcome.absorbed:
        lines.append(
            journal.Line(
                id=new_id(),
                debit=chart.Platform.OVERRUN_ABSORBED,
                credit=held.account,
                amount=outcome.absorbed,
                code=TransferCode.OVERRUN,
                kind=TransferKind.NORMAL,
                hold_id=held.id,
                request_hash=outcome.digest,
            )
        )
    return lines


def _resolving(held: _Held, outcome: _Outcome, part: _Part) -> journal.Line:
    """A post of less than the pending line returns the rest by itself."""
    return journal.Line(
        id=new_id(),
        debit=held.wallet_id,
        credit=held.account,
        amount=part.settled or part.held,
        code=TransferCode.USAGE,
        kind=TransferKind.POST if part.settled else TransferKind.VOID,
        pending_id=part.pending_id,
        lot_id=part.lot_id,
        hold_id=held.id,
        request_hash=outcome.digest,
        reason=outcome.reason,
    )


def _close(held: _Held, outcome: _Outcome, now: datetime) -> None:
    used = outcome.consumption
    closed = dialect.run(
        "UPDATE credits_hold SET state = %s, charged_microcredits = %s, absorbed_microcredits = %s,"
        " usage_source = %s, consumption = %s, settled_context_tokens = %s, reason = %s,"
        f" resolved_at = %s WHERE id = %s AND state IN {holds.OPEN_SQL}",
        outcome.state.value,
        outcome.charge,
        outcome.absorbed,
        outcome.usage_source,
        usage_json(used.lines) if used else "{}",
        used.context_tokens if used else None,
        outcome.reason,
        now,
        held.id,
    )
    assert closed == 1, "the hold was locked and open"
