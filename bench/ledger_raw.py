"""The same pairs in plain SQL, without our code: what the machine gives at best, or nearly.

    python -m bench.ledger_raw prepare WALLETS
    python -m bench.ledger_raw work THREADS WALLETS PAIRS FIRST

Two transactions a pair, through the driver alone: a wallet's condition, a hold, a draw, a line;
then the same rows as they end. No keys to other tables, no checks, triggers, caps, prices, second
lots or refusals, and nothing is verified. The protocol of `work` is that of `bench.ledger_load`.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.ledger_load import Seen, measure

_TABLES = (
    (
        "CREATE TABLE raw_wallet (id INTEGER PRIMARY KEY, credited BIGINT, debited BIGINT,"
        " pending BIGINT)"
    ),
    "CREATE TABLE raw_lot (id INTEGER PRIMARY KEY, amount BIGINT, used BIGINT, held BIGINT)",
    (
        "CREATE TABLE raw_hold (id VARCHAR(36) PRIMARY KEY, wallet_id INTEGER, amount BIGINT,"
        " charged BIGINT, state VARCHAR(12))"
    ),
    (
        "CREATE TABLE raw_draw (hold_id VARCHAR(36) PRIMARY KEY, lot_id INTEGER, held BIGINT,"
        " settled BIGINT)"
    ),
    (
        "CREATE TABLE raw_line (id VARCHAR(36) PRIMARY KEY, hold_id VARCHAR(36), debit INTEGER,"
        " credit INTEGER, amount BIGINT, kind VARCHAR(8), written_at TIMESTAMP)"
    ),
)
_CREDITED = 10**12
_HELD = 11_250
_USED = 5_000

Run = Callable[..., Any]


class _SQLite:
    """As the product opens it: a log, and each commit on the disk."""

    begin = "BEGIN IMMEDIATE"

    def __init__(self) -> None:
        path = Path(os.environ["BLUEGPT_DATA_DIR"]) / "raw.sqlite3"
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")

    def run(self, sql: str, *items: Any) -> int:
        return self._connection.execute(sql.replace("%s", "?"), items).rowcount

    def close(self) -> None:
        self._connection.close()


class _Postgres:
    """Statements that come back are prepared by the driver, as it does unasked."""

    begin = "BEGIN"

    def __init__(self) -> None:
        import psycopg

        self._connection = psycopg.connect(os.environ["BLUEGPT_DATABASE_URL"], autocommit=True)

    def run(self, sql: str, *items: Any) -> int:
        return self._connection.execute(sql, items).rowcount

    def close(self) -> None:
        self._connection.close()


def _opened() -> _SQLite | _Postgres:
    return _Postgres() if os.environ.get("BLUEGPT_DATABASE_URL") else _SQLite()


def prepare(wallets: int) -> None:
    """Tables, and wallets of one lot."""
    database = _opened()
    for table in _TABLES:
        database.run(table)
    for number in range(wallets):
        database.run("INSERT INTO raw_wallet VALUES (%s, %s, 0, 0)", number, _CREDITED)
        database.run("INSERT INTO raw_lot VALUES (%s, %s, 0, 0)", number, _CREDITED)
    database.close()


def _pairs(count: int, wallets: int, first: int, seen: Seen) -> None:
    database = _opened()
    for number in range(count):
        hold_id, wallet = str(uuid4()), (first + number * 7) % wallets
        begun_s = time.monotonic()
        database.run(database.begin)
        _hold(database.run, hold_id, wallet)
        database.run("COMMIT")
        held_s = time.monotonic()
        database.run(database.begin)
        _settle(database.run, hold_id, wallet)
        database.run("COMMIT")
        seen.hold_s.append(held_s - begun_s)
        seen.settle_s.append(time.monotonic() - held_s)
    database.close()


def _hold(run: Run, hold_id: str, wallet: int) -> None:
    taken = run(
        "UPDATE raw_wallet SET pending = pending + %s"
        " WHERE id = %s AND credited - debited - pending >= %s",
        _HELD,
        wallet,
        _HELD,
    )
    assert taken == 1
    run("INSERT INTO raw_hold VALUES (%s, %s, %s, 0, 'held')", hold_id, wallet, _HELD)
    run("UPDATE raw_lot SET held = held + %s WHERE id = %s", _HELD, wallet)
    run("INSERT INTO raw_draw VALUES (%s, %s, %s, 0)", hold_id, wallet, _HELD)
    _line(run, hold_id, wallet, _HELD, "pending")


def _settle(run: Run, hold_id: str, wallet: int) -> None:
    ended = run(
        "UPDATE raw_hold SET state = 'settled', charged = %s WHERE id = %s AND state = 'held'",
        _USED,
        hold_id,
    )
    assert ended == 1
    run(
        "UPDATE raw_wallet SET pending = pending - %s, debited = debited + %s WHERE id = %s",
        _HELD,
        _USED,
        wallet,
    )
    run("UPDATE raw_lot SET held = held - %s, used = used + %s WHERE id = %s", _HELD, _USED, wallet)
    run("UPDATE raw_draw SET settled = %s WHERE hold_id = %s", _USED, hold_id)
    _line(run, hold_id, wallet, _USED, "post")


def _line(run: Run, hold_id: str, wallet: int, amount: int, kind: str) -> None:
    run(
        "INSERT INTO raw_line VALUES (%s, %s, %s, -11, %s, %s, CURRENT_TIMESTAMP)",
        str(uuid4()),
        hold_id,
        wallet,
        amount,
        kind,
    )


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        threads, wallets, pairs, first = (int(word) for word in sys.argv[2:])
        measure(_pairs, threads=threads, wallets=wallets, pairs=pairs, first=first)
