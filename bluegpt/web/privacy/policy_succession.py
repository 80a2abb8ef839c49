"""The part of the policy about the service changing hands."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bluegpt.privacy.queries.versions import term
from bluegpt.privacy.queries.words import duration_in_words
from bluegpt.web.privacy.policy_parts import Entry, Fact, Section
from bluegpt.web.privacy.policy_texts import text


def succession(document: Mapping[str, Any]) -> Section:
    """Notice, objection and freeze; without entries for a version that said nothing of it."""
    rule = document.get("succession")
    return Section(
        id="succession",
        title=_("If the service changes hands"),
        intro=_(
            "By a merger or a sale: you are told before anything is handed over, and may leave."
        ),
        entries=_entries(rule, document["data_classes"]) if rule else (),
    )


def _entries(rule: Mapping[str, Any], classes: Mapping[str, Any]) -> tuple[Entry, ...]:
    handed_over = ", ".join(text(classes[key]["name"]) for key in rule["classes"])
    return (
        Entry(
            name=_("Before"),
            text=text(rule["what"]),
            facts=(
                Fact(name=_("You are told before"), value=duration_in_words(term(rule["notice"]))),
                Fact(name=_("Time to object"), value=duration_in_words(term(rule["objection"]))),
                Fact(name=_("What would be handed over"), value=handed_over),
                Fact(name=_("Source"), value=rule["source"]),
            ),
        ),
        Entry(name=_("Meanwhile"), text=text(rule["freeze"])),
    )
