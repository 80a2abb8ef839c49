"""Statements and corrections: can a person follow what was shown to them, at any instant?"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.findings import finding, number, offenders
from bluegpt.credits.queries.movements import middle_of, movements, posted_before, range_of
from bluegpt.credits.queries.spans import stream
from bluegpt.credits.rules.chart import WALLET
from bluegpt.credits.types import Finding

_WALLETS_MAX = 200
_MOVEMENTS_MAX = 500

_DIRECT = (
    "SELECT (SELECT coalesce(sum(amount), 0) FROM credits_transfer WHERE credit_account_id = %s"
    " AND credit_account_id > 0 AND created_at < %s AND kind IN ('normal', 'post', 'correct'))"
    " - (SELECT coalesce(sum(amount), 0) FROM credits_transfer WHERE debit_account_id = %s"
    " AND debit_account_id > 0 AND created_at < %s AND kind IN ('normal', 'post', 'correct'))"
)


def reproducible(as_of: datetime | None = None) -> Finding:
    """What statements of a sample of wallets say, against sums over the journal by instant.

    Of each wallet the balance at an instant (the middle of its history, unless one is named) and
    the movements that follow it.
    """
    count = 0
    rows: list[str] = []
    for wallet_id in _sample():
        at = as_of or middle_of(wallet_id)
        if at is None:
            continue
        count += 1
        rows += _differences(wallet_id, at, is_past=as_of is not None)
    title = _("A statement of any period can be made again from the journal.")
    return finding("13", title, _("%d wallets sampled") % count, rows)


def explained() -> Finding:
    """Corrections carry author, reason and reference, and give no more back than was charged."""
    rows = offenders(
        "credits_account",
        "id",
        "SELECT t.sequence FROM credits_transfer t LEFT JOIN credits_transfer p"
        " ON p.id = t.corrects_id WHERE t.credit_account_id > %s AND t.credit_account_id <= %s"
        " AND t.credit_account_id > 0 AND t.kind = 'correct' AND (t.author = '' OR t.reason = ''"
        " OR t.reference = '' OR p.id IS NULL OR p.kind <> 'post'"
        " OR p.debit_account_id <> t.credit_account_id OR p.hold_id <> t.hold_id)",
    )
    excessive = offenders(
        "credits_account",
        "id",
        "SELECT p.sequence FROM credits_transfer t JOIN credits_transfer p ON p.id = t.corrects_id"
        " WHERE t.credit_account_id > %s AND t.credit_account_id <= %s"
        " AND t.credit_account_id > 0 AND t.kind = 'correct'"
        " GROUP BY p.sequence, p.amount HAVING sum(t.amount) > p.amount",
    )
    count = number(
        "SELECT count(*) FROM credits_transfer WHERE credit_account_id > 0 AND kind = 'correct'"
    )
    named = [f"transfer {row}" for row in rows]
    named += [f"transfer {row} was corrected by more than it moved" for row in excessive]
    title = _("Every correction says who, why, on what ground, and what it corrects.")
    return finding("14", title, _("%d corrections") % count, named)


def _differences(wallet_id: int, at: datetime, *, is_past: bool) -> Iterator[str]:
    now = dialect.now()
    period = range_of(wallet_id=wallet_id, from_at=at, until_at=at if is_past else now)
    opening = posted_before(wallet_id, period.first)
    direct = number(_DIRECT, *(wallet_id, at) * 2)
    if opening != direct:
        yield f"wallet {wallet_id} at {at.isoformat()}: statement {opening}, journal {direct}"
    followed = list(islice(movements(period, balance=opening), _MOVEMENTS_MAX))
    if not followed:
        return
    told = followed[-1].line.balance_after_microcredits
    summed = posted_before(wallet_id, followed[-1].sequences[-1] + 1)
    if told != summed:
        yield f"wallet {wallet_id} after {len(followed)} lines: {told}, summed {summed}"


def _sample() -> Iterator[int]:
    """Some wallets, spread over all of them; others when more was written."""
    wallets = number(f"SELECT count(*) FROM credits_account WHERE code = '{WALLET}'")
    step = max(1, wallets // _WALLETS_MAX)
    start = number("SELECT coalesce(max(sequence), 0) FROM credits_transfer") % step
    found: Iterator[Any] = stream(
        f"SELECT id FROM credits_account WHERE code = '{WALLET}' AND id > %s ORDER BY id",
        key_width=1,
        after=(0,),
    )
    return (row[0] for row in islice(found, start, None, step))
