"""`bluegpt ledger …`"""

import argparse
from collections.abc import Generator
from contextlib import closing
from datetime import datetime

from bluegpt.core import clock
from bluegpt.credits.queries.verification import verify as findings
from bluegpt.credits.queries.verification import verify_as_of
from bluegpt.credits.types import Finding
from bluegpt.ops.errors import Complaint

_NOT_HERE = (
    ("absent", "8", "There are no invoices, so no captured payment to compare them with."),
    ("absent", "11", "There are no invoices, so no series of numbers."),
    ("aside ", "12", "Our counts are compared with providers' reports day by day, not here."),
)


def verify(arguments: argparse.Namespace) -> int:
    """Every invariant with its figure; 1 at the first that is broken, with the rows that break it.

    With `--all` the rest is checked as well. `--as-of` makes the books of a past instant again.
    """
    broken = 0
    with closing(_findings(arguments.as_of)) as found:
        for finding in found:
            broken += finding.is_broken
            mark = "BROKEN" if finding.is_broken else "ok    "
            print(f"{mark}  {finding.invariant:>5}  {finding.title} {finding.figure}.", flush=True)
            for row in finding.rows:
                print(f"               {row}")
            if broken and not arguments.all:
                print("What comes after was not checked; --all checks it.")
                break
    for mark, invariant, sentence in _NOT_HERE:
        print(f"{mark}  {invariant:>5}  {sentence}")
    print("The books do not add up." if broken else "The books add up.")
    return 1 if broken else 0


def _findings(as_of: datetime | None) -> Generator[Finding, None, None]:
    if as_of is None:
        return findings()
    if as_of > clock.now():
        raise Complaint("Nobody knows the books of an instant that has not come yet.")
    return verify_as_of(as_of)
