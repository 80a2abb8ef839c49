"""A request about somebody's data: its case, and the steps it went through."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.privacy.types.rights import Right

RequestId = UUID


class Channel(StrEnum):
    """How a request reached us. The clock is the same for all of them."""

    ACCOUNT = "account"
    FORM = "form"  # the public page, for people who cannot log in
    EMAIL = "email"
    POST = "post"
    ACT = "act"  # done by the person alone on a page of theirs, and by that answered


class Proof(StrEnum):
    """How we know that the request comes from the person it is about."""

    NONE = "none"
    SESSION = "session"  # logged in, and typed the password again just before
    ACCOUNT = "account"  # logged in, for what a page lets its person do at once
    CODE = "code"  # sent to the address we know, or to the one the request is about
    DOCUMENT = "document"  # after a documented doubt, seen by two people


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTIFIED = "identified"
    COLLECTING = "collecting"
    REVIEWING = "reviewing"
    DELIVERED = "delivered"
    PARTLY_REFUSED = "partly_refused"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What happened to a request. There is no kind that stops its clock (C18)."""

    RECEIVED = "received"
    IDENTIFIED = "identified"
    COLLECTING = "collecting"
    REVIEWING = "reviewing"
    CODE_SENT = "code_sent"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFIED = "clarified"
    EXTENDED = "extended"
    DOCUMENT_DOUBTED = "document_doubted"  # one person doubts; a second one has not agreed yet
    DOCUMENT_ASKED = "document_asked"
    DOCUMENT_RECEIVED = "document_received"
    DOCUMENT_DESTROYED = "document_destroyed"
    RECIPIENTS_NAMED = "recipients_named"
    RECIPIENT_TOLD = "recipient_told"
    RECEIPT_GIVEN = "receipt_given"  # of an erasure; the code is its number
    SWITCHED = "switched"  # what was granted holds from now on; the code says which switch
    LIFTING_ANNOUNCED = "lifting_announced"  # of a restriction; the code is the day
    LIFTED = "lifted"
    ESCALATED = "escalated"
    ALERTED = "alerted"
    DELIVERED = "delivered"
    PARTLY_REFUSED = "partly_refused"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where to answer somebody: by mail, or by post."""

    name: str = ""
    email: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a request, when, and by whom."""

    id: UUID
    kind: StepKind
    at: datetime
    by: str
    second_by: str  # the second person, where one has to agree
    code: str  # a ground of refusal, a recipient, a kind of data, a percentage
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request as its person, and as staff, see it."""

    id: RequestId
    reference: str
    person_id: UUID
    has_account: bool
    right: Right
    channel: Channel
    state: State
    proof: Proof
    language: str
    received_on: date
    due_on: date
    is_extended: bool
    contact: Contact
    words: str
    steps: tuple[Step, ...]  # the oldest first
    decided_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.decided_at is None
