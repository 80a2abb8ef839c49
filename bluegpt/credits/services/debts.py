"""What a person owes: credits that were spent before their payment was taken back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bluegpt.core.ids import new_id
from bluegpt.credits.queries import balances, dialect
from bluegpt.credits.rules import burning, chart
from bluegpt.credits.services import journal
from bluegpt.credits.services.accounts import open_account
from bluegpt.credits.types import TransferCode, TransferKind


def owe(
    *, person_id: UUID, amount: int, digest: str, reference: str, author: str, reason: str
) -> journal.Line:
    """Book a debt of `amount` microcredits; the line of the journal, to be written with its group.

    Nothing moves in the wallet. The caller holds the wallet's lock.
    """
    debt_id = open_account(person_id, chart.DEBT)
    dialect.run("UPDATE credits_account SET debited = debited + %s WHERE id = %s", amount, debt_id)
    return journal.Line(
        id=new_id(),
        debit=debt_id,
        credit=chart.Platform.CLAWBACK,
        amount=amount,
        code=TransferCode.DEBT,
        kind=TransferKind.NORMAL,
        reference=reference,
        request_hash=digest,
        author=author,
        reason=reason,
    )


def collect(*, person_id: UUID, wallet_id: int, now: datetime) -> int:
    """Pay a debt from what the wallet can spend, in burn order; the microcredits paid.

    The caller holds the wallet's lock. A person who owes can place no hold, so credits that
    stayed in the wallet would only lie there.
    """
    found = dialect.row(
        "SELECT id, debited - credited FROM credits_account WHERE owner_id = %s AND ledger = %s"
        " AND code = %s AND debited > credited",
        person_id,
        chart.CREDITS,
        chart.DEBT,
    )
    if found is None:
        return 0
    debt_id, owed = int(found[0]), int(found[1])
    lots = balances.open_lots(wallet_id)
    paid = min(owed, burning.usable_microcredits(lots, now))
    shares = burning.draw(lots, amount_microcredits=paid, now=now)
    assert shares is not None, "no more than what is usable"
    for account, column in ((debt_id, "credited"), (wallet_id, "debited")):
        dialect.run(
            f"UPDATE credits_account SET {column} = {column} + %s WHERE id = %s", paid, account
        )
    lines = [_payment(share, wallet_id=wallet_id, debt_id=debt_id) for share in shares]
    journal.write(lines, group_id=new_id(), at=now)
    return paid


def _payment(share: burning.Share, *, wallet_id: int, debt_id: int) -> journal.Line:
    dialect.run(
        "UPDATE credits_grant SET clawed_back_microcredits = clawed_back_microcredits + %s"
        " WHERE id = %s",
        share.amount_microcredits,
        share.lot_id,
    )
    return journal.Line(
        id=new_id(),
        debit=wallet_id,
        credit=debt_id,
        amount=share.amount_microcredits,
        code=TransferCode.REPAYMENT,
        kind=TransferKind.NORMAL,
        lot_id=share.lot_id,
    )


def collect_from(person_id: UUID) -> int:
    """The same for a wallet that is not locked yet."""
    with transaction.atomic():
        wallet = dialect.row(
            "SELECT id FROM credits_account WHERE owner_id = %s AND ledger = %s AND code = %s"
            + dialect.lock_sql(),
            person_id,
            chart.CREDITS,
            chart.WALLET,
        )
        if wallet is None:
            return 0
        return collect(person_id=person_id, wallet_id=int(wallet[0]), now=dialect.now())
