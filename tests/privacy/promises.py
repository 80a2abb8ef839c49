"""What the packaged policy promises, written a second time and by hand.

Changing one of these is a change of policy: it is done here and in the chapter together.
"""

from collections.abc import Iterator
from datetime import date

from bluegpt.privacy.types.manifest import EndAction, Manifest
from tests.privacy import (
    promises_assessment,
    promises_backups,
    promises_clauses,
    promises_forms,
    promises_inactivity,
    promises_legal_watch,
    promises_measures,
    promises_onboarding,
    promises_operator,
    promises_rights,
    promises_staff,
    promises_succession,
    promises_tracers,
)

BASES = {
    "account": {
        "identity": "contract",
        "security": "contract",
        "disclosure": "legal_obligation",
        "archive": "legal_obligation",
    },
    "chat_answer": {"content": "contract", "metering": "contract"},
    "choices": {"consent": "legal_obligation"},
    "security": {"connection": "legitimate_interest", "security": "legitimate_interest"},
    "rights": {
        "directive": "legal_obligation",
        "identity": "legal_obligation",
        "identity_document": "legal_obligation",
        "request": "legal_obligation",
    },
}
RECIPIENTS = {
    "account": set(),
    "chat_answer": {
        "anthropic",
        "compatible",
        "google",
        "local",
        "mistral",
        "openai",
        "sandbox",
        "vertex",
        "xai",
    },
    "choices": set(),
    "rights": set(),
    "security": set(),
}
PLACES = {
    "anthropic": ("US", "us_standard_clauses", ("api.anthropic.com",)),
    "compatible": ("", "", ()),
    "google": ("US", "us_data_privacy_framework", ("generativelanguage.googleapis.com",)),
    "local": ("operator", "this_machine", ()),
    "mistral": ("FR", "within_eea", ("api.mistral.ai",)),
    "openai": ("US", "us_standard_clauses", ("api.openai.com",)),
    "sandbox": ("operator", "this_machine", ()),
    "vertex": ("", "", ()),
    "xai": ("", "", ("api.x.ai",)),
}
# The thirty states of the European Economic Area.
# fmt: off
EEA = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
    "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
    "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
}
# fmt: on
TRANSFERS = {
    "this_machine": ("none", set(), None),
    "within_eea": ("none", EEA, None),
    "us_data_privacy_framework": ("adequacy", {"US"}, date(2027, 5, 31)),
    "us_standard_clauses": ("scc", {"US"}, date(2027, 5, 31)),
}
REVIEWS = {
    "anthropic": date(2027, 5, 31),
    "google": date(2027, 5, 31),
    "mistral": date(2027, 5, 31),
    "openai": date(2027, 5, 31),
}
# Who is described by the operator alone; of the others the chapter says everything.
STATED_BY_OPERATOR = {"compatible", "vertex", "xai"}
ORIGINS = {
    "archive": "made",
    "connection": "observed",
    "consent": "given",
    "content": "given",
    "directive": "given",
    "disclosure": "made",
    "identity": "given",
    "identity_document": "given",
    "metering": "made",
    "request": "given",
    "security": "given",
    "technical": "made",
}
# The longest ordinary time for which prompts are kept, in days.
KEEPS_PROMPTS_DAYS = {
    "anthropic": 30,
    "compatible": None,
    "google": 55,
    "local": 0,
    "mistral": 30,
    "openai": 30,
    "sandbox": 0,
    "vertex": None,
    "xai": None,
}
# Purposes whose objection is looked at by somebody, because their interest may override it.
OVERRIDING = {"security"}
# (class, fact that starts the clock): (years, months, days), and the longest a person may choose.
TERMS = {
    ("archive", "archive_ready"): ((0, 0, 2), (0, 0, 2)),
    ("connection", "session_ended"): ((0, 6, 0), (1, 0, 0)),
    ("consent", "consent_ended"): ((5, 0, 0), (5, 0, 0)),
    ("consent", "account_closed"): ((3, 0, 0), (3, 0, 0)),
    ("content", "account_closed"): ((0, 0, 30), (3, 0, 0)),
    ("content", "case_answered"): ((5, 0, 0), (5, 0, 0)),
    ("disclosure", "account_closed"): ((0, 0, 30), (0, 0, 30)),
    ("disclosure", "disclosed"): ((5, 0, 0), (5, 0, 0)),
    ("disclosure", "access_asked"): ((5, 0, 0), (5, 0, 0)),
    ("disclosure", "authority_asked"): ((5, 0, 0), (5, 0, 0)),
    ("disclosure", "succession_noted"): ((5, 0, 0), (5, 0, 0)),
    ("disclosure", "legal_hold_ended"): ((5, 0, 0), (5, 0, 0)),
    ("identity", "account_closed"): ((3, 0, 0), (3, 0, 0)),
    ("metering", "account_closed"): ((5, 0, 0), (5, 0, 0)),
    ("metering", "call_ended"): ((5, 0, 0), (5, 0, 0)),
    ("metering", "case_answered"): ((5, 0, 0), (5, 0, 0)),
    ("directive", "account_closed"): ((3, 0, 0), (3, 0, 0)),
    ("identity_document", "request_decided"): ((0, 0, 0), (0, 0, 0)),
    ("request", "request_closed"): ((5, 0, 0), (5, 0, 0)),
    ("security", "account_closed"): ((0, 0, 30), (0, 0, 30)),
    ("security", "erasure_noted"): ((0, 0, 45), (0, 0, 45)),
    ("security", "keys_destroyed"): ((5, 0, 0), (5, 0, 0)),
    ("security", "session_ended"): ((0, 6, 0), (1, 0, 0)),
    ("security", "staff_acted"): ((3, 0, 0), (3, 0, 0)),
    ("security", "staff_grant_ended"): ((3, 0, 0), (3, 0, 0)),
}

# Written out chapter by chapter.
_CHAPTERS = (
    promises_assessment,
    promises_backups,
    promises_clauses,
    promises_forms,
    promises_inactivity,
    promises_legal_watch,
    promises_measures,
    promises_onboarding,
    promises_operator,
    promises_rights,
    promises_staff,
    promises_succession,
    promises_tracers,
)


def broken(policy: Manifest) -> Iterator[str]:
    """The promises that this policy does not keep."""
    if {key: dict(purpose.bases) for key, purpose in policy.purposes.items()} != BASES:
        yield "bases"
    if {key: set(purpose.recipients) for key, purpose in policy.purposes.items()} != RECIPIENTS:
        yield "recipients"
    places = {
        key: (facts.country, facts.transfer, facts.hosts)
        for key, facts in policy.recipients.items()
    }
    if places != PLACES:
        yield "places"
    if {
        key: facts.keeps_prompts_days for key, facts in policy.recipients.items()
    } != KEEPS_PROMPTS_DAYS:
        yield "keeps_prompts_days"
    if {key for key, purpose in policy.purposes.items() if purpose.overriding} != OVERRIDING:
        yield "overriding"
    transfers = {
        key: (transfer.basis, set(transfer.countries), transfer.review_by)
        for key, transfer in policy.transfers.items()
    }
    if transfers != TRANSFERS:
        yield "transfers"
    reviews = {key: facts.review_by for key, facts in policy.recipients.items() if facts.review_by}
    if reviews != REVIEWS:
        yield "reviews"
    terms = {
        (rule.data_class, rule.trigger): tuple(
            (span.years, span.months, span.days) for span in (rule.duration, rule.ceiling)
        )
        for rule in policy.retention.values()
    }
    severed = {key for key, rule in policy.retention.items() if rule.then is EndAction.SEVER}
    if severed != {"books"}:
        yield "ends"
    if terms != TERMS or len(policy.retention) != len(TERMS):
        yield "terms"
    stated = {key for key, facts in policy.recipients.items() if facts.stated_by_operator}
    if stated != STATED_BY_OPERATOR:
        yield "stated by the operator"
    if {key: facts.origin for key, facts in policy.classes.items()} != ORIGINS:
        yield "classes"
    for chapter in _CHAPTERS:
        yield from chapter.broken(policy)
