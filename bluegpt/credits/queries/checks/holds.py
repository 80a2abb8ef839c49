"""Holds, their draws and their keys: does every call end once, and have one effect?"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.findings import (
    ROWS_NAMED_MAX,
    finding,
    name_of,
    number,
    offenders,
)
from bluegpt.credits.queries.holds import OPEN_SQL
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS
from bluegpt.credits.rules.deadlines import OVERDUE_GRACE_S
from bluegpt.credits.types import Finding


def resolutions() -> Finding:
    """Draws make the hold, what is settled fits in, and an end is reached once and in full."""
    holds = offenders(
        "credits_hold",
        "id",
        "SELECT h.id FROM credits_hold h LEFT JOIN credits_draw d ON d.hold_id = h.id"
        " WHERE h.id > %s AND h.id <= %s GROUP BY h.id HAVING"
        " coalesce(sum(d.held_microcredits), 0)"
        " <> CASE WHEN h.state = 'refused' THEN 0 ELSE h.amount_microcredits END"
        " OR coalesce(sum(d.settled_microcredits), 0) <> h.charged_microcredits",
        after=BEFORE_ALL_IDS,
    )
    draws = offenders(
        "credits_draw",
        "id",
        "SELECT d.id FROM credits_draw d JOIN credits_hold h ON h.id = d.hold_id"
        " LEFT JOIN credits_transfer r ON r.pending_id = d.transfer_id"
        " WHERE d.id > %s AND d.id <= %s AND ("
        f" (h.state IN {OPEN_SQL}) <> (r.id IS NULL)"
        " OR d.settled_microcredits <> CASE WHEN r.kind = 'post' THEN r.amount ELSE 0 END"
        " OR (r.kind = 'void' AND r.amount <> d.held_microcredits)"
        " OR r.lot_id <> d.lot_id OR r.hold_id <> d.hold_id OR r.debit_account_id <> h.wallet_id)",
    )
    count = number("SELECT count(*) FROM credits_hold WHERE state <> 'refused'")
    title = _("A hold is its draws, and ends once, within its amount.")
    rows = [f"hold {row}" for row in holds] + [f"draw {row}" for row in draws]
    return finding("6", title, _("%d holds") % count, rows)


def one_effect_per_key() -> Finding:
    """A lot has its lines and no others, a hold's lines carry its digest, a refusal has none."""
    grants = offenders(
        "credits_grant",
        "id",
        "SELECT g.id FROM credits_grant g LEFT JOIN credits_transfer t ON t.group_id = g.id"
        " WHERE g.id > %s AND g.id <= %s GROUP BY g.id"
        " HAVING coalesce(sum(t.amount), 0) <> g.amount_microcredits"
        " OR max(t.request_hash) <> g.request_hash OR min(t.request_hash) <> g.request_hash"
        " OR max(t.credit_account_id) <> g.wallet_id OR min(t.credit_account_id) <> g.wallet_id"
        " OR max(t.code) <> CASE WHEN g.source_kind = 'correction' THEN 'correction'"
        " ELSE 'grant' END OR (max(t.code) = 'grant' AND count(t.sequence) <> 1)",
        after=BEFORE_ALL_IDS,
    )
    holds = offenders(
        "credits_transfer",
        "sequence",
        "SELECT t.sequence FROM credits_transfer t JOIN credits_hold h ON h.id = t.hold_id"
        " WHERE t.sequence > %s AND t.sequence <= %s AND (h.state = 'refused'"
        " OR (t.kind = 'pending' AND (t.request_hash <> h.request_hash OR t.group_id <> h.id)))",
    )
    count = number("SELECT (SELECT count(*) FROM credits_hold) + count(*) FROM credits_grant")
    title = _("One key, one effect; a refused key has none.")
    rows = [f"grant {row}" for row in grants] + [f"transfer {row}" for row in holds]
    return finding("7", title, _("%d keys") % count, rows)


def calls_and_holds() -> Iterator[Finding]:
    """Every draw reserves by one pending line, and nobody has forgotten a hold."""
    loose = offenders(
        "credits_draw",
        "id",
        "SELECT d.id FROM credits_draw d LEFT JOIN credits_transfer t ON t.id = d.transfer_id"
        " WHERE d.id > %s AND d.id <= %s AND (t.id IS NULL OR t.kind <> 'pending'"
        " OR t.amount <> d.held_microcredits OR t.lot_id <> d.lot_id OR t.hold_id <> d.hold_id)",
    )
    draws = number("SELECT count(*) FROM credits_draw")
    pending = number("SELECT count(*) FROM credits_transfer WHERE kind = 'pending'")
    rows = [f"draw {row}" for row in loose]
    if draws != pending:
        rows.append(f"{draws} draws, {pending} pending transfers")
    title = _("Every draw has its pending transfer, and the other way round.")
    yield finding("9", title, _("%d draws") % draws, rows)
    overdue = dialect.rows(
        f"SELECT id FROM credits_hold WHERE state IN {OPEN_SQL} AND extends_id IS NULL"
        f" AND deadline_at < %s ORDER BY deadline_at LIMIT {ROWS_NAMED_MAX}",
        dialect.now() - timedelta(seconds=OVERDUE_GRACE_S),
    )
    count = number(f"SELECT count(*) FROM credits_hold WHERE state IN {OPEN_SQL}")
    title = _("No hold has outlived its deadline unseen.")
    named = (f"hold {name_of(row[0])}" for row in overdue)
    yield finding("9", title, _("%d open holds") % count, named)
