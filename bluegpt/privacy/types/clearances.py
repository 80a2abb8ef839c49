"""What the gate gives: recipients as they are shown, grounds, clearances."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluegpt.core.personal_data import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who may receive personal data, in the reader's language.

    `country` is where the data is processed; for this machine it is the operator's country.
    Nothing goes to a recipient that is not stated: the operator has still to say who it is.
    """

    key: str
    company: str
    country: str  # ISO 3166-1 alpha-2, empty when not stated
    role: str  # processor | operator
    transfer_basis: str  # none | adequacy | scc
    instrument: str  # what allows the transfer, in a sentence
    retention: str  # what it keeps, in a sentence
    trains_on_prompts: bool
    terms_url: str
    dpa_url: str = ""
    review_by: date | None = None
    is_stated: bool = True
    keeps_prompts_days: int | None = None  # 0: not at all; None: nobody has said


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a clearance rests on."""

    basis: str
    country: str
    transfer_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Leave to send one person's data to one recipient for one purpose.

    Only `privacy.services.gate.clear` makes one; a provider adapter refuses to work without it.
    `pairwise_id` names the person towards this recipient and nowhere else.
    """

    id: UUID
    person_id: UUID
    purpose: str
    basis: str
    recipient: str
    country: str
    transfer_basis: str
    data_classes: frozenset[DataClass]
    pairwise_id: str
    policy_digest: str
    issued_at: datetime
