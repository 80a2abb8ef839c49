"""Holds and settlements as fast as they go: one process of the ledger's benchmark.

    python -m bench.ledger_load prepare WALLETS
    python -m bench.ledger_load commits COUNT
    python -m bench.ledger_load work THREADS WALLETS PAIRS FIRST

`work` says "ready" once warm, waits for a line, makes PAIRS pairs and prints what it saw as JSON.
The threads call the ledger as the product's do; FIRST tells the process which wallets are its.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4, uuid5

_PEOPLE = UUID("7d1e8f0a-5c38-4d0c-9a44-0d9b6a1c2e57")
_SKU = "bench/writer"
_LOT_MICROCREDITS = 10**12
_HELD_TOKENS = 4_000
_USED_TOKENS = 1_500
_WARM_UP_PAIRS = 20


@dataclass(slots=True)
class Seen:
    """What one thread measured, in seconds."""

    hold_s: list[float] = field(default_factory=list)
    settle_s: list[float] = field(default_factory=list)


def prepare(wallets: int) -> None:
    """Tables, a price, and people with two lots each: one that ends, one that was paid for."""
    from datetime import timedelta

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    from bluegpt.core import clock
    from bluegpt.credits.services import ledger, price_book
    from bluegpt.credits.types import Category, Meter, Rate

    rates = [
        Rate(
            sku=_SKU,
            meter=meter,
            from_context_tokens=0,
            microcredits_per_million=2_500_000,
            cost_nanousd_per_million=1,
        )
        for meter in (Meter.INPUT, Meter.OUTPUT)
    ]
    price_book.publish(rates=rates, note="benchmark")
    for number in range(wallets):
        for category in (Category.PLAN, Category.PAID):
            ends_at = clock.now() + timedelta(days=30) if category is Category.PLAN else None
            ledger.grant(
                person_id=_person(number),
                category=category,
                amount_microcredits=_LOT_MICROCREDITS,
                source_kind="bench",
                source_id=f"{number}-{category}",
                reason="benchmark",
                expires_at=ends_at,
            )


Pairs = Callable[[int, int, int, Seen], None]


def measure(work: Pairs, *, threads: int, wallets: int, pairs: int, first: int) -> None:
    """Warm up, wait for the word, measure, print."""
    work(_WARM_UP_PAIRS, wallets, first, Seen())
    print("ready", flush=True)
    sys.stdin.readline()
    seen = [Seen() for _thread in range(threads)]
    share = pairs // threads
    running = [
        threading.Thread(target=work, args=(share, wallets, first + number, each))
        for number, each in enumerate(seen)
    ]
    used_s, started_s = time.process_time(), time.monotonic()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    ended_s = time.monotonic()
    result = {
        "started_s": started_s,
        "ended_s": ended_s,
        "cpu_s": time.process_time() - used_s,
        "hold_s": [span for each in seen for span in each.hold_s],
        "settle_s": [span for each in seen for span in each.settle_s],
    }
    print(json.dumps(result), flush=True)


def commits(count: int) -> None:
    """What a commit costs here: one row changed, one at a time. Prints commits per second."""
    from django.db import connection, transaction

    numbers = iter(range(count + 1))

    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Another value each time: SQLite does not write what is there already.
            cursor.execute(
                "UPDATE core_schedule SET next_at = %s WHERE name = 'bench'",
                [f"2026-01-01 00:00:00.{next(numbers):06d}+00:00"],
            )

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_schedule (name, next_at) VALUES ('bench', '2026-01-01 00:00:00')"
        )
    change()
    started_s = time.monotonic()
    for _commit in range(count):
        change()
    print(count / (time.monotonic() - started_s))


def _pairs(count: int, wallets: int, first: int, seen: Seen) -> None:
    from django.db import connections

    from bluegpt.credits.queries import prices
    from bluegpt.credits.services import ledger

    quote = prices.quote(_consumption(_HELD_TOKENS))
    used = _consumption(_USED_TOKENS)
    for number in range(count):
        hold_id = uuid4()
        begun_s = time.monotonic()
        ledger.hold(hold_id=hold_id, person_id=_person((first + number * 7) % wallets), quote=quote)
        held_s = time.monotonic()
        ledger.settle(hold_id=hold_id, consumption=used, usage_source="final")
        seen.hold_s.append(held_s - begun_s)
        seen.settle_s.append(time.monotonic() - held_s)
    connections.close_all()


def _consumption(tokens: int):  # type: ignore[no-untyped-def]
    from bluegpt.credits.types import Consumption, Meter, MeterLine

    lines = (
        MeterLine(meter=Meter.INPUT, quantity=500),
        MeterLine(meter=Meter.OUTPUT, quantity=tokens),
    )
    return Consumption(sku=_SKU, context_tokens=500, lines=lines)


def _person(number: int) -> UUID:
    return uuid5(_PEOPLE, str(number))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluegpt.config.settings")
    django.setup()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    elif sys.argv[1] == "commits":
        commits(int(sys.argv[2]))
    else:
        threads, wallets, pairs, first = (int(word) for word in sys.argv[2:])
        measure(_pairs, threads=threads, wallets=wallets, pairs=pairs, first=first)
