"""From nested tables to a manifest: every key known, present and of its type, or a finding."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.rules import settled
from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.chapters import (
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
    tracers,
)
from bluegpt.privacy.rules.documents import digest, promised
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import (
    Basis,
    ClassFacts,
    EndAction,
    Manifest,
    Operator,
    Origin,
    Purpose,
    RecipientFacts,
    RecipientRole,
    RetentionRule,
    Transfer,
    TransferBasis,
)

_TRANSFER_REFUSALS = {
    "consent": "using the service is not a ground for a transfer;"
    " take adequacy or scc (GDPR, Art. 44 to 49; C13)"
}
_ROLE_REFUSALS = {
    "controller": "a recipient of what people write works under our instructions:"
    " processor, with a data-processing agreement (GDPR, Art. 28; C13)"
}


def read(document: Mapping[str, Any]) -> Manifest:
    """Understand a merged document. Raises ManifestBroken with every finding."""
    findings: list[str] = []
    for name in sorted(set(document) ^ set(CHAPTERS)):
        findings.append(f"{name}: the chapter is {'unknown' if name in document else 'missing'}")
    findings += settled.findings(document)
    manifest = Manifest(
        digest=digest(promised(document)),
        **dict(chapter(name, document.get(name, {}), findings) for name in CHAPTERS),
    )
    if findings:
        raise ManifestBroken(findings)
    return manifest


def chapter(name: str, table: Mapping[str, Any], findings: list[str]) -> tuple[str, Any]:
    """One chapter understood, behind the field of the manifest that holds it."""
    return _FIELDS.get(name, name), CHAPTERS[name](Block(name, table, findings))


def _operator(block: Block) -> Operator:
    operator = Operator(
        company=block.words("company"),
        legal_form=block.words("legal_form"),
        share_capital=block.words("share_capital"),
        register=block.words("register"),
        seat=block.words("seat"),
        country=block.words("country"),
        email=block.words("email"),
        post=block.words("post"),
        dpo=block.optional_words("dpo"),
        dpo_reason=block.optional_text("dpo_reason"),
        authority=block.words("authority"),
        authority_url=block.words("authority_url"),
        age_minimum_years=block.whole("age_minimum_years"),
    )
    block.close()
    return operator


def _by_class(chapter: Block) -> Mapping[DataClass, ClassFacts]:
    found = (_class(block) for block in chapter.tables(tuple(DataClass)))
    return MappingProxyType({facts.key: facts for facts in found})


def _class(block: Block) -> ClassFacts:
    facts = ClassFacts(
        key=DataClass(block.key),
        name=block.text("name"),
        covers=block.text("covers"),
        origin=block.choice("origin", Origin, refusals={}),
    )
    block.close()
    return facts


def _purpose(block: Block) -> Purpose:
    purpose = Purpose(
        key=block.key,
        name=block.text("name"),
        why=block.text("why"),
        role=block.words("role"),
        bases=MappingProxyType(
            {
                data_class: Basis(basis)
                for data_class, basis in block.choices(
                    "bases", DataClass, Basis, refusals={}
                ).items()
            }
        ),
        recipients=block.word_list("recipients"),
        balancing=block.optional_text("balancing"),
        overriding=block.optional_text("overriding"),
    )
    block.close()
    return purpose


def _recipient(block: Block) -> RecipientFacts:
    facts = RecipientFacts(
        key=block.key,
        role=block.choice("role", RecipientRole, refusals=_ROLE_REFUSALS),
        stated_by_operator=bool(block.flag("stated_by_operator")),
        company=block.optional_text("company"),
        country=block.optional_words("country"),
        hosts=block.optional_word_list("hosts"),
        transfer=block.optional_words("transfer"),
        retention=block.text("retention"),
        keeps_prompts_days=block.optional_whole("keeps_prompts_days"),
        trains_on_prompts=block.flag("trains_on_prompts"),
        terms_url=block.optional_words("terms_url"),
        dpa_url=block.optional_words("dpa_url"),
        review_by=block.day("review_by"),
        source=block.optional_words("source"),
    )
    block.close()
    return facts


def _transfer(block: Block) -> Transfer:
    transfer = Transfer(
        key=block.key,
        basis=block.choice("basis", TransferBasis, refusals=_TRANSFER_REFUSALS),
        countries=block.word_list("countries"),
        instrument=block.text("instrument"),
        review_by=block.day("review_by"),
        source=block.words("source"),
    )
    block.close()
    return transfer


def _retention(block: Block) -> RetentionRule:
    term = block.made("duration", duration, Duration())
    rule = RetentionRule(
        key=block.key,
        data_class=block.choice("data_class", DataClass, refusals={}),
        trigger=block.words("trigger"),
        duration=term,
        ceiling=block.made("ceiling", duration, term),
        then=block.choice("then", EndAction, refusals={}),
        why=block.text("why"),
        source=block.words("source"),
    )
    block.close()
    return rule


def _each(read_one: Callable[[Block], Any]) -> Callable[[Block], Mapping[str, Any]]:
    """A chapter that is one table per entry."""

    def read_all(block: Block) -> Mapping[str, Any]:
        return MappingProxyType({each.key: read_one(each) for each in block.tables()})

    return read_all


CHAPTERS: Mapping[str, Callable[[Block], Any]] = {
    "assessment": assessment.read,
    "backups": backups.read,
    "clauses": clauses.read,
    "data_classes": _by_class,
    "forms": forms.read,
    "inactivity": inactivity.read,
    "legal_watch": legal_watch.read,
    "measures": measures.read,
    "onboarding": onboarding.read,
    "operator": _operator,
    "purposes": _each(_purpose),
    "recipients": _each(_recipient),
    "retention": _each(_retention),
    "staff": staff.read,
    "rights": rights.read,
    "succession": succession.read,
    "tracers": tracers.read,
    "transfers": _each(_transfer),
}
_FIELDS = {"data_classes": "classes"}
