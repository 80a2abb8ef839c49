"""The registers: nothing is written into them, they say what the manifest makes the code do."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.openness import closed_because
from bluegpt.privacy.queries.words import duration_in_words
from bluegpt.privacy.rules import linting
from bluegpt.privacy.types.manifest import (
    Manifest,
    Purpose,
    RecipientFacts,
    RecipientRole,
    TransferBasis,
)
from bluegpt.privacy.types.registers import Activity, Processor, TransferLine


def activities(policy: Manifest | None = None) -> tuple[Activity, ...]:
    """Every processing activity, in the reader's language."""
    policy = policy or manifest()
    return tuple(_activity(policy, policy.purposes[key]) for key in sorted(policy.purposes))


def processors(
    policy: Manifest | None = None, *, today: date | None = None
) -> tuple[Processor, ...]:
    """Every company that works for the operator, and whether data may go there today."""
    policy, today = policy or manifest(), today or clock.now().date()
    return tuple(
        _processor(policy, policy.recipients[key], today)
        for key in sorted(policy.recipients)
        if policy.recipients[key].role is RecipientRole.PROCESSOR
    )


def transfers(
    policy: Manifest | None = None, *, today: date | None = None
) -> tuple[TransferLine, ...]:
    """Every way out of the European Economic Area, with the day of its review."""
    policy, today = policy or manifest(), today or clock.now().date()
    language = _language()
    return tuple(
        TransferLine(
            key=each.key,
            basis=each.basis.value,
            countries=each.countries,
            instrument=each.instrument.in_language(language),
            companies=tuple(
                _company(facts)
                for facts in policy.recipients.values()
                if facts.transfer == each.key
            ),
            review_by=each.review_by,
            is_overdue=each.review_by is not None and each.review_by < today,
            source=each.source,
        )
        for each in policy.transfers.values()
        if each.basis is not TransferBasis.NONE
    )


def _activity(policy: Manifest, purpose: Purpose) -> Activity:
    language = _language()
    recipients = [policy.recipients[key] for key in purpose.recipients]
    return Activity(
        key=purpose.key,
        name=purpose.name.in_language(language),
        why=purpose.why.in_language(language),
        role=purpose.role,
        bases={each: purpose.bases[each].value for each in sorted(purpose.bases)},
        kinds=_kinds(policy, purpose),
        recipients=tuple(_company(facts) for facts in recipients),
        transfers=tuple(
            f"{_company(facts)} ({facts.country}): "
            f"{policy.transfers[facts.transfer].instrument.in_language(language)}"
            for facts in recipients
            if facts.transfer and policy.transfers[facts.transfer].basis is not TransferBasis.NONE
        ),
        terms=_terms(policy, purpose),
        balancing=purpose.balancing.in_language(language) if purpose.balancing else "",
    )


def _kinds(policy: Manifest, purpose: Purpose) -> tuple[str, ...]:
    language = _language()
    classes = [policy.classes[each] for each in sorted(purpose.bases)]
    return tuple(
        f"{each.name.in_language(language)} – {each.covers.in_language(language)}"
        for each in classes
    )


def _terms(policy: Manifest, purpose: Purpose) -> tuple[str, ...]:
    language = _language()
    names = {each: policy.classes[each].name.in_language(language) for each in DataClass}
    return tuple(
        f"{names[rule.data_class]} – {duration_in_words(rule.duration)}."
        f" {rule.why.in_language(language)}"
        for rule in policy.retention.values()
        if rule.data_class in purpose.bases
    )


def _processor(policy: Manifest, facts: RecipientFacts, today: date) -> Processor:
    language = _language()
    uses = [each for each in policy.purposes.values() if facts.key in each.recipients]
    transfer = policy.transfers.get(facts.transfer)
    return Processor(
        key=facts.key,
        company=_company(facts),
        country=facts.country,
        purposes=tuple(each.name.in_language(language) for each in uses),
        kinds=tuple(kind for each in uses for kind in _kinds(policy, each)),
        instrument=transfer.instrument.in_language(language) if transfer else "",
        retention=facts.retention.in_language(language),
        trains_on_prompts=facts.trains_on_prompts is not False,
        dpa_url=facts.dpa_url,
        terms_url=facts.terms_url,
        review_by=facts.review_by,
        source=facts.source,
        closed_because=closed_because(facts.key, policy=policy, today=today),
    )


def _company(facts: RecipientFacts) -> str:
    if facts.company is None or linting.is_unstated(facts):
        return _("A company that your operator has not named")
    return facts.company.in_language(_language())


def _language() -> str:
    return get_language() or "en"
