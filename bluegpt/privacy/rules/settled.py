"""The contradictions of the policy, C1 to C20, each settled once: here is where, and how.

A rule whose lines stand in the manifest is kept by a lint that names it. The others have no line
that could be changed; whoever writes one all the same, under the name that the register of clauses
gives it, is told why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One contradiction: the name of its setting, and what holds instead.

    `kept_by` is the module of the lint that names it; empty where no line of the manifest could
    bring the contradiction back.
    """

    code: str
    name: str
    holds: str
    kept_by: str = ""


_LINTING = "bluegpt.privacy.rules.linting"
_READING = "bluegpt.privacy.rules.reading"
_LINTS = "bluegpt.privacy.rules.lints"

RULES = (
    Settled(
        code="C1",
        name="activity.role",
        holds="the operator is controller of every purpose; the role stands there",
        kept_by=_LINTING,
    ),
    Settled(
        code="C2",
        name="policy.acceptance",
        holds="the policy is a notice: no code takes reading it for an agreement",
    ),
    Settled(code="C3", name="newsletter.mode", holds="there is no newsletter to subscribe to"),
    Settled(
        code="C4",
        name="banner.refusal",
        holds="refusing is as easy as accepting, and closing refuses",
    ),
    Settled(
        code="C5",
        name="consent.choice_ttl",
        holds="a choice is kept as long as its tracer lives, and no tracer beyond 13 months",
        kept_by=f"{_LINTS}.tracers",
    ),
    Settled(
        code="C6",
        name="dsar.identity_document",
        holds="rights.identity_document says on_reasonable_doubt or never",
        kept_by="bluegpt.privacy.rules.chapters.rights",
    ),
    Settled(
        code="C7",
        name="withdrawal.self_service",
        holds="everybody takes a consent back by themselves",
        kept_by=f"{_LINTS}.rights",
    ),
    Settled(
        code="C8",
        name="dsar.extension_max",
        holds="a term is extended once, by two months at most; each right says by how much",
        kept_by=f"{_LINTS}.rights",
    ),
    Settled(
        code="C9",
        name="retention.relationship",
        holds="retention.account ends name and address three years after the closing",
        kept_by=f"{_LINTS}.terms",
    ),
    Settled(
        code="C10",
        name="retention.content",
        holds="retention.conversations starts at the closing, three years at the most",
        kept_by=f"{_LINTS}.terms",
    ),
    Settled(
        code="C11",
        name="automatic_data.identity",
        holds="what has a key is personal: use, connections and security are classes of the code",
    ),
    Settled(
        code="C12",
        name="purpose.basis",
        holds="every purpose has a basis, and security rests on legitimate interest",
        kept_by=_LINTING,
    ),
    Settled(
        code="C13",
        name="transfer.basis",
        holds="providers are processors with an agreement, and using the service moves nothing",
        kept_by=_READING,
    ),
    Settled(
        code="C14",
        name="breach.hours",
        holds="both clocks of a breach run 72 hours; they are numbers of the code",
    ),
    Settled(
        code="C15",
        name="erasure.horizon",
        holds="the horizon is computed from the chapter on backups and never stated",
        kept_by=f"{_LINTS}.backups",
    ),
    Settled(
        code="C16",
        name="tracer.exempt",
        holds="exempt are sessions, forms, the choice itself, and preferences that people set",
        kept_by=f"{_LINTS}.tracers",
    ),
    Settled(
        code="C17",
        name="retention.security_logs",
        holds="connections end after six months, a year at the most",
        kept_by=f"{_LINTS}.terms",
    ),
    Settled(
        code="C18",
        name="notice.show_disclaimers",
        holds="no disclaimer is shown, and no clock has a reason to pause",
    ),
    Settled(
        code="C19",
        name="age.minimum",
        holds="operator.age_minimum_years is 15 or more",
        kept_by=_LINTING,
    ),
    Settled(
        code="C20",
        name="succession.without_notice",
        holds="nothing is handed over before succession.notice, no shorter than the objection",
        kept_by=f"{_LINTS}.succession",
    ),
)


def findings(document: Mapping[str, Any]) -> Iterator[str]:
    """Every setting in a document that was settled for good, by its name."""
    for rule in RULES:
        table, _dot, key = rule.name.partition(".")
        block = document.get(table)
        if isinstance(block, Mapping) and key in block:
            yield f"{rule.name} is settled: {rule.holds} ({rule.code})"
