"""Opening accounts."""

from uuid import UUID

from bluegpt.credits.models import Account
from bluegpt.credits.queries import balances, dialect
from bluegpt.credits.rules.chart import CODES, CREDITS, WALLET


def open_platform_accounts() -> None:
    """Give every account of the chart its row. Repeatable."""
    now = dialect.now()
    Account.objects.bulk_create(
        [
            Account(id=int(number), ledger=CREDITS, code=code, created_at=now)
            for number, code in CODES.items()
        ],
        ignore_conflicts=True,
    )


def open_wallet(person_id: UUID) -> int:
    """The number of a person's wallet, opened if need be."""
    dialect.run(
        "INSERT INTO credits_account (ledger, code, owner_id, credited, debited, pending,"
        f" created_at) VALUES (%s, %s, %s, 0, 0, 0, {dialect.now_sql()})"
        " ON CONFLICT (owner_id, ledger, code) DO NOTHING",
        CREDITS,
        WALLET,
        person_id,
    )
    wallet_id = balances.wallet_of(person_id)
    assert wallet_id is not None
    return wallet_id
