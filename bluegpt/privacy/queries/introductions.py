"""Which recipients a person has still to be told about."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from bluegpt.privacy.models import Introduction
from bluegpt.privacy.queries.manifest import address_of, manifest
from bluegpt.privacy.rules import clearing
from bluegpt.privacy.rules.documents import canonical_json
from bluegpt.privacy.types.manifest import Manifest, RecipientFacts, RecipientRole


def to_introduce(person_id: UUID) -> Mapping[str, str]:
    """Recipients that this person was not told about as they are now, each with its facts' name.

    One query. The operator's own machine is nobody to be told about.
    """
    told = set(
        Introduction.objects.filter(person_id=person_id).values_list("recipient", "facts_sha256")
    )
    return {key: facts for key, facts in facts_names().items() if (key, facts) not in told}


def facts_names() -> dict[str, str]:
    """SHA-256, in hexadecimal, of what is told of each recipient that is somebody else."""
    policy = manifest()
    return dict(_facts_names(policy.digest, tuple(map(address_of, policy.recipients))))


@lru_cache(maxsize=4)
def _facts_names(_digest: str, addresses: tuple[str, ...]) -> Mapping[str, str]:
    """The same for as long as the policy, and where its recipients are reached, are the same."""
    policy = manifest()
    return {
        key: _facts_name(policy, facts)
        for key, address in zip(policy.recipients, addresses, strict=True)
        if (facts := clearing.facts_of(policy, key, address=address))
        and facts.role is not RecipientRole.OPERATOR
    }


def _facts_name(policy: Manifest, facts: RecipientFacts) -> str:
    transfer = policy.transfers.get(facts.transfer)
    told = {
        "company": facts.company.en if facts.company else "",
        "country": clearing.country_of(policy, facts),
        "transfer": transfer.basis if transfer else "",
        "keeps": facts.retention.en,
        "keeps_days": facts.keeps_prompts_days,
        "trains": facts.trains_on_prompts,
    }
    return sha256(canonical_json(told)).hexdigest()
