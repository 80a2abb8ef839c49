"""The manifest of a bad day."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from bluegpt.privacy.types.manifest import Manifest, TransferBasis


def without_adequacy(policy: Manifest, *, today: date) -> Manifest:
    """The policy after every adequacy decision has fallen: such ways lapsed yesterday."""
    fallen = {
        key: replace(each, review_by=today - timedelta(days=1))
        if each.basis is TransferBasis.ADEQUACY
        else each
        for key, each in policy.transfers.items()
    }
    return replace(policy, transfers=MappingProxyType(fallen))


def falling_back(policy: Manifest, recipient: str, *, to: str) -> Manifest:
    """The policy with one recipient reached another way, as an operator would state it."""
    facts = replace(policy.recipients[recipient], transfer=to)
    others = {**policy.recipients, recipient: facts}
    return replace(policy, recipients=MappingProxyType(others))


def other_ways(policy: Manifest, recipient: str) -> tuple[str, ...]:
    """Standard clauses that reach the recipient's country."""
    country = policy.recipients[recipient].country
    return tuple(
        key
        for key, each in policy.transfers.items()
        if each.basis is TransferBasis.SCC and country in each.countries
    )
