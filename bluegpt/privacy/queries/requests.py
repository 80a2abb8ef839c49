"""Requests as their person, and as staff, see them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.requests import UnknownRequest
from bluegpt.privacy.models import Request, RequestStep
from bluegpt.privacy.types.requests import (
    Channel,
    Contact,
    Proof,
    RequestId,
    RequestView,
    State,
    Step,
    StepKind,
)
from bluegpt.privacy.types.rights import Right
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.services import seal as vault

PAGE_SIZE = 50
WORDS = "privacy.request.words"
CONTACT = "privacy.request.contact"
STEP_WORDS = "privacy.step.words"


def request(request_id: RequestId) -> RequestView:
    """One request, for staff. Raises UnknownRequest."""
    return _one(Request.objects.filter(id=request_id))


def request_by_reference(reference: str) -> RequestView:
    """One request by what letters call it, for staff. Raises UnknownRequest."""
    return _one(Request.objects.filter(reference=reference.strip().upper()))


def own_request(*, person_id: UUID, request_id: RequestId) -> RequestView:
    """One request of a person, for that person. Raises UnknownRequest."""
    return _one(Request.objects.filter(id=request_id, person_id=person_id))


def requests_of(person_id: UUID, *, limit: int = 100) -> tuple[RequestView, ...]:
    """A person's requests, the newest first."""
    rows = Request.objects.filter(person_id=person_id).order_by("-opened_at", "-id")
    return _views(list(rows[:limit]))


def open_requests(*, page: int = 1) -> tuple[RequestView, ...]:
    """What waits for an answer, the most urgent first, `PAGE_SIZE` at a time, from page 1."""
    start = (page - 1) * PAGE_SIZE
    waiting = Request.objects.filter(decided_at=None).order_by("due_on", "id")
    return _views(list(waiting[start : start + PAGE_SIZE]))


def decided_requests(*, page: int = 1) -> tuple[RequestView, ...]:
    """What has been answered, the newest first, `PAGE_SIZE` at a time; pages count from 1."""
    start = (page - 1) * PAGE_SIZE
    answered = Request.objects.exclude(decided_at=None).order_by("-decided_at", "-id")
    return _views(list(answered[start : start + PAGE_SIZE]))


def is_answer_owed(person_id: UUID) -> bool:
    """Whether somebody waits for an answer, or for the letter that puts the request away."""
    asked = Request.objects.filter(person_id=person_id, closed_at=None)
    return asked.exclude(channel=Channel.ACT).exists()


def open_request_count() -> int:
    """How many requests wait for an answer."""
    return Request.objects.filter(decided_at=None).count()


def open_text(sealed: bytes | memoryview, *, person_id: UUID, place: str, row_id: UUID) -> str:
    """The text of one sealed value; "" for one that never was, or whose key has ended."""
    if not sealed:
        return ""
    try:
        plain = vault.open_sealed(
            bytes(sealed),
            person_id=person_id,
            data_class=DataClass.REQUEST,
            context=f"{place}:{row_id}",
        )
    except CannotOpen:
        return ""
    return plain.decode()


def _one(rows: "QuerySet[Request]") -> RequestView:
    found = rows.first()
    if found is None:
        raise UnknownRequest
    return _views([found])[0]


def _views(rows: list[Request]) -> tuple[RequestView, ...]:
    steps = _steps_of(rows)
    return tuple(_view(row, steps[row.id]) for row in rows)


def _view(row: Request, steps: Iterable[Step]) -> RequestView:
    contact = open_text(row.contact_sealed, person_id=row.person_id, place=CONTACT, row_id=row.id)
    return RequestView(
        id=row.id,
        reference=row.reference,
        person_id=row.person_id,
        has_account=row.has_account,
        right=Right(row.right),
        channel=Channel(row.channel),
        state=State(row.state),
        proof=Proof(row.proof),
        language=row.language,
        received_on=row.received_on,
        due_on=row.due_on,
        is_extended=row.is_extended,
        contact=Contact(**json.loads(contact)) if contact else Contact(),
        words=open_text(row.words_sealed, person_id=row.person_id, place=WORDS, row_id=row.id),
        steps=tuple(steps),
        decided_at=row.decided_at,
        closed_at=row.closed_at,
    )


def _steps_of(rows: list[Request]) -> dict[UUID, list[Step]]:
    owners = {row.id: row.person_id for row in rows}
    found: dict[UUID, list[Step]] = defaultdict(list)
    for step in RequestStep.objects.filter(request_id__in=owners).order_by("id"):
        found[step.request_id].append(
            Step(
                id=step.id,
                kind=StepKind(step.kind),
                at=step.at,
                by=step.by,
                second_by=step.second_by,
                code=step.code,
                words=open_text(
                    step.words_sealed,
                    person_id=owners[step.request_id],
                    place=STEP_WORDS,
                    row_id=step.id,
                ),
            )
        )
    return found
