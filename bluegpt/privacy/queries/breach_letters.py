"""Drafts that a breach needs: the notification of the authority, and the letter to people."""

from django.template.loader import render_to_string
from django.utils import translation

from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.breaches import BreachView, Nature, Risk
from bluegpt.privacy.types.manifest import Manifest


def notification(breach: BreachView, *, language: str, affected: int) -> str:
    """What the authority's form asks for, in its order, as far as it is known now.

    The first filing is an initial one unless it is complete; the next one completes it. Source:
    GDPR, Art. 33(3); the CNIL's teleservice for notifications.
    """
    return _rendered("notification", breach, language, affected)


def letter(breach: BreachView, *, language: str) -> str:
    """To each person concerned, in plain words. Source: GDPR, Art. 34(2)."""
    return _rendered("letter", breach, language, affected=0)


def _rendered(name: str, breach: BreachView, language: str, affected: int) -> str:
    policy = manifest()
    with translation.override(language):
        text = render_to_string(
            f"privacy/breach/{name}.txt",
            {
                "breach": breach,
                "facts": breach.facts,
                "operator": policy.operator,
                "affected": affected,
                "classes": _classes(policy, breach, language),
                "company": _company(policy, breach, language),
                "natures": {each.value: each in breach.facts.natures for each in Nature},
                "is_high": breach.facts.risk is Risk.HIGH,
            },
        )
    return text.strip() + "\n"


def _classes(policy: Manifest, breach: BreachView, language: str) -> list[str]:
    return [policy.classes[each].covers.in_language(language) for each in breach.facts.data_classes]


def _company(policy: Manifest, breach: BreachView, language: str) -> str:
    facts = policy.recipients.get(breach.facts.recipient)
    return facts.company.in_language(language) if facts and facts.company else ""
