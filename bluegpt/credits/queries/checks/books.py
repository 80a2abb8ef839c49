"""Lines, lots and sums: does what was issued still exist, or is it known where it went?"""

from collections import defaultdict

from django.utils.translation import gettext as _

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.findings import finding, number, offenders
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS, spans
from bluegpt.credits.rules.chart import CONSUMED, DEBT, ISSUED, Platform
from bluegpt.credits.types import Finding

_PEOPLE = 0  # stands for all their accounts among the platform's numbers
_CORRECTIONS = "correction"  # the source of lots that gave back what a call was charged


def balanced_groups() -> Finding:
    """Both sides of a line are accounts of one ledger, and every group has all its lines."""
    unbalanced = offenders(
        "credits_transfer",
        "sequence",
        "SELECT t.sequence FROM credits_transfer t"
        " LEFT JOIN credits_account d ON d.id = t.debit_account_id"
        " LEFT JOIN credits_account c ON c.id = t.credit_account_id"
        " WHERE t.sequence > %s AND t.sequence <= %s"
        " AND (d.id IS NULL OR c.id IS NULL OR d.ledger <> c.ledger)",
    )
    incomplete = offenders(
        "credits_transfer",
        "group_id",
        "SELECT group_id FROM credits_transfer WHERE group_id > %s AND group_id <= %s"
        " GROUP BY group_id HAVING count(*) <> max(group_size) OR count(*) <> min(group_size)",
        after=BEFORE_ALL_IDS,
    )
    count = number("SELECT count(*) FROM credits_transfer")
    rows = [f"transfer {row}" for row in unbalanced] + [f"group {row}" for row in incomplete]
    title = _("Debits equal credits, and every group of transfers is complete.")
    return finding("1", title, _("%d transfers") % count, rows)


def lots_make_wallets() -> Finding:
    """What the lots of a wallet have left and held is what the wallet has."""
    broken = offenders(
        "credits_account",
        "id",
        "SELECT a.id FROM credits_account a LEFT JOIN credits_grant g ON g.wallet_id = a.id"
        " WHERE a.id > %s AND a.id <= %s AND a.code = 'wallet' GROUP BY a.id"
        " HAVING a.credited - a.debited <> coalesce(sum(g.amount_microcredits"
        " - g.used_microcredits - g.expired_microcredits - g.clawed_back_microcredits), 0)"
        " OR a.pending <> coalesce(sum(g.held_microcredits), 0)",
    )
    count = number("SELECT count(*) FROM credits_grant")
    title = _("The lots of a wallet add up to the wallet.")
    return finding("3", title, _("%d lots") % count, (f"wallet {row}" for row in broken))


def conservation() -> Finding:
    """Issued = in wallets + consumed + breakage + clawback, and each side as the lots tell it."""
    net = _platform_sums()
    lots = _sums_by_category()
    issued = sum(amount for amount, *_parts in lots.values())
    used, expired, clawed_back = (sum(parts[i] for parts in lots.values()) for i in (1, 2, 3))
    corrected = lots[_CORRECTIONS][0]
    absorbed, written_off, given_back = _sums_of_holds()
    owed = number(
        f"SELECT coalesce(sum(debited - credited), 0) FROM credits_account WHERE code = '{DEBT}'"
    )
    losses = net[Platform.OVERRUN_ABSORBED] + net[Platform.IN_DOUBT_WRITEOFF]
    consumed = sum(net[account] for account in CONSUMED.values())
    expectations = {
        "wallets less debts": (net[_PEOPLE], issued - used - expired - clawed_back - owed),
        "consumed": (consumed + losses + corrected, used),
        "breakage": (net[Platform.BREAKAGE], expired),
        "clawback": (net[Platform.CLAWBACK], clawed_back + owed),
        "overrun_absorbed": (-net[Platform.OVERRUN_ABSORBED], absorbed),
        "in_doubt_writeoff": (-net[Platform.IN_DOUBT_WRITEOFF], written_off),
        "corrections": (given_back, corrected),
    } | {
        f"issued:{category}": (-net[account], lots[category][0])
        for category, account in ISSUED.items()
    }
    rows = [
        f"{name}: journal {journal}, tables {told}"
        for name, (journal, told) in expectations.items()
        if journal != told
    ]
    title = _("What was issued is in wallets, consumed, expired or taken back.")
    return finding("4", title, _("%d microcredits issued") % issued, rows)


def _platform_sums() -> defaultdict[int, int]:
    """Net credits by platform account, all of people's under one number, from posted lines."""
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
    """Amount, used, expired, clawed back of all lots, by category; corrections by themselves."""
    sums: defaultdict[str, tuple[int, ...]] = defaultdict(lambda: (0, 0, 0, 0))
    for category, *parts in dialect.rows(
        f"SELECT CASE WHEN source_kind = '{_CORRECTIONS}' THEN source_kind ELSE category END,"
        " sum(amount_microcredits), sum(used_microcredits),"
        " sum(expired_microcredits), sum(clawed_back_microcredits)"
        " FROM credits_grant GROUP BY 1"
    ):
        sums[category] = tuple(int(part) for part in parts)
    return sums


def _sums_of_holds() -> tuple[int, ...]:
    """Microcredits that the platform absorbed and wrote off, and that came back later."""
    found = dialect.row(
        "SELECT coalesce(sum(absorbed_microcredits), 0),"
        " coalesce(sum(written_off_microcredits), 0), coalesce(sum(corrected_microcredits), 0)"
        " FROM credits_hold"
    )
    assert found is not None
    return tuple(int(amount) for amount in found)
