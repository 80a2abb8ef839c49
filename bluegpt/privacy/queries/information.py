"""What a person is told beside their data. Source: GDPR, Art. 15(1) and (2)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Table
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.queries.manifest import manifest, recipient
from bluegpt.privacy.queries.words import duration_in_words, trigger_in_words
from bluegpt.privacy.types.manifest import Basis, Origin

_BASES = {
    Basis.CONTRACT: _("contract"),
    Basis.CONSENT: _("consent"),
    Basis.LEGITIMATE_INTEREST: _("legitimate interest"),
    Basis.LEGAL_OBLIGATION: _("legal obligation"),
}
_ORIGINS = {
    Origin.GIVEN: _("You gave it"),
    Origin.MADE: _("The service made it for you"),
    Origin.OBSERVED: _("Observed while you used the service"),
}
_RIGHTS = (
    _("See your data: this archive, as often as you like."),
    _("Correct what is wrong, on the pages of your account or by writing to us."),
    _("Have it erased, one conversation or all of it, with a receipt."),
    _("Have its use restricted, and object to what rests on a legitimate interest."),
    _("Take it elsewhere, in files that other software reads."),
    _("Withdraw a consent at any time, and say what happens to your data after your death."),
    _("Complain to the supervisory authority."),
)


def information(person_id: UUID) -> dict[str, Any]:
    """Everything but the data itself, in the reader's language, ready for JSON."""
    policy = manifest()
    operator = policy.operator
    return {
        "operator": {
            "company": operator.company,
            "seat": operator.seat,
            "email": operator.email,
            "post": operator.post,
            "data_protection_officer": operator.dpo,
        },
        "authority": {"name": operator.authority, "url": operator.authority_url},
        "policy_digest": policy.digest,
        "purposes": _purposes(),
        "classes": _classes(),
        "recipients": _recipients(person_id),
        "retention": _retention(),
        "rights": [str(right) for right in _RIGHTS],
        "automated_decisions": gettext(
            "No decision with legal effects for you is made by a machine alone."
        ),
    }


def sources_of(table: Table) -> dict[str, str]:
    """Where each column of a table comes from, in words, by the column's name."""
    classes = manifest().classes
    return {
        column: str(_ORIGINS[classes[data_class].origin])
        for data_class, columns in table.claims.items()
        for column in columns
    }


def class_name(data_class: DataClass) -> str:
    """A data class in the reader's words."""
    return manifest().classes[data_class].name.in_language(_language())


def _language() -> str:
    return get_language() or "en"


def _purposes() -> list[dict[str, Any]]:
    return [
        {
            "key": purpose.key,
            "name": purpose.name.in_language(_language()),
            "why": purpose.why.in_language(_language()),
            "bases": [
                {"class": class_name(data_class), "basis": str(_BASES[basis])}
                for data_class, basis in purpose.bases.items()
            ],
        }
        for purpose in manifest().purposes.values()
    ]


def _classes() -> list[dict[str, Any]]:
    return [
        {
            "key": facts.key.value,
            "name": facts.name.in_language(_language()),
            "covers": facts.covers.in_language(_language()),
            "source": str(_ORIGINS[facts.origin]),
        }
        for facts in manifest().classes.values()
    ]


def _recipients(person_id: UUID) -> list[dict[str, Any]]:
    """Who did receive data about this person, by name, with the days from and to."""
    told = (
        Disclosure.objects.filter(person_id=person_id)
        .values("recipient", "country", "transfer_basis")
        .annotate(times=Count("id"), first_at=Min("at"), last_at=Max("at"))
        .order_by("recipient", "country")
    )
    return [_recipient(row) for row in told]


def _recipient(row: Mapping[str, Any]) -> dict[str, Any]:
    key = row["recipient"]
    # One that has left the manifest since is still named, by the key of that time.
    facts = recipient(key) if key in manifest().recipients else None
    return {
        "key": key,
        "company": facts.company if facts else key,
        "country": row["country"],
        "transfer_basis": row["transfer_basis"],
        "keeps": facts.retention if facts else "",
        "terms_url": facts.terms_url if facts else "",
        "times": row["times"],
        "first_at": row["first_at"],
        "last_at": row["last_at"],
    }


def _retention() -> list[dict[str, Any]]:
    return [
        {
            "class": class_name(rule.data_class),
            "from": trigger_in_words(rule.trigger),
            "term": duration_in_words(rule.duration),
            "why": rule.why.in_language(_language()),
            "source": rule.source,
        }
        for rule in sorted(
            manifest().retention.values(), key=lambda rule: (rule.data_class, rule.trigger)
        )
    ]
