"""How entries of the staff log hang together: each digest covers the one before it."""

import hashlib
import json

from bluegpt.privacy.types.staff_log import Entry

ROOT = "0" * 64  # what stands before the first entry


def digest_of(entry: Entry) -> str:
    """SHA-256 over the entry, its place and the digest before it, in hexadecimal."""
    act = entry.act
    said = {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": None if act.actor_id is None else str(act.actor_id),
        "verb": act.verb,
        "object": str(act.object_id),
        "facts": dict(sorted(act.facts.items())),
        "previous": entry.previous_digest,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fits(entry: Entry, *, before: Entry | None) -> bool:
    """Whether an entry says what it said when it was written, and follows the one before.

    The oldest entry that is still there has nobody before it: the term of the log has taken them.
    """
    if entry.digest != digest_of(entry):
        return False
    if before is None:
        return entry.number > 1 or entry.previous_digest == ROOT
    return entry.number == before.number + 1 and entry.previous_digest == before.digest
