"""The manifest before it is understood: nested tables, merged, and named by their digest."""

import hashlib
import json
from collections.abc import Mapping, Set
from datetime import date
from typing import Any

# By chapter, what proves its entries and promises nothing.
PROOF = {
    "clauses": frozenset({"status", "mechanism", "tests", "evidence", "absent"}),
    "measures": frozenset({"probe"}),
}


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`below` with what `above` says laid over it: tables merge, anything else is replaced."""
    result = dict(below)
    for key, value in above.items():
        known = result.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            result[key] = merged(known, value)
        else:
            result[key] = value
    return result


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """One spelling per content: sorted keys, no spaces, dates as ISO 8601, UTF-8."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal: the version of the policy."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def promised(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what proves its clauses and probes its measures.

    A version of the policy is what it promises: a test that gets another name, or a proof that is
    added, changes no promise and makes no new version.
    """
    kept = dict(document)
    for name, proof in PROOF.items():
        chapter = document.get(name)
        if isinstance(chapter, Mapping):
            kept[name] = {key: _unproved(entry, proof) for key, entry in chapter.items()}
    return kept


def _unproved(entry: Any, proof: Set[str]) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    return {key: value for key, value in entry.items() if key not in proof}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a manifest holds no {type(value).__name__}")
