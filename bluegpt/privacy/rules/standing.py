"""What a person's own choices leave open. Pure decisions."""

from collections.abc import Iterable, Set

from bluegpt.privacy.errors.choices import KeepsPrompts, ObjectedTo, OutsideEea, UseRestricted
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.rules.clearing import country_of
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.choices import FREE, ChoiceKind, Standing
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import (
    Basis,
    Manifest,
    Purpose,
    RecipientFacts,
    TransferBasis,
)

# What may be chosen beside the policy's own term, shortest first; the ceiling cuts the list.
_TERMS = ("P30D", "P3M", "P6M", "P1Y", "P2Y", "P3Y")
_CONTENT_RULE = "conversations"

ChoiceRow = tuple[str, str, str, object]


def standing_of(rows: Iterable[ChoiceRow]) -> Standing:
    """The standing that rows of (kind, subject, value, at) add up to."""
    found = {(kind, subject): (value, at) for kind, subject, value, at in rows}
    if not found:
        return FREE
    restriction = found.get((ChoiceKind.RESTRICTION, ""))
    term = found.get((ChoiceKind.CONTENT_TERM, ""))
    return Standing(
        restricted_at=restriction[1] if restriction else None,  # type: ignore[arg-type]
        objections=frozenset(subject for kind, subject in found if kind == ChoiceKind.OBJECTION),
        only_eea=(ChoiceKind.ONLY_EEA, "") in found,
        no_keepers=(ChoiceKind.NO_KEEPERS, "") in found,
        content_term=duration(term[0]) if term else None,
    )


def check_use(standing: Standing, purpose: str) -> None:
    """Raise UseRestricted or ObjectedTo when the person has closed this purpose."""
    if standing.is_restricted:
        raise UseRestricted
    if purpose in standing.objections:
        raise ObjectedTo


def closed_by(
    manifest: Manifest, standing: Standing, facts: RecipientFacts
) -> type[NotCleared] | None:
    """The limit that keeps a recipient out, whatever the purpose; None when none does."""
    if standing.only_eea and not is_within_eea(manifest, facts):
        return OutsideEea
    # Who has not said how long prompts are kept counts as a keeper.
    if standing.no_keepers and facts.keeps_prompts_days != 0:
        return KeepsPrompts
    return None


def is_within_eea(manifest: Manifest, facts: RecipientFacts) -> bool:
    """Whether data sent there stays in the European Economic Area.

    The Area is what the transfers that are none reach.
    """
    transfer = manifest.transfers.get(facts.transfer)
    return (
        transfer is not None
        and transfer.basis is TransferBasis.NONE
        and country_of(manifest, facts) in eea(manifest)
    )


def eea(manifest: Manifest) -> Set[str]:
    """The countries that data reaches without a transfer."""
    return {
        country
        for transfer in manifest.transfers.values()
        if transfer.basis is TransferBasis.NONE
        for country in transfer.countries
    }


def can_be_objected_to(purpose: Purpose) -> bool:
    """Whether a switch ends this purpose for a person. Source: GDPR, Art. 21(1)."""
    rests_on_interest = Basis.LEGITIMATE_INTEREST in purpose.bases.values()
    return rests_on_interest and purpose.overriding is None


def terms_offered(manifest: Manifest) -> dict[str, Duration]:
    """How long content may stay after closing, as it is written, shortest first."""
    rule = manifest.retention[_CONTENT_RULE]
    spans = {text: duration(text) for text in _TERMS}
    return {
        text: span
        for text, span in spans.items()
        if rule.duration.days_about <= span.days_about <= rule.ceiling.days_about
    }
