"""The ledger: pairs of hold and settlement per second, how long each waits, how fast it verifies.

    make bench-ledger                              4,000 pairs a case; 1, 5 and 10 million lines
    python -m bench.ledger --pairs 800 --lines 100000 200000

Rates depend on who else uses the machine; the processor time of a pair hardly does. The first
line of each table is what a commit costs there, to read the others as ratios within one run.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench import databases
from bench.databases import Environment
from bench.figures import percentile, table

PAIRS = 4_000
LINES = (1_000_000, 5_000_000, 10_000_000)
WALLETS = 128
_COMMITS = 400

# What others report, and what a plain program reached on a machine like this one, to read ours
# beside. Each with its conditions: none of them is this run.
_ELSEWHERE = [
    ["TigerBeetle", "10^6 transfers/s, a design goal", "vendor; batches of up to 8,190, one core"],
    ["TigerBeetle / PostgreSQL", "48 k/s / 3.4 k/s", "third party; one Mac mini M4"],
    ["pgledger (PL/pgSQL)", "10 k/s; hot accounts 7.5 k/s", "author; M3 laptop, PostgreSQL 17"],
    ["Django + PostgreSQL, one hot row", "289 updates/s alone", "2023 blog; laptop"],
    ["raw SQLite, 1 writer", "800-1,250 pairs/s", "2 vCPU; WAL, FULL; 2 transactions a pair"],
    ["raw SQLite, 8 writers", "1,300-1,400 pairs/s, worst 4-5 s", "same"],
    ["raw PostgreSQL 15, 1 client", "230-280 pairs/s", "same 2 vCPU, untuned, local"],
    ["raw PostgreSQL 15, 8 clients", "650-760 pairs/s", "same"],
    ["raw PostgreSQL 15, one wallet", "170-220 pairs/s, p99 280-410 ms", "same"],
    ["Django ORM, SQLite", "420/s alone; 381/s with 8, worst 5 s", "same 2 vCPU, simpler tables"],
    ["Django ORM, PostgreSQL", "156/s alone; 284/s with 8", "same 2 vCPU, simpler tables"],
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One load. `pairs` in all, whatever the number of writers."""

    processes: int
    threads: int
    wallets: int

    @property
    def name(self) -> str:
        if self.processes > 1:
            return f"{self.processes} processes"
        return f"{self.threads} thread{'s' if self.threads > 1 else ''}"


CASES = [
    Case(processes=processes, threads=threads, wallets=wallets)
    for processes, threads in ((1, 1), (1, 8), (8, 1))
    for wallets in (1, WALLETS)
]
_KINDS: dict[str, Callable[[], AbstractContextManager[Environment]]] = {
    "SQLite": databases.sqlite,
    "PostgreSQL": databases.postgres,
}


def run() -> None:
    """Everything, at the sizes that are to lie on a straight line."""
    loads(PAIRS)
    verification(LINES)


def loads(pairs: int) -> None:
    """Each case on each database, and the figures to read them beside."""
    for kind, database in _KINDS.items():
        if kind == "PostgreSQL" and not databases.has_postgres():
            print(f"\nPostgreSQL does not answer at {databases.POSTGRES}: left out")
            continue
        rows = []
        with database() as environment:
            _module(environment, "bench.ledger_load", "prepare", str(WALLETS))
            commits = _module(environment, "bench.ledger_load", "commits", str(_COMMITS))
            _module(environment, "bench.ledger_raw", "prepare", str(WALLETS))
            for case in CASES:
                ours = measured(case, environment, pairs)
                plain = measured(case, environment, pairs, module="bench.ledger_raw")
                rows.append(_row(case, ours, plain, float(commits)))
        table(
            f"{kind}: {pairs:,} pairs of hold and settlement; milliseconds."
            f" A commit of one row, alone: {float(commits):,.0f}/s",
            ["writers", "wallets", "pairs/s", "per commit", "plain SQL", "ratio", "cpu"]
            + [f"{step} {what}" for step in ("pair", "hold", "settle") for what in _COLUMNS],
            rows,
        )
    table("Elsewhere", ["system", "figure", "conditions"], _ELSEWHERE)


_COLUMNS = ("p50", "p99", "worst")


def verification(sizes: Sequence[int]) -> None:
    """How long it takes to verify books of some sizes: per line it should stay the same."""
    for kind, database in _KINDS.items():
        if kind == "PostgreSQL" and not databases.has_postgres():
            continue
        rows = []
        for size in sizes:
            with database() as environment:
                words = _module(environment, "bench.journal", str(size)).split()
            lines, made_s, verified_s, size_bytes = (float(word) for word in words)
            rows.append(
                [
                    f"{lines:,.0f}",
                    f"{verified_s:,.1f}",
                    f"{verified_s / lines * 1e9:,.0f}",
                    f"{size_bytes / lines:,.0f}",
                    f"{made_s:,.1f}",
                ]
            )
        table(
            f"{kind}: verification of every invariant",
            ["lines", "seconds", "ns per line", "bytes per line", "made in seconds"],
            rows,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Pairs per second, processor seconds of our own processes, and the seconds of each step."""

    rate: float
    cpu_s: float
    holds_s: list[float]
    settlements_s: list[float]

    @property
    def pairs_s(self) -> list[float]:
        return [a + b for a, b in zip(self.holds_s, self.settlements_s, strict=True)]


def measured(
    case: Case, environment: Environment, pairs: int, *, module: str = "bench.ledger_load"
) -> Measured:
    """Run one load to its end."""
    share = pairs // case.processes
    running = [
        subprocess.Popen(
            [sys.executable, "-m", module, "work"]
            + [str(n) for n in (case.threads, case.wallets, share, number * 11)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        for number in range(case.processes)
    ]
    try:
        for each in running:
            _line(each)
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        seen = [json.loads(_line(each)) for each in running]
    finally:
        for each in running:
            each.communicate()
    elapsed_s = max(one["ended_s"] for one in seen) - min(one["started_s"] for one in seen)
    holds = [span for one in seen for span in one["hold_s"]]
    settlements = [span for one in seen for span in one["settle_s"]]
    return Measured(
        rate=len(holds) / elapsed_s,
        cpu_s=sum(one["cpu_s"] for one in seen),
        holds_s=holds,
        settlements_s=settlements,
    )


def _row(case: Case, found: Measured, plain: Measured, commits: float) -> list[str]:
    cells = [case.name, f"{case.wallets:,}", f"{found.rate:,.0f}", f"{found.rate / commits:.2f}"]
    cells += [f"{plain.rate:,.0f}", f"{found.rate / plain.rate:.2f}"]
    cells.append(f"{found.cpu_s / len(found.holds_s) * 1_000:.2f}")
    for of_step in (found.pairs_s, found.holds_s, found.settlements_s):
        for value in (percentile(of_step, 0.5), percentile(of_step, 0.99), max(of_step)):
            cells.append(f"{value * 1_000:.1f}")
    return cells


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the benchmark ended early")
    return line


def _module(environment: Environment, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def main(arguments: Sequence[str]) -> None:
    """Measure at sizes of one's own; no lines, no verification."""
    parser = argparse.ArgumentParser(prog="bench.ledger")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs per case; 0: no load")
    parser.add_argument("--lines", type=int, nargs="*", default=LINES, help="sizes of journals")
    chosen = parser.parse_args(arguments)
    if chosen.pairs:
        loads(chosen.pairs)
    if chosen.lines:
        verification(chosen.lines)


if __name__ == "__main__":
    main(sys.argv[1:])
