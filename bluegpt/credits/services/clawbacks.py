"""Taking credits back whose payment was returned or contested; what was spent becomes a debt."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.core.ids import new_id
from bluegpt.core.writing import written
from bluegpt.credits.errors import IdempotencyConflict, NothingLeft, UnknownLot
from bluegpt.credits.queries import dialect
from bluegpt.credits.rules import chart
from bluegpt.credits.rules.digests import digest_of
from bluegpt.credits.services import debts, journal
from bluegpt.credits.types import TransferCode, TransferKind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clawback:
    """What is to be taken back of the lot that came from a source, and who says so and why."""

    id: UUID
    source_kind: str
    source_id: str
    amount_microcredits: int | None
    author: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """How a clawback ended, in microcredits."""

    taken_microcredits: int
    debt_microcredits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    """A lot under its wallet's lock."""

    id: UUID
    person_id: UUID
    wallet_id: int
    amount: int
    left: int
    now: datetime


@written
def claw_back(
    *,
    clawback_id: UUID,
    source_kind: str,
    source_id: str,
    amount_microcredits: int | None,
    author: str,
    reason: str,
) -> TakenBack:
    """Take credits of a lot back; once per id. What a call holds at the time is not unspent.

    `amount_microcredits` None takes all that was not spent, and makes no debt: a refund. A
    contested payment names the amount; what is lacking becomes a debt, which is paid at once from
    what else the person can spend. Raises UnknownLot, IdempotencyConflict for the same id with
    another content, NothingLeft when a refund finds nothing, and ValueError for an amount that is
    not positive, beyond the lot, or without author and reason.
    """
    if not author or not reason:
        raise ValueError("a clawback has an author and a reason")
    clawback = _Clawback(
        id=clawback_id,
        source_kind=source_kind,
        source_id=source_id,
        amount_microcredits=amount_microcredits,
        author=author,
        reason=reason,
    )
    digest = digest_of(source_kind, source_id, amount_microcredits)
    lot = _locked(clawback)
    known = _known(clawback_id, digest)
    if known is not None:
        return known
    wanted = _wanted(clawback, lot)
    taken = min(wanted, lot.left)
    lines = [_taking(clawback, lot, taken, digest)] if taken else []
    if wanted > taken:
        lines.append(_owing(clawback, lot, wanted - taken, digest))
    journal.write(lines, group_id=clawback_id, at=lot.now)
    debts.collect(person_id=lot.person_id, wallet_id=lot.wallet_id, now=lot.now)
    return TakenBack(taken_microcredits=taken, debt_microcredits=wanted - taken)


def _locked(clawback: _Clawback) -> _Lot:
    source = (clawback.source_kind, clawback.source_id)
    wallet = dialect.row(
        "SELECT id, owner_id FROM credits_account WHERE id = (SELECT wallet_id FROM credits_grant"
        " WHERE source_kind = %s AND source_id = %s)" + dialect.lock_sql(),
        *source,
    )
    if wallet is None:
        raise UnknownLot
    found = dialect.row(
        "SELECT id, amount_microcredits, amount_microcredits - used_microcredits"
        " - held_microcredits - expired_microcredits - clawed_back_microcredits,"
        f" {dialect.now_sql()} FROM credits_grant"
        " WHERE source_kind = %s AND source_id = %s",
        *source,
    )
    assert found is not None
    return _Lot(
        id=dialect.uuid(found[0]),
        person_id=dialect.uuid(wallet[1]),
        wallet_id=int(wallet[0]),
        amount=int(found[1]),
        left=int(found[2]),
        now=dialect.instant(found[3]),
    )


def _wanted(clawback: _Clawback, lot: _Lot) -> int:
    if clawback.amount_microcredits is None:
        if lot.left == 0:
            raise NothingLeft
        return lot.left
    if not 0 < clawback.amount_microcredits <= lot.amount:
        raise ValueError("a clawback takes something, and no more than the lot was")
    return clawback.amount_microcredits


def _known(clawback_id: UUID, digest: str) -> TakenBack | None:
    """What the same clawback took before. Raises IdempotencyConflict for another content."""
    lines = dialect.rows(
        "SELECT code, amount, request_hash FROM credits_transfer WHERE group_id = %s", clawback_id
    )
    if not lines:
        return None
    if any(line[2] != digest for line in lines):
        raise IdempotencyConflict
    amounts = {line[0]: int(line[1]) for line in lines}
    return TakenBack(
        taken_microcredits=amounts.get(TransferCode.CLAWBACK, 0),
        debt_microcredits=amounts.get(TransferCode.DEBT, 0),
    )


def _taking(clawback: _Clawback, lot: _Lot, amount: int, digest: str) -> journal.Line:
    dialect.run(
        "UPDATE credits_account SET debited = debited + %s WHERE id = %s", amount, lot.wallet_id
    )
    dialect.run(
        "UPDATE credits_grant SET clawed_back_microcredits = clawed_back_microcredits + %s"
        " WHERE id = %s",
        amount,
        lot.id,
    )
    return journal.Line(
        id=new_id(),
        debit=lot.wallet_id,
        credit=chart.Platform.CLAWBACK,
        amount=amount,
        code=TransferCode.CLAWBACK,
        kind=TransferKind.NORMAL,
        lot_id=lot.id,
        reference=f"{clawback.source_kind}:{clawback.source_id}",
        request_hash=digest,
        author=clawback.author,
        reason=clawback.reason,
    )


def _owing(clawback: _Clawback, lot: _Lot, amount: int, digest: str) -> journal.Line:
    return debts.owe(
        person_id=lot.person_id,
        amount=amount,
        digest=digest,
        reference=f"{clawback.source_kind}:{clawback.source_id}",
        author=clawback.author,
        reason=clawback.reason,
    )
