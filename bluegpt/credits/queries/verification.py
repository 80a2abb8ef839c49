"""Do the books add up? Every invariant of docs/mechanisms/ledger.md, with its figure."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime

from bluegpt.credits.queries import blocks
from bluegpt.credits.queries.checks import books, caps, holds, journal, proofs, statements
from bluegpt.credits.queries.findings import number
from bluegpt.credits.queries.spans import Snapshot
from bluegpt.credits.types import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One look at all books: how far the journal went, what the chain's head was, what was found.

    `head_digest` is empty while nothing was sealed.
    """

    last_sequence: int
    transfer_count: int
    head_digest: str
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return not any(finding.is_broken for finding in self.findings)


def verify() -> Generator[Finding, None, None]:
    """Check the books in one snapshot, in bounded memory, while others go on writing.

    Read it to its end, or close it, before you write: the snapshot stays open until then.
    """
    with Snapshot():
        yield from _checks()


def verify_as_of(instant: datetime) -> Generator[Finding, None, None]:
    """Make the books as they stood before an instant again, from the journal alone.

    What the tables have cached is of now, so it takes no part.
    """
    with Snapshot():
        yield proofs.immutability()
        yield from journal.replayed_as_of(instant)
        yield statements.reproducible(instant)
        yield proofs.chained(instant)


def verified() -> Verified:
    """Check everything, to the end."""
    with Snapshot():
        head = blocks.head()
        return Verified(
            last_sequence=number("SELECT coalesce(max(sequence), 0) FROM credits_transfer"),
            transfer_count=number("SELECT count(*) FROM credits_transfer"),
            head_digest=head.digest if head else "",
            findings=tuple(_checks()),
        )


def _checks() -> Iterator[Finding]:
    yield proofs.immutability()
    yield books.balanced_groups()
    yield books.lots_make_wallets()
    yield books.conservation()
    yield holds.resolutions()
    yield holds.one_effect_per_key()
    yield from holds.calls_and_holds()
    yield caps.caps_count_their_calls()
    yield from journal.replayed()
    yield statements.reproducible()
    yield statements.explained()
    yield proofs.chained()
