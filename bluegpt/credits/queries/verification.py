"""Do the books add up? Every invariant of docs/mechanisms/ledger.md, with its figure."""

from collections.abc import Iterator

from bluegpt.credits.queries import checks
from bluegpt.credits.queries.replay import replay
from bluegpt.credits.queries.spans import Snapshot
from bluegpt.credits.types import Finding


def verify() -> Iterator[Finding]:
    """Check the books in one snapshot, in bounded memory, while others go on writing.

    Read it to its end before you write: the snapshot stays open until then.
    """
    with Snapshot():
        yield checks.immutability()
        yield checks.balanced_groups()
        yield checks.lots_make_wallets()
        yield checks.conservation()
        yield checks.resolutions()
        yield checks.one_effect_per_key()
        yield from checks.calls_and_holds()
        yield from replay()
