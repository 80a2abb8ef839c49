"""Who and what is new, and whether two people have agreed to it."""

from functools import lru_cache

from django.conf import settings

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.onboarding import NotTakenOn, UnknownNewcomer
from bluegpt.privacy.models import OnboardingApproval
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import documents
from bluegpt.privacy.rules import onboarding as rules
from bluegpt.privacy.types.onboarding import Approval, Chapter, Newcomer, NewcomerView


def newcomers() -> tuple[Newcomer, ...]:
    """Every entry of the policy in force that is not as it was packaged and checked."""
    return tuple(_newcomers(manifest().digest).values())


def newcomer(subject: str, *, facts_sha256: str) -> Newcomer:
    """One of them, with the facts that somebody read. Raises UnknownNewcomer."""
    found = _newcomers(manifest().digest).get(subject)
    if found is None or found.facts_sha256 != facts_sha256:
        raise UnknownNewcomer
    return found


def views() -> tuple[NewcomerView, ...]:
    """Every newcomer with its questions and approvals."""
    return tuple(_view(each) for each in newcomers())


def check_taken_on(*, purpose: str, recipient: str) -> None:
    """Raise NotTakenOn when either is new and not approved by two.

    Costs nothing for what was packaged, nor for what was seen approved before: an approval is
    written once, and names the facts that it was given for.
    """
    known = _newcomers(manifest().digest)
    for subject in (f"{Chapter.PURPOSES}.{purpose}", f"{Chapter.RECIPIENTS}.{recipient}"):
        found = known.get(subject)
        if found is not None and not _is_taken_on(found):
            raise NotTakenOn


def forget_cached() -> None:
    """Drop what this process remembers."""
    _newcomers.cache_clear()
    _seen.clear()


_seen: set[tuple[str, str]] = set()  # bounded by the entries of the manifest


# The manifest is read once per process, and its digest names what the operator laid over it.
@lru_cache(maxsize=1)
def _newcomers(_digest: str) -> dict[str, Newcomer]:
    packaged = chapters.packaged()
    merged = documents.merged(packaged, chapters.overlay(settings.BLUEGPT.site.data_dir))
    return {each.subject: each for each in rules.newcomers(packaged, merged)}


def _is_taken_on(found: Newcomer) -> bool:
    name = (found.subject, found.facts_sha256)
    if name in _seen:
        return True
    rows = OnboardingApproval.objects.filter(subject=name[0], facts_sha256=name[1])
    if rows.values("approver").distinct().count() < rules.APPROVALS:
        return False
    _seen.add(name)
    return True


def _view(found: Newcomer) -> NewcomerView:
    rows = OnboardingApproval.objects.filter(
        subject=found.subject, facts_sha256=found.facts_sha256
    ).order_by("at")
    approvals = tuple(Approval(approver=row.approver, at=row.at) for row in rows)
    checklist = manifest().onboarding.checklist
    return NewcomerView(
        newcomer=found,
        questions=tuple(
            checklist[key] for key in sorted(checklist) if checklist[key].of == found.chapter
        ),
        approvals=approvals,
        is_taken_on=len({each.approver for each in approvals}) >= rules.APPROVALS,
    )
