"""What a reading of the journal from its first line shows, for now and for any past instant."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.findings import finding, number, offenders
from bluegpt.credits.queries.replay import Told, read
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS, spans
from bluegpt.credits.rules.chart import CONSUMED, ISSUED, Platform
from bluegpt.credits.types import Finding

_CORRECTED = "corrected"
_OWED = "owed"


def replayed() -> Iterator[Finding]:
    """Invariants 2, 5 and 10, in one reading of the journal."""
    told = read()
    yield _never_overdrawn(told)
    title = _("Cached balances equal the journal, read from its first line.")
    yield finding("5", title, _("%d movements of wallets") % told.lines, told.rows["5"])
    yield _drawn_again(told)


def replayed_as_of(instant: datetime) -> Iterator[Finding]:
    """Invariants 1, 2, 3, 4, 5 and 10 as they stood before an instant, from the journal alone."""
    yield _groups_as_of(instant)
    told = read(instant)
    yield _never_overdrawn(told)
    title = _("The lots of a wallet add up to the wallet.")
    figure = _("%(left)d microcredits in wallets, %(held)d of them held")
    numbers = {"left": told.in_wallets, "held": told.pending}
    yield finding("3", title, figure % numbers, told.rows["3"])
    yield _conservation_as_of(told, instant)
    title = _("Every line of the journal fits what came before it.")
    yield finding("5", title, _("%d movements of wallets") % told.lines, told.rows["5"])
    yield _drawn_again(told)


def _never_overdrawn(told: Told) -> Finding:
    title = _("No wallet was overdrawn at any instant.")
    return finding("2", title, _("%d wallets") % told.wallets, told.rows["2"])


def _drawn_again(told: Told) -> Finding:
    title = _("The burn order, run again, gives the recorded draws.")
    return finding("10", title, _("%d holds drawn again") % told.holds, told.rows["10"])


def _groups_as_of(instant: datetime) -> Finding:
    """A group is written at one instant: it is before another one with all its lines, or not."""
    incomplete = offenders(
        "credits_transfer",
        "group_id",
        "SELECT group_id FROM credits_transfer WHERE group_id > %s AND group_id <= %s"
        " AND created_at < %s"
        " GROUP BY group_id HAVING count(*) <> max(group_size) OR count(*) <> min(group_size)",
        instant,
        after=BEFORE_ALL_IDS,
    )
    count = number("SELECT count(*) FROM credits_transfer WHERE created_at < %s", instant)
    title = _("Debits equal credits, and every group of transfers is complete.")
    return finding("1", title, _("%d transfers") % count, (f"group {row}" for row in incomplete))


def _conservation_as_of(told: Told, instant: datetime) -> Finding:
    """The platform's side of every line against the lots that the wallets' side built."""
    net = _sums_before(instant)
    parts = [sum(column) for column in zip(*told.parts.values(), strict=True)]
    granted, used, _held, expired, clawed_back = parts
    issued = -sum(net[account] for account in ISSUED.values())
    losses = net[Platform.OVERRUN_ABSORBED] + net[Platform.IN_DOUBT_WRITEOFF]
    consumed = sum(net[account] for account in CONSUMED.values())
    expectations = {
        "issued": (issued + net[_CORRECTED], granted),
        "consumed": (consumed + losses + net[_CORRECTED], used),
        "breakage": (net[Platform.BREAKAGE], expired),
        "clawback": (net[Platform.CLAWBACK], clawed_back + net[_OWED]),
        "wallets": (told.in_wallets, granted - used - expired - clawed_back),
    }
    rows = [
        f"{name}: journal {journal}, lots {lots}"
        for name, (journal, lots) in expectations.items()
        if journal != lots
    ]
    title = _("What was issued is in wallets, consumed, expired or taken back.")
    return finding("4", title, _("%d microcredits issued") % issued, rows)


def _sums_before(instant: datetime) -> defaultdict[int | str, int]:
    """Net credits by platform account, what was corrected, and what people owe."""
    net: defaultdict[int | str, int] = defaultdict(int)
    for low, high in spans("credits_transfer", "sequence"):
        for debit, credit, kind, code, amount in dialect.rows(
            "SELECT CASE WHEN debit_account_id > 0 THEN 0 ELSE debit_account_id END,"
            " CASE WHEN credit_account_id > 0 THEN 0 ELSE credit_account_id END, kind, code,"
            " sum(amount) FROM credits_transfer WHERE sequence > %s AND sequence <= %s"
            " AND kind IN ('normal', 'post', 'correct') AND created_at < %s GROUP BY 1, 2, 3, 4",
            low,
            high,
            instant,
        ):
            net[debit] -= int(amount)
            net[credit] += int(amount)
            if kind == "correct":
                net[_CORRECTED] += int(amount)
            if code in ("debt", "repayment"):
                net[_OWED] += int(amount) if code == "debt" else -int(amount)
    return net
