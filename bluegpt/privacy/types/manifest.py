"""The manifest in memory: what the chapters say, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.assessment import Assessment
from bluegpt.privacy.types.backups import Backups
from bluegpt.privacy.types.clauses import Clause
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.forms import AskedForm
from bluegpt.privacy.types.inactivity import Inactivity
from bluegpt.privacy.types.legal_watch import WatchedLaw
from bluegpt.privacy.types.measures import Measure
from bluegpt.privacy.types.onboarding import Onboarding
from bluegpt.privacy.types.rights import Rights
from bluegpt.privacy.types.staff import StaffRole
from bluegpt.privacy.types.successions import SuccessionRule
from bluegpt.privacy.types.texts import Text
from bluegpt.privacy.types.tracers import Tracers

# A recipient's country as the chapters write it when the data stays with the operator.
OPERATOR_COUNTRY = "operator"


class Basis(StrEnum):
    """Why the law allows a purpose to use a data class. Source: GDPR, Art. 6(1)."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"
    LEGAL_OBLIGATION = "legal_obligation"


class TransferBasis(StrEnum):
    """Why data may leave the European Economic Area. Source: GDPR, Art. 44 to 46.

    Consent is not among them: it cannot carry a regular transfer.
    """

    NONE = "none"  # it does not leave
    ADEQUACY = "adequacy"
    SCC = "scc"


class RecipientRole(StrEnum):
    """What a recipient is to the operator."""

    PROCESSOR = "processor"
    OPERATOR = "operator"  # the operator's own machine


class Origin(StrEnum):
    """Where data of a class comes from. Source: GDPR, Art. 13 and 14."""

    GIVEN = "given"  # by the person
    MADE = "made"  # by the service for the person
    OBSERVED = "observed"  # while the person uses the service


class EndAction(StrEnum):
    """What happens to rows at the end of their term."""

    DELETE = "delete"
    SEVER = "sever"  # the row stays, the id in it belongs to nobody any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who answers for the processing, and how to reach them."""

    company: str
    legal_form: str
    share_capital: str
    register: str
    seat: str
    country: str  # ISO 3166-1 alpha-2
    email: str
    post: str
    dpo: str  # contact of the data protection officer; empty when there is none
    dpo_reason: Text | None  # why there is none
    authority: str
    authority_url: str
    age_minimum_years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFacts:
    """What a data class covers, in words for the person."""

    key: DataClass
    name: Text
    covers: Text
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What data is used for. `bases` names the data classes that it may use, and why."""

    key: str
    name: Text
    why: Text
    role: str  # the operator's: controller
    bases: Mapping[DataClass, Basis]
    recipients: tuple[str, ...]
    balancing: Text | None  # the weighing behind a legitimate interest
    overriding: Text | None  # why an objection to it is looked at by somebody, not a switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One way for data to reach a country, open until its review date."""

    key: str
    basis: TransferBasis
    countries: tuple[str, ...]  # ISO 3166-1 alpha-2; empty: the operator's own machine
    instrument: Text
    review_by: date | None  # None: nothing that could lapse
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """A recipient as the chapters describe it.

    `stated_by_operator`: only the operator knows who this is; until the overlay says so the
    facts are None or empty and the gate stays shut. `hosts` are the addresses that are this
    recipient; empty means any address the operator configures.
    """

    key: str
    role: RecipientRole
    stated_by_operator: bool
    company: Text | None
    country: str  # where the data is processed
    hosts: tuple[str, ...]
    transfer: str
    retention: Text
    keeps_prompts_days: int | None  # longest ordinary time that it keeps prompts; 0: not at all
    trains_on_prompts: bool | None
    terms_url: str
    dpa_url: str
    review_by: date | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long rows of a class live after the recorded fact that starts their clock."""

    key: str
    data_class: DataClass
    trigger: str
    duration: Duration
    ceiling: Duration  # the longest that a person may choose instead
    then: EndAction
    why: Text
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The policy in force. `digest` names this very version of it."""

    digest: str
    operator: Operator
    classes: Mapping[DataClass, ClassFacts]
    purposes: Mapping[str, Purpose]
    recipients: Mapping[str, RecipientFacts]
    transfers: Mapping[str, Transfer]
    retention: Mapping[str, RetentionRule]
    assessment: Assessment
    backups: Backups
    clauses: Mapping[int, Clause]
    forms: Mapping[str, AskedForm]
    inactivity: Inactivity
    legal_watch: Mapping[str, WatchedLaw]
    measures: Mapping[str, Measure]
    onboarding: Onboarding
    staff: Mapping[str, StaffRole]
    rights: Rights
    succession: SuccessionRule
    tracers: Tracers
