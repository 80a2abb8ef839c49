"""Opening accounts."""

from uuid import UUID

from bluegpt.credits.models import Account
from bluegpt.credits.queries import dialect
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
    return open_account(person_id, WALLET)


def open_account(person_id: UUID, code: str) -> int:
    """The number of a person's account of this code, opened if need be."""
    dialect.run(
        "INSERT INTO credits_account (ledger, code, owner_id, credited, debited, pending,"
        f" created_at) VALUES (%s, %s, %s, 0, 0, 0, {dialect.now_sql()})"
        " ON CONFLICT (owner_id, ledger, code) DO NOTHING",
        CREDITS,
        code,
        person_id,
    )
    found = dialect.row(
        "SELECT id FROM credits_account WHERE owner_id = %s AND ledger = %s AND code = %s",
        person_id,
        CREDITS,
        code,
    )
    assert found is not None
    return int(found[0])
