"""Who may receive data and by which way, right now."""

from collections.abc import Set
from datetime import timedelta

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.models import Disclosure, Pseudonym
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import clearing, linting
from bluegpt.privacy.types.manifest import Origin, RecipientFacts, RecipientRole

_NOBODY = "nobody"
_ELSEWHERE = "https://elsewhere.invalid"
_DAYS = 7


def training() -> str:
    """No recipient may train models on what people write."""
    found = _stated()
    if any(facts.trains_on_prompts is not False for facts in found):
        raise NoEvidence(_("A recipient may train models."))
    return _("%(count)d recipients, none of which may train models.") % {"count": len(found)}


def agreements() -> str:
    """Each processor has its agreement, its terms and a date of review."""
    found = [facts for facts in _stated() if facts.role is RecipientRole.PROCESSOR]
    if any(not (facts.dpa_url and facts.terms_url and facts.review_by) for facts in found):
        raise NoEvidence(_("A processor has no agreement."))
    return _("%(count)d processors, each with agreement, terms and date of review.") % {
        "count": len(found)
    }


def transfers() -> str:
    """The ways to other countries, and how many are open today."""
    ways = manifest().transfers.values()
    today = clock.now().date()
    opened = [each for each in ways if each.review_by is None or each.review_by >= today]
    return _("%(count)d ways, %(open)d open today, none resting on consent.") % {
        "count": len(ways),
        "open": len(opened),
    }


def addresses() -> str:
    """No recipient is reached at another host than its own, and nobody else received anything.

    Raises NoEvidence.
    """
    policy = manifest()
    named = [facts for facts in policy.recipients.values() if facts.hosts]
    for facts in named:
        if _is_open(facts, address=_ELSEWHERE):
            raise NoEvidence(
                _("%(recipient)s would be reached at an address that is not declared.")
                % {"recipient": facts.key}
            )
    week = Disclosure.objects.filter(
        at__gte=clock.now() - timedelta(days=_DAYS), policy_digest=policy.digest
    )
    strangers = sorted(
        set(week.values_list("recipient", flat=True).distinct()) - policy.recipients.keys()
    )
    if strangers:
        raise NoEvidence(
            _("Received something and are not on the list: %(recipients)s.")
            % {"recipients": ", ".join(strangers)}
        )
    return _(
        "%(count)d hosts are declared; each recipient that has one was tried at another just now"
        " and refused. All %(sent)d transmissions of the last %(days)d days went to the list."
    ) % {
        "count": len({host for facts in named for host in facts.hosts}),
        "sent": week.count(),
        "days": _DAYS,
    }


def _is_open(facts: RecipientFacts, *, address: str) -> bool:
    try:
        clearing.check_route(manifest(), facts, address=address, today=clock.now().date())
    except NotCleared:
        return False
    return True


def refusals() -> str:
    """The gate, asked what it must refuse: an unknown purpose, and data without a basis."""
    policy = manifest()
    unfounded = {
        key: frozenset(DataClass) - set(purpose.bases) for key, purpose in policy.purposes.items()
    }
    asked = {_NOBODY: frozenset({DataClass.CONTENT}), **unfounded}
    first = next(iter(policy.recipients))
    for purpose, wanted in asked.items():
        if _passes(purpose=purpose, recipient=first, data_classes=wanted):
            raise NoEvidence(_("The gate let something pass that has no ground."))
    return _("%(count)d requests without a ground, just made, were all refused.") % {
        "count": len(asked)
    }


def observed_stays() -> str:
    """What is noted by itself, asked for by every purpose and recipient that has no ground for it.

    Raises NoEvidence when one attempt passes.
    """
    policy = manifest()
    noted = {key for key, facts in policy.classes.items() if facts.origin is not Origin.GIVEN} - {
        DataClass.TECHNICAL
    }
    tries = [
        (purpose.key, recipient, data_class)
        for purpose in policy.purposes.values()
        for recipient in policy.recipients
        for data_class in sorted(noted - set(purpose.bases))
    ]
    for purpose, recipient, data_class in tries:
        if _passes(purpose=purpose, recipient=recipient, data_classes={data_class}):
            raise NoEvidence(
                _("%(kind)s would go to %(recipient)s without a ground.")
                % {"kind": data_class, "recipient": recipient}
            )
    return _(
        "%(kinds)d kinds of data are noted by themselves; each purpose that has no ground for one"
        " was tried with each recipient just now, and all %(count)d attempts were refused."
    ) % {"kinds": len(noted), "count": len(tries)}


def _passes(*, purpose: str, recipient: str, data_classes: Set[DataClass]) -> bool:
    hosts = manifest().recipients[recipient].hosts
    try:
        clearing.ground(
            manifest(),
            purpose=purpose,
            recipient=recipient,
            data_classes=data_classes,
            # Where it is reached in earnest, so that no other refusal stands in for the one meant.
            address=f"https://{hosts[0]}" if hosts else "",
            today=clock.now().date(),
        )
    except NotCleared:
        return False
    return True


def pseudonyms() -> str:
    """The random names of people towards companies: no two are alike."""
    names = Pseudonym.objects.count()
    if Pseudonym.objects.values("value").distinct().count() != names:
        raise NoEvidence(_("Two names are alike."))
    return _("%(count)d random names, no two alike.") % {"count": names}


def _stated() -> list[RecipientFacts]:
    return [each for each in manifest().recipients.values() if not linting.is_unstated(each)]
