"""`bluegpt ledger …`"""

import argparse

from bluegpt.credits.queries.verification import verify as findings


def verify(_arguments: argparse.Namespace) -> int:
    """Every invariant with its figure, and the rows that break one; 1 when any is broken."""
    broken = 0
    for finding in findings():
        broken += finding.is_broken
        mark = "BROKEN" if finding.is_broken else "ok    "
        print(f"{mark}  {finding.invariant:>3}  {finding.title} {finding.figure}.")
        for row in finding.rows:
            print(f"             {row}")
    print("The books do not add up." if broken else "The books add up.")
    return 1 if broken else 0
