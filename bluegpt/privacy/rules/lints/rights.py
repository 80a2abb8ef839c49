"""What the chapter on rights must satisfy: no longer term, no freer refusal than the law has."""

from collections.abc import Iterator

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import Manifest
from bluegpt.privacy.types.rights import Right, RightFacts, Rights

# Source: GDPR, Art. 12(3).
TERM = Duration(months=1)
EXTENSION_MONTHS_MAX = 2
# A consent taken back needs no examination: only who asks may be in doubt.
_WITHDRAWAL_GROUNDS = ("identity_not_shown",)


def findings(policy: Manifest) -> Iterator[str]:
    """Every broken rule of the chapter, a sentence each."""
    chapter = policy.rights
    for right in Right:
        if right not in chapter.rights:
            yield f"rights: {right} is not described"
    for facts in chapter.rights.values():
        yield from _right(facts, chapter)
    used = {code for facts in chapter.rights.values() for code in facts.refusals}
    for code in sorted(set(chapter.refusals) - used):
        yield f"rights.refusals.{code}: no right names it"


def _right(facts: RightFacts, chapter: Rights) -> Iterator[str]:
    name = f"rights.rights.{facts.key}"
    if facts.term != TERM:
        yield f"{name}: term is one month, P1M (GDPR, Art. 12(3))"
    extension = facts.extension
    if extension.years or extension.days or extension.months > EXTENSION_MONTHS_MAX:
        yield f"{name}: extension is at most P2M, once (C8)"
    for code in facts.refusals:
        if code not in chapter.refusals:
            yield f"{name}: the ground {code!r} is not described"
    if facts.key is Right.WITHDRAWAL:
        if not facts.self_service:
            yield f"{name}: taking back a consent is as easy as giving it (C7)"
        if facts.refusals != _WITHDRAWAL_GROUNDS:
            yield f"{name}: taking back a consent cannot be refused (GDPR, Art. 7(3))"
