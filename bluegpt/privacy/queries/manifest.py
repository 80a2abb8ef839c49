"""The policy in force: read once per process, checked before anything may rest on it."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.core.settings import ProviderAccess
from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.rules import clearing, describing, documents, linting, reading
from bluegpt.privacy.types.clearances import Recipient
from bluegpt.privacy.types.manifest import Manifest, RecipientFacts


@lru_cache(maxsize=1)
def manifest() -> Manifest:
    """The packaged chapters with the operator's `privacy.toml` over them.

    Raises ManifestBroken with every finding. A changed file takes effect at the next start.
    """
    policy = reading.read(_merged())
    findings = tuple(linting.findings(policy))
    if findings:
        raise ManifestBroken(findings)
    return policy


def document() -> dict[str, Any]:
    """What the policy in force promises, as it is published and as its digest names it."""
    return documents.promised(_merged())


@lru_cache(maxsize=1)
def schema_json() -> str:
    """The JSON Schema that every published manifest satisfies."""
    return json.dumps(describing.schema(reading.CHAPTERS), indent=2)


def policy_digest() -> str:
    """The version of the policy in force: SHA-256 of its canonical JSON."""
    return manifest().digest


def recipients() -> tuple[Recipient, ...]:
    """Everybody who may receive personal data, by key, in the reader's language."""
    return tuple(recipient(key) for key in sorted(manifest().recipients))


def recipient(key: str) -> Recipient:
    """One recipient, in the reader's language. Raises NotCleared when nobody is called so."""
    policy = manifest()
    facts = clearing.facts_of(policy, key, address=address_of(key))
    if facts is None:
        raise NotCleared
    return _shown(policy, facts)


def address_of(key: str) -> str:
    """Where the settings say that a provider is reached; empty for those without a setting."""
    access = getattr(settings.BLUEGPT.providers, key, None)
    return access.base_url if isinstance(access, ProviderAccess) else ""


def _merged() -> dict[str, Any]:
    overlay = chapters.overlay(settings.BLUEGPT.site.data_dir)
    return documents.merged(chapters.packaged(), overlay)


def _shown(policy: Manifest, facts: RecipientFacts) -> Recipient:
    language = get_language() or "en"
    transfer = policy.transfers.get(facts.transfer)
    return Recipient(
        key=facts.key,
        company=facts.company.in_language(language)
        if facts.company
        else _("A company that your operator has not named"),
        country=clearing.country_of(policy, facts),
        role=facts.role,
        transfer_basis=transfer.basis if transfer else "",
        instrument=transfer.instrument.in_language(language) if transfer else "",
        retention=facts.retention.in_language(language),
        trains_on_prompts=facts.trains_on_prompts is not False,
        terms_url=facts.terms_url,
        dpa_url=facts.dpa_url,
        review_by=facts.review_by,
        keeps_prompts_days=facts.keeps_prompts_days,
        is_stated=not linting.is_unstated(facts),
    )
