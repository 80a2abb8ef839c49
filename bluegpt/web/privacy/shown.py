"""What the privacy page shows, made ready so that templates need no arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from bluegpt.core.personal_data import DataClass, Table, declared
from bluegpt.privacy.queries import holdings
from bluegpt.privacy.queries.manifest import manifest, recipient
from bluegpt.privacy.queries.standing import has_switch, terms_offered
from bluegpt.privacy.queries.words import duration_in_words, trigger_in_words
from bluegpt.privacy.types.choices import Standing
from bluegpt.privacy.types.consents import ConsentLine
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.holdings import Disclosed
from bluegpt.privacy.types.manifest import Basis, EndAction, Manifest, RetentionRule
from bluegpt.web.countries import country_name
from bluegpt.web.privacy import words

_CONTENT_RULE = "conversations"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTerm:
    """Part of a class with one end: what it is, how much, and when it goes."""

    things: str
    count: int
    term: str
    fact: str
    why: str
    is_severed: bool  # the rows stay, and nothing says any more whose they were


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClass:
    """One class of what is held."""

    name: str
    covers: str
    terms: tuple[HeldTerm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedLine:
    """One disclosure in words."""

    at: datetime
    company: str
    country: str
    purpose: str
    basis: str
    transfer: str
    classes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLine:
    """A purpose that rests on an interest of the operator. `answer` replaces the switch."""

    purpose: str
    name: str
    why: str
    balancing: str
    answer: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermChoice:
    """A term of content that can be chosen."""

    value: str
    words: str
    is_chosen: bool


def held_classes(person_id: UUID, own: Standing) -> tuple[HeldClass, ...]:
    """Everything that is held, by class, in the order of the classes."""
    policy, language = manifest(), get_language() or "en"
    tables = {table.model: table for table in declared()}
    found: dict[DataClass, list[HeldTerm]] = {}
    for holding in holdings.holdings(person_id):
        rule = _rule(policy, holding.data_class, holding.trigger)
        duration = rule.duration
        if rule.key == _CONTENT_RULE and own.content_term is not None:
            duration = own.content_term
        found.setdefault(holding.data_class, []).append(
            HeldTerm(
                things=_things(tables, holding.counts),
                count=sum(holding.counts.values()),
                term=duration_in_words(duration),
                fact=trigger_in_words(holding.trigger),
                why=rule.why.in_language(language),
                is_severed=rule.then is EndAction.SEVER,
            )
        )
    return tuple(
        HeldClass(
            name=policy.classes[data_class].name.in_language(language),
            covers=policy.classes[data_class].covers.in_language(language),
            terms=tuple(terms),
        )
        for data_class, terms in found.items()
    )


def _rule(policy: Manifest, data_class: DataClass, trigger: str) -> RetentionRule:
    return next(
        rule
        for rule in policy.retention.values()
        if (rule.data_class, rule.trigger) == (data_class, trigger)
    )


def _things(tables: Mapping[str, Table], counts: Mapping[str, int]) -> str:
    """What the counted rows are called: tables that no archive carries have no name."""
    named = {str(tables[label].name) for label in counts if tables[label].name}
    return ", ".join(sorted(named))


def disclosed_line(line: Disclosed) -> DisclosedLine:
    """A disclosure in the reader's words."""
    policy, language = manifest(), get_language() or "en"
    purpose = policy.purposes.get(line.purpose)
    company = recipient(line.recipient).company if line.recipient in policy.recipients else ""
    return DisclosedLine(
        at=line.at,
        company=company or line.recipient,
        country=country_name(line.country),
        purpose=purpose.name.in_language(language) if purpose else line.purpose,
        basis=words.basis(line.basis),
        transfer=words.transfer(line.transfer_basis),
        classes=", ".join(
            policy.classes[data_class].name.in_language(language)
            for data_class in line.data_classes
        ),
    )


def objection_lines(own: Standing) -> tuple[ObjectionLine, ...]:
    """Every purpose that rests on an interest, with its switch or with what is answered."""
    policy, language = manifest(), get_language() or "en"
    return tuple(
        ObjectionLine(
            purpose=purpose.key,
            name=purpose.name.in_language(language),
            why=purpose.why.in_language(language),
            balancing=purpose.balancing.in_language(language) if purpose.balancing else "",
            answer=""
            if has_switch(purpose) or purpose.overriding is None
            else purpose.overriding.in_language(language),
            is_on=purpose.key in own.objections,
        )
        for purpose in policy.purposes.values()
        if Basis.LEGITIMATE_INTEREST in purpose.bases.values()
    )


def term_choices(own: Standing) -> tuple[TermChoice, ...]:
    """The terms of content, the one that holds marked."""
    offered = terms_offered()
    holds = own.content_term or next(iter(offered.values()), Duration())
    return tuple(
        TermChoice(value=text, words=duration_in_words(duration), is_chosen=duration == holds)
        for text, duration in offered.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """A decision in words."""

    number: int
    purpose: str
    action: str
    method: str
    at: datetime
    expires_at: datetime


def consent_row(line: ConsentLine) -> ConsentRow:
    """A decision in the reader's words."""
    purpose = manifest().purposes.get(line.purpose)
    return ConsentRow(
        number=line.number,
        purpose=purpose.name.in_language(get_language() or "en") if purpose else line.purpose,
        action=words.action(line.action),
        method=words.method(line.method),
        at=line.at,
        expires_at=line.expires_at,
    )
