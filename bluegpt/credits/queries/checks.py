"""The checks of the books that the database can do by itself, span by span."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.holds import OPEN_SQL
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS, spans
from bluegpt.credits.rules.chart import CONSUMED, ISSUED, Platform
from bluegpt.credits.rules.deadlines import OVERDUE_GRACE_S
from bluegpt.credits.types import Finding

ROWS_NAMED_MAX = 20
_WALLETS = 0  # stands for all of them among the platform's numbers

_IMMUTABLE_TRIGGERS = 6
_TRIGGERS = {
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'credits%%' AND"
    " (tgname LIKE '%%no_update' OR tgname LIKE '%%no_delete') AND tgenabled <> 'D'",
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    " AND name LIKE 'credits%%' AND (name LIKE '%%no_update' OR name LIKE '%%no_delete')",
}


def finding(invariant: str, title: str, figure: str, rows: Iterable[str]) -> Finding:
    """A finding that is broken when it names rows; the first ones are kept."""
    named = tuple(rows)
    return Finding(
        invariant=invariant,
        title=title,
        figure=figure,
        is_broken=bool(named),
        rows=named[:ROWS_NAMED_MAX],
    )


def immutability() -> Finding:
    """The triggers stand: nothing below means much without them."""
    count = _number(_TRIGGERS[connection.vendor])
    rows = [] if count >= _IMMUTABLE_TRIGGERS else [f"{count} of {_IMMUTABLE_TRIGGERS} triggers"]
    title = _("The journal and the price book cannot be edited.")
    return finding("0", title, _("%d triggers") % count, rows)


def balanced_groups() -> Finding:
    """Both sides of a line are accounts of one ledger, and every group has all its lines."""
    unbalanced = _offenders(
        "credits_transfer",
        "sequence",
        "SELECT t.sequence FROM credits_transfer t"
        " LEFT JOIN credits_account d ON d.id = t.debit_account_id"
        " LEFT JOIN credits_account c ON c.id = t.credit_account_id"
        " WHERE t.sequence > %s AND t.sequence <= %s"
        " AND (d.id IS NULL OR c.id IS NULL OR d.ledger <> c.ledger)",
    )
    incomplete = _offenders(
        "credits_transfer",
        "group_id",
        "SELECT group_id FROM credits_transfer WHERE group_id > %s AND group_id <= %s"
        " GROUP BY group_id HAVING count(*) <> max(group_size) OR count(*) <> min(group_size)",
        after=BEFORE_ALL_IDS,
    )
    count = _number("SELECT count(*) FROM credits_transfer")
    rows = [f"transfer {row}" for row in unbalanced] + [f"group {row}" for row in incomplete]
    title = _("Debits equal credits, and every group of transfers is complete.")
    return finding("1", title, _("%d transfers") % count, rows)


def lots_make_wallets() -> Finding:
    """What the lots of a wallet have left and held is what the wallet has."""
    broken = _offenders(
        "credits_account",
        "id",
        "SELECT a.id FROM credits_account a LEFT JOIN credits_grant g ON g.wallet_id = a.id"
        " WHERE a.id > %s AND a.id <= %s AND a.code = 'wallet' GROUP BY a.id"
        " HAVING a.credited - a.debited <> coalesce(sum(g.amount_microcredits"
        " - g.used_microcredits - g.expired_microcredits - g.clawed_back_microcredits), 0)"
        " OR a.pending <> coalesce(sum(g.held_microcredits), 0)",
    )
    count = _number("SELECT count(*) FROM credits_grant")
    title = _("The lots of a wallet add up to the wallet.")
    return finding("3", title, _("%d lots") % count, (f"wallet {row}" for row in broken))


def conservation() -> Finding:
    """Issued = in wallets + consumed + breakage + clawback, and each side as the lots tell it."""
    net = _platform_sums()
    lots = _sums_by_category()
    issued = sum(amount for amount, *_parts in lots.values())
    used, expired, clawed_back = (sum(parts[i] for parts in lots.values()) for i in (1, 2, 3))
    losses = net[Platform.OVERRUN_ABSORBED] + net[Platform.IN_DOUBT_WRITEOFF]
    consumed = sum(net[account] for account in CONSUMED.values())
    expectations = {
        "wallets": (net[_WALLETS], issued - used - expired - clawed_back),
        "consumed": (consumed + losses, used),
        "breakage": (net[Platform.BREAKAGE], expired),
        "clawback": (net[Platform.CLAWBACK], clawed_back),
        "overrun_absorbed": (
            -net[Platform.OVERRUN_ABSORBED],
            _number("SELECT coalesce(sum(absorbed_microcredits), 0) FROM credits_hold"),
        ),
    } | {
        f"issued:{category}": (-net[account], lots[category][0])
        for category, account in ISSUED.items()
    }
    rows = [
        f"{name}: journal {journal}, lots {told}"
        for name, (journal, told) in expectations.items()
        if journal != told
    ]
    title = _("What was issued is in wallets, consumed, expired or taken back.")
    return finding("4", title, _("%d microcredits issued") % issued, rows)


def resolutions() -> Finding:
    """Draws make the hold, what is settled fits in, and an end is reached once and in full."""
    holds = _offenders(
        "credits_hold",
        "id",
        "SELECT h.id FROM credits_hold h LEFT JOIN credits_draw d ON d.hold_id = h.id"
        " WHERE h.id > %s AND h.id <= %s GROUP BY h.id HAVING"
        " coalesce(sum(d.held_microcredits), 0)"
        " <> CASE WHEN h.state = 'refused' THEN 0 ELSE h.amount_microcredits END"
        " OR coalesce(sum(d.settled_microcredits), 0) <> h.charged_microcredits",
        after=BEFORE_ALL_IDS,
    )
    draws = _offenders(
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
    count = _number("SELECT count(*) FROM credits_hold WHERE state <> 'refused'")
    title = _("A hold is its draws, and ends once, within its amount.")
    rows = [f"hold {row}" for row in holds] + [f"draw {row}" for row in draws]
    return finding("6", title, _("%d holds") % count, rows)


def one_effect_per_key() -> Finding:
    """A grant has one line of its content, a hold's lines carry its digest, a refusal has none."""
    grants = _offenders(
        "credits_grant",
        "id",
        "SELECT g.id FROM credits_grant g LEFT JOIN credits_transfer t ON t.group_id = g.id"
        " WHERE g.id > %s AND g.id <= %s GROUP BY g.id HAVING count(t.sequence) <> 1"
        " OR max(t.amount) <> g.amount_microcredits OR max(t.request_hash) <> g.request_hash"
        " OR max(t.credit_account_id) <> g.wallet_id OR max(t.code) <> 'grant'",
        after=BEFORE_ALL_IDS,
    )
    holds = _offenders(
        "credits_transfer",
        "sequence",
        "SELECT t.sequence FROM credits_transfer t JOIN credits_hold h ON h.id = t.hold_id"
        " WHERE t.sequence > %s AND t.sequence <= %s AND (h.state = 'refused'"
        " OR (t.kind = 'pending' AND (t.request_hash <> h.request_hash OR t.group_id <> h.id)))",
    )
    count = _number("SELECT (SELECT count(*) FROM credits_hold) + count(*) FROM credits_grant")
    title = _("One key, one effect; a refused key has none.")
    rows = [f"grant {row}" for row in grants] + [f"transfer {row}" for row in holds]
    return finding("7", title, _("%d keys") % count, rows)


def calls_and_holds() -> Iterator[Finding]:
    """Every draw reserves by one pending line, and nobody has forgotten a hold."""
    loose = _offenders(
        "credits_draw",
        "id",
        "SELECT d.id FROM credits_draw d LEFT JOIN credits_transfer t ON t.id = d.transfer_id"
        " WHERE d.id > %s AND d.id <= %s AND (t.id IS NULL OR t.kind <> 'pending'"
        " OR t.amount <> d.held_microcredits OR t.lot_id <> d.lot_id OR t.hold_id <> d.hold_id)",
    )
    draws = _number("SELECT count(*) FROM credits_draw")
    pending = _number("SELECT count(*) FROM credits_transfer WHERE kind = 'pending'")
    rows = [f"draw {row}" for row in loose]
    if draws != pending:
        rows.append(f"{draws} draws, {pending} pending transfers")
    title = _("Every draw has its pending transfer, and the other way round.")
    yield finding("9", title, _("%d draws") % draws, rows)
    overdue = dialect.rows(
        f"SELECT id FROM credits_hold WHERE state IN {OPEN_SQL} AND deadline_at < %s"
        f" ORDER BY deadline_at LIMIT {ROWS_NAMED_MAX}",
        dialect.now() - timedelta(seconds=OVERDUE_GRACE_S),
    )
    count = _number(f"SELECT count(*) FROM credits_hold WHERE state IN {OPEN_SQL}")
    title = _("No hold has outlived its deadline unseen.")
    named = (f"hold {_name(row[0])}" for row in overdue)
    yield finding("9", title, _("%d open holds") % count, named)


def _offenders(table: str, column: str, sql: str, *, after: Any = 0) -> list[str]:
    """Names of the rows that a check finds, walking `column` span by span; the first ones only."""
    named: list[str] = []
    for low, high in spans(table, column, after=after):
        found = dialect.rows(f"{sql} LIMIT {ROWS_NAMED_MAX}", low, high)
        named += [_name(row[0]) for row in found]
        if len(named) >= ROWS_NAMED_MAX:
            break
    return named


def _name(value: Any) -> str:
    return str(value if isinstance(value, int) else dialect.uuid(value))


def _number(sql: str) -> int:
    found = dialect.row(sql)
    assert found is not None
    return int(found[0])


def _platform_sums() -> defaultdict[int, int]:
    """Net credits by platform account, all wallets under one number, from posted lines."""
    net: defaultdict[int, int] = defaultdict(int)
    for low, high in spans("credits_transfer", "sequence"):
        for debit, credit, amount in dialect.rows(
            "SELECT CASE WHEN debit_account_id > 0 THEN 0 ELSE debit_account_id END,"
            " CASE WHEN credit_account_id > 0 THEN 0 ELSE credit_account_id END, sum(amount)"
            " FROM credits_transfer WHERE sequence > %s AND sequence <= %s"
            " AND kind IN ('normal', 'post', 'correct') GROUP BY 1, 2",
            low,
            high,
        ):
            net[debit] -= int(amount)
            net[credit] += int(amount)
    return net


def _sums_by_category() -> defaultdict[str, tuple[int, ...]]:
    """Amount, used, expired, clawed back of all lots, by category."""
    sums: defaultdict[str, tuple[int, ...]] = defaultdict(lambda: (0, 0, 0, 0))
    for category, *parts in dialect.rows(
        "SELECT category, sum(amount_microcredits), sum(used_microcredits),"
        " sum(expired_microcredits), sum(clawed_back_microcredits)"
        " FROM credits_grant GROUP BY category"
    ):
        sums[category] = tuple(int(part) for part in parts)
    return sums
