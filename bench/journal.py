"""A journal of a given size, made by the database itself, and how long its verification takes.

    python -m bench.journal TRANSFERS

Wallets of 50 calls each: a lot, and for each call a hold, a draw, a pending line and its post.
The calls of all wallets come in turns, as they do in life. Prints seconds of making and of
verifying, and the size of the books in bytes.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

CALLS_PER_WALLET = 50
TRANSFERS_PER_WALLET = 1 + 2 * CALLS_PER_WALLET
_HELD, _USED = 1_000, 400
_SINCE = 1_767_225_600  # 2026-01-01, in seconds since 1970
# Numbers of rows become ids; the kinds of rows are told apart by where they begin.
_LOTS, _HOLDS, _PENDING, _POSTS, _GROUPS, _PEOPLE = (kind * 10**12 for kind in range(1, 7))

_SPELLINGS = {
    "sqlite": {
        "id": "printf('%%032x', {0})",
        "at": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', {0} / 1000.0, 'unixepoch') || '000'",
        "numbers": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
        " WHERE i + 1 < {0})",
    },
    "postgresql": {
        "id": "lpad(to_hex(({0})::bigint), 32, '0')::uuid",
        "at": "to_timestamp({0} / 1000.0)",
        "numbers": "WITH n(i) AS (SELECT generate_series(0, {0} - 1))",
    },
}


def fill(transfers: int) -> int:
    """Write the books; the number of transfers, whole wallets at a time."""
    from django.db import connection

    from bluegpt.credits.services.accounts import open_platform_accounts

    wallets = max(1, transfers // TRANSFERS_PER_WALLET)
    open_platform_accounts()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Made once and measured afterwards: nothing here has to survive a power cut.
            cursor.execute("PRAGMA synchronous=OFF")
        for sql in _statements(connection.vendor, wallets):
            cursor.execute(sql, [])
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    return wallets * TRANSFERS_PER_WALLET


def _statements(vendor: str, wallets: int) -> list[str]:
    """Accounts, lots, holds, draws and the journal, in the order in which they refer."""
    spell = _SPELLINGS[vendor]
    calls = wallets * CALLS_PER_WALLET
    spent = CALLS_PER_WALLET * _USED
    lot_amount = CALLS_PER_WALLET * _HELD
    each_wallet = spell["numbers"].format(wallets)
    each_call = spell["numbers"].format(calls)
    each_line = spell["numbers"].format(2 * calls)
    wallet = f"(1 + i %% {wallets})"
    call, is_post = "(i / 2)", "(i %% 2)"

    def id_of(start: int, number: str) -> str:
        return spell["id"].format(f"{start} + {number}")

    def at(line: str) -> str:
        return spell["at"].format(f"({_SINCE}000 + {line})")

    lot = id_of(_LOTS, f"{call} %% {wallets}")
    granted, held = at("i"), at(f"{wallets} + 2 * i")
    accounts = (
        f"INSERT INTO credits_account (id, ledger, code, owner_id, credited, debited, pending,"
        f" created_at) {each_wallet} SELECT i + 1, 'credits', 'wallet', {id_of(_PEOPLE, 'i')},"
        f" {lot_amount}, {spent}, 0, {granted} FROM n"
    )
    lots = (
        f"INSERT INTO credits_grant (id, wallet_id, category, amount_microcredits,"
        f" used_microcredits, held_microcredits, expired_microcredits, clawed_back_microcredits,"
        f" priority, effective_at, source_kind, source_id, request_hash, paid_minor_units,"
        f" paid_currency, reason, author, created_at) {each_wallet} SELECT {id_of(_LOTS, 'i')},"
        f" i + 1, 'plan', {lot_amount}, {spent}, 0, 0, 0, 50, {granted}, 'bench',"
        f" 'wallet ' || i, 'bench', 0, '', 'benchmark', '', {granted} FROM n"
    )
    holds = (
        f"INSERT INTO credits_hold (id, person_id, wallet_id, amount_microcredits,"
        f" price_version_id, product, sku, request_hash, state, deadline_at,"
        f" charged_microcredits, absorbed_microcredits, corrected_microcredits,"
        f" written_off_microcredits, usage_source, consumption, settled_context_tokens, reason,"
        f" created_at, resolved_at) {each_call} SELECT {id_of(_HOLDS, 'i')},"
        f" {id_of(_PEOPLE, f'i %% {wallets}')}, {wallet}, {_HELD}, 1, 'chat', 'bench/writer',"
        f" 'bench', 'settled', {held}, {_USED}, 0, 0, 0, 'final', '{{\"output\":{_USED}}}', 0, '',"
        f" {held}, {held} FROM n"
    )
    draws = (
        f"INSERT INTO credits_draw (hold_id, lot_id, position, held_microcredits,"
        f" settled_microcredits, transfer_id) {each_call} SELECT {id_of(_HOLDS, 'i')},"
        f" {id_of(_LOTS, f'i %% {wallets}')}, 0, {_HELD}, {_USED}, {id_of(_PENDING, 'i')} FROM n"
    )
    grants = (
        f"{_LINES} {each_wallet} SELECT i + 1, {id_of(_LOTS, 'i')}, {id_of(_LOTS, 'i')}, 1, -1,"
        f" i + 1, {lot_amount}, 'grant', 'normal', NULL, {id_of(_LOTS, 'i')}, NULL,"
        f" 'bench', '', '', '', {granted}, {granted} FROM n"
    )
    lines = (
        f"{_LINES} {each_line} SELECT {wallets} + 1 + i,"
        f" CASE {is_post} WHEN 1 THEN {id_of(_POSTS, call)} ELSE {id_of(_PENDING, call)} END,"
        f" CASE {is_post} WHEN 1 THEN {id_of(_GROUPS, call)} ELSE {id_of(_HOLDS, call)} END, 1,"
        f" 1 + {call} %% {wallets}, -11,"
        f" CASE {is_post} WHEN 1 THEN {_USED} ELSE {_HELD} END, 'usage',"
        f" CASE {is_post} WHEN 1 THEN 'post' ELSE 'pending' END,"
        f" CASE {is_post} WHEN 1 THEN {id_of(_PENDING, call)} END, {lot},"
        f" {id_of(_HOLDS, call)}, 'bench', '', '', '', {at(f'{wallets} + i')},"
        f" {at(f'{wallets} + i')} FROM n ORDER BY i"
    )
    return [accounts, lots, holds, draws, grants, lines]


_LINES = (
    "INSERT INTO credits_transfer (sequence, id, group_id, group_size, debit_account_id,"
    " credit_account_id, amount, code, kind, pending_id, lot_id, hold_id, request_hash,"
    " reference, author, reason, created_at, effective_at)"
)


def verify() -> None:
    """Run every check. Raises AssertionError when one of them finds something."""
    from bluegpt.credits.queries.verification import verify as findings

    broken = [finding for finding in findings() if finding.is_broken]
    assert not broken, broken


def size_bytes() -> int:
    """What the books take on disk."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def main(arguments: Sequence[str]) -> None:
    """Make the tables, fill them, verify; print transfers, both times and the size."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    started_s = time.monotonic()
    transfers = fill(int(arguments[0]))
    filled_s = time.monotonic()
    verify()
    verified_s = time.monotonic()
    print(transfers, filled_s - started_s, verified_s - filled_s, size_bytes())


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluegpt.config.settings")
    django.setup()
    main(sys.argv[1:])
