"""What a manifest must satisfy before a single byte may leave by it.

The C-numbers are the contradictions of the policy that the manifest settles; a value that would
bring one back is refused by name.
"""

from collections.abc import Iterator
from datetime import date

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.rules.lints import (
    assessment,
    backups,
    clauses,
    forms,
    inactivity,
    legal_watch,
    measures,
    onboarding,
    rights,
    staff,
    succession,
    terms,
    tracers,
)
from bluegpt.privacy.types.manifest import (
    OPERATOR_COUNTRY,
    Basis,
    Manifest,
    Operator,
    Purpose,
    RecipientFacts,
    RecipientRole,
    RetentionRule,
    Transfer,
    TransferBasis,
)

PERSONAL = frozenset(DataClass) - {DataClass.TECHNICAL}
# The digital age of consent in France. Source: loi 78-17, art. 45.
_AGE_YEARS = 15
_PLACEHOLDER = "demonstration"


def findings(manifest: Manifest) -> Iterator[str]:
    """Every broken rule, a sentence each; nothing when the manifest may be used."""
    yield from _operator(manifest.operator)
    yield from _classes(manifest)
    for purpose in manifest.purposes.values():
        yield from _purpose(purpose, manifest)
    for transfer in manifest.transfers.values():
        yield from _transfer(transfer, manifest)
    for recipient in manifest.recipients.values():
        yield from _recipient(recipient, manifest)
    for rule in manifest.retention.values():
        yield from _retention(rule)
    yield from assessment.findings(manifest)
    yield from backups.findings(manifest)
    yield from clauses.findings(manifest)
    yield from forms.findings(manifest)
    yield from inactivity.findings(manifest)
    yield from legal_watch.findings(manifest)
    yield from measures.findings(manifest)
    yield from onboarding.findings(manifest)
    yield from staff.findings(manifest)
    yield from rights.findings(manifest)
    yield from succession.findings(manifest)
    yield from terms.findings(manifest)
    yield from tracers.findings(manifest)


def placeholders(operator: Operator) -> tuple[str, ...]:
    """The fields of the operator that still say that this is a demonstration."""
    words = {
        "company": operator.company,
        "legal_form": operator.legal_form,
        "share_capital": operator.share_capital,
        "register": operator.register,
        "seat": operator.seat,
        "email": operator.email,
        "post": operator.post,
        "dpo": operator.dpo,
        "dpo_reason": operator.dpo_reason.en if operator.dpo_reason else "",
    }
    return tuple(name for name, text in words.items() if _PLACEHOLDER in text.lower())


def overdue(manifest: Manifest, *, today: date) -> Iterator[str]:
    """What should have been looked at again by now; the gate refuses what rests on it."""
    yield from assessment.overdue(manifest, today=today)
    yield from legal_watch.overdue(manifest, today=today)
    for transfer in manifest.transfers.values():
        if transfer.review_by is not None and transfer.review_by < today:
            yield f"transfers.{transfer.key}: to be reviewed by {transfer.review_by}"
    for recipient in manifest.recipients.values():
        if recipient.review_by is not None and recipient.review_by < today:
            yield f"recipients.{recipient.key}: to be reviewed by {recipient.review_by}"


def _operator(operator: Operator) -> Iterator[str]:
    if not _is_country(operator.country):
        yield f"operator: country {operator.country!r} is not a two-letter code"
    if "@" not in operator.email:
        yield "operator: email is not an address"
    if not operator.authority_url.startswith("https://"):
        yield "operator: authority_url must start with https://"
    if bool(operator.dpo) == (operator.dpo_reason is not None):
        yield "operator: give either dpo or dpo_reason, why there is none (C19)"
    if operator.age_minimum_years < _AGE_YEARS:
        yield f"operator: age_minimum_years is below {_AGE_YEARS} (C19)"


def _classes(manifest: Manifest) -> Iterator[str]:
    used = {data_class for purpose in manifest.purposes.values() for data_class in purpose.bases}
    kept = {rule.data_class for rule in manifest.retention.values()}
    for data_class in DataClass:
        if data_class not in manifest.classes:
            yield f"data_classes: {data_class} is not described"
    for data_class in sorted(PERSONAL - used):
        yield f"data_classes: no purpose uses {data_class}, so it may not be collected"
    for data_class in sorted(PERSONAL - kept):
        yield f"data_classes: no retention rule ends {data_class}"


def _purpose(purpose: Purpose, manifest: Manifest) -> Iterator[str]:
    name = f"purposes.{purpose.key}"
    if purpose.role != "controller":
        yield f"{name}: role is {purpose.role!r}; the operator is controller of it (C1)"
    if not purpose.bases:
        yield f"{name}: bases names no data class (C12)"
    if DataClass.TECHNICAL in purpose.bases:
        yield f"{name}: technical data is about nobody and needs no basis"
    rests_on_interest = Basis.LEGITIMATE_INTEREST in purpose.bases.values()
    if rests_on_interest != (purpose.balancing is not None):
        yield f"{name}: a legitimate interest, and only that, needs its balancing"
    if purpose.overriding is not None and not rests_on_interest:
        yield f"{name}: overriding answers an objection, which only a legitimate interest meets"
    if purpose.key == "security" and set(purpose.bases.values()) != {Basis.LEGITIMATE_INTEREST}:
        yield f"{name}: security rests on legitimate interest (C12)"
    for key in purpose.recipients:
        if key not in manifest.recipients:
            yield f"{name}: recipient {key!r} is not described"


def _transfer(transfer: Transfer, manifest: Manifest) -> Iterator[str]:
    name = f"transfers.{transfer.key}"
    if any(not _is_country(country) for country in transfer.countries):
        yield f"{name}: countries are two-letter codes"
    leaves = transfer.basis is not TransferBasis.NONE
    if leaves and transfer.review_by is None:
        yield f"{name}: {transfer.basis} needs review_by"
    if leaves and not transfer.countries:
        yield f"{name}: {transfer.basis} needs countries"
    if transfer.key not in {recipient.transfer for recipient in manifest.recipients.values()}:
        yield f"{name}: no recipient uses it"


def _recipient(facts: RecipientFacts, manifest: Manifest) -> Iterator[str]:
    name = f"recipients.{facts.key}"
    if not any(facts.key in purpose.recipients for purpose in manifest.purposes.values()):
        yield f"{name}: no purpose names it"
    if facts.stated_by_operator and is_unstated(facts):
        if facts.role is not RecipientRole.PROCESSOR:
            yield f"{name}: a recipient that the operator chooses is a processor"
        return
    if facts.company is None:
        yield f"{name}: company is missing"
    if facts.trains_on_prompts is not False:
        yield f"{name}: trains_on_prompts must say false; nothing is sent to train models"
    if facts.keeps_prompts_days is None or facts.keeps_prompts_days < 0:
        yield f"{name}: keeps_prompts_days is missing; 0 says that it keeps no prompt"
    yield from _recipient_transfer(facts, manifest)
    if facts.role is RecipientRole.PROCESSOR:
        yield from _processor(facts)
        return
    if facts.country != OPERATOR_COUNTRY:
        yield f"{name}: the operator's own machine stands in the country {OPERATOR_COUNTRY!r}"
    if facts.dpa_url or facts.terms_url:
        yield f"{name}: nobody else is there to agree with; terms_url and dpa_url are a processor's"


def is_unstated(facts: RecipientFacts) -> bool:
    """Whether everything that only the operator can know is still open."""
    return not (
        facts.company
        or facts.country
        or facts.transfer
        or facts.dpa_url
        or facts.terms_url
        or facts.review_by
        or facts.source
        or facts.trains_on_prompts is not None
        or facts.keeps_prompts_days is not None
    )


def _recipient_transfer(facts: RecipientFacts, manifest: Manifest) -> Iterator[str]:
    name = f"recipients.{facts.key}"
    transfer = manifest.transfers.get(facts.transfer)
    if transfer is None:
        yield f"{name}: transfer {facts.transfer!r} is not described"
    elif facts.country == OPERATOR_COUNTRY:
        if transfer.basis is not TransferBasis.NONE or transfer.countries:
            yield f"{name}: what stays with the operator is no transfer"
        if facts.role is not RecipientRole.OPERATOR:
            yield f"{name}: country {OPERATOR_COUNTRY!r} is for the operator's own machine"
    elif facts.country not in transfer.countries:
        yield f"{name}: {facts.transfer} does not reach the country {facts.country!r}"


def _processor(facts: RecipientFacts) -> Iterator[str]:
    name = f"recipients.{facts.key}"
    if not facts.dpa_url.startswith("https://"):
        yield f"{name}: a processor needs dpa_url, its data-processing agreement (C13)"
    if not facts.terms_url.startswith("https://"):
        yield f"{name}: terms_url is missing"
    if facts.review_by is None:
        yield f"{name}: review_by is missing"
    if not facts.source:
        yield f"{name}: source is missing"
    if not facts.hosts and not facts.stated_by_operator:
        yield f"{name}: hosts is missing"


def _retention(rule: RetentionRule) -> Iterator[str]:
    name = f"retention.{rule.key}"
    if rule.data_class is DataClass.TECHNICAL:
        yield f"{name}: technical data is about nobody and has no term"
    if rule.ceiling.days_about < rule.duration.days_about:
        yield f"{name}: ceiling is shorter than duration"


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()
