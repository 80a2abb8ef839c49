"""Verifying all books and keeping what was found."""

import logging
from dataclasses import asdict

from bluegpt.credits.models import Verification
from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.verification import Verified, verified
from bluegpt.credits.rules.nights import last_night
from bluegpt.credits.services import blocks

_log = logging.getLogger(__name__)


def verify_nightly() -> Verified | None:
    """Verify unless that was done since three in the morning, UTC; None when it was."""
    since = last_night(dialect.now())
    if Verification.objects.filter(started_at__gte=since).exists():
        return None
    return verify_and_keep()


def verify_and_keep() -> Verified:
    """Check every invariant, write down what was found, seal what is new.

    Books that do not add up are said at the highest level of the log, by invariant and rows.
    """
    started_at = dialect.now()
    found = verified()
    Verification.objects.create(
        started_at=started_at,
        finished_at=dialect.now(),
        last_sequence=found.last_sequence,
        transfer_count=found.transfer_count,
        is_sound=found.is_sound,
        findings=[asdict(finding) for finding in found.findings],
        head_digest=found.head_digest,
    )
    for finding in found.findings:
        if finding.is_broken:
            rows = "; ".join(finding.rows)
            _log.critical("the books do not add up: invariant %s: %s", finding.invariant, rows)
    blocks.seal()
    return found
