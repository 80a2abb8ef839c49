"""The desk: opening, examining, deciding and closing requests about somebody's data.

Every action is one transaction and leaves a step with who and when. The day of receipt is fixed
when the request is opened; nothing that happens afterwards moves it.
"""

import json
from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person, person_by_email
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.errors.requests import (
    ReceiptImpossible,
    SecondPersonMissing,
    WordsMissing,
)
from bluegpt.privacy.models import Request, RequestStep
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.requests import CONTACT, WORDS
from bluegpt.privacy.rules import due_dates, requests
from bluegpt.privacy.services.request_steps import (
    destroy_document,
    locked,
    move,
    reference,
    sealed,
    step,
)
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.requests import (
    Channel,
    Contact,
    Proof,
    RequestId,
    State,
    StepKind,
)
from bluegpt.privacy.types.rights import Right

BY_PERSON = "person"
BY_DESK = "desk"  # what happens by rule
_RECEIPT_AGE_MAX = timedelta(days=366)


def open_request(
    *,
    person_id: UUID,
    right: Right,
    channel: Channel = Channel.ACCOUNT,
    words: str = "",
    is_fresh: bool = True,
) -> RequestId:
    """A request that a person makes in their own account, on its way from now on.

    `is_fresh`: the password was typed again just before, which is proof of who asks; without it
    the request waits to be identified while its clock runs. Raises UnknownPerson.
    """
    reader = person(person_id)
    words = words.strip() and requests.checked_words(words)
    row = _new(person_id=person_id, right=right, channel=channel, received_on=today())
    row.has_account = True
    row.language = reader.language or row.language
    with transaction.atomic():
        _open(row, Contact(email=reader.email), words=words, by=BY_PERSON)
        if is_fresh:
            _identify(row, Proof.SESSION, by=BY_PERSON)
    return row.id


def record_request(
    *,
    contact: Contact,
    right: Right,
    channel: Channel,
    words: str,
    received_on: date,
    by: str,
) -> RequestId:
    """A request that came by mail, by post or by the public form, as of the day it was received.

    It is filed under the account with that address, if there is one; that says nothing yet about
    who wrote it. Raises ReceiptImpossible, WordsMissing without any contact, WordsTooLong.
    """
    if not today() - _RECEIPT_AGE_MAX <= received_on <= today():
        raise ReceiptImpossible
    if not (contact.email.strip() or contact.post.strip()):
        raise WordsMissing
    words = words.strip() and requests.checked_words(words)
    row = _new(person_id=new_id(), right=right, channel=channel, received_on=received_on)
    try:
        known = person_by_email(contact.email)
        row.person_id, row.has_account = known.id, True
        row.language = known.language or row.language
    except UnknownPerson:
        pass  # somebody without an account may ask too
    with transaction.atomic():
        _open(row, contact, words=words, by=by)
    return row.id


def identify(*, request_id: RequestId, proof: Proof, by: str) -> None:
    """Note how we know who asks. Once is enough. Raises UnknownRequest, WrongState."""
    with transaction.atomic():
        row = locked(request_id)
        if row.state == State.RECEIVED:
            _identify(row, proof, by=by)
        else:
            requests.check_open(State(row.state))


def collect(*, request_id: RequestId, by: str) -> None:
    """The data is being put together. Raises WrongState."""
    with transaction.atomic():
        move(locked(request_id), State.COLLECTING, kind=StepKind.COLLECTING, by=by)


def review(*, request_id: RequestId, by: str) -> None:
    """What was put together is looked at, for what is about others. Raises WrongState."""
    with transaction.atomic():
        move(locked(request_id), State.REVIEWING, kind=StepKind.REVIEWING, by=by)


def ask_clarification(*, request_id: RequestId, words: str, by: str) -> None:
    """Ask what is meant. The clock runs on from the day of receipt. Raises WrongState."""
    words = requests.checked_words(words)
    with transaction.atomic():
        row = locked(request_id)
        requests.check_open(State(row.state))
        step(row, StepKind.CLARIFICATION_ASKED, by=by, words=words)


def clarify(*, request_id: RequestId, words: str, by: str = BY_PERSON) -> None:
    """What the person adds to their request. Raises WrongState, WordsMissing, WordsTooLong."""
    words = requests.checked_words(words)
    with transaction.atomic():
        row = locked(request_id)
        requests.check_open(State(row.state))
        step(row, StepKind.CLARIFIED, by=by, words=words)


def extend(*, request_id: RequestId, by_months: int, words: str, by: str) -> None:
    """Extend the term once, at most as the policy allows, and say why; told within the first month.

    The longer term, too, runs from the day of receipt. Raises ExtensionRefused, WordsMissing.
    """
    words = requests.checked_words(words)
    extension = Duration(months=by_months)
    with transaction.atomic():
        row = locked(request_id)
        requests.check_open(State(row.state))
        facts = manifest().rights.rights[Right(row.right)]
        requests.check_extension(
            by=extension,
            allowed=facts.extension,
            is_extended=row.is_extended,
            due_on=row.due_on,
            today=today(),
        )
        whole = Duration(months=facts.term.months + extension.months)
        row.due_on = due_dates.due_on(row.received_on, whole)
        row.is_extended = True
        row.alerted_percent = 0  # a new term, with marks of its own
        row.save(update_fields=["due_on", "is_extended", "alerted_percent"])
        step(row, StepKind.EXTENDED, by=by, code=row.due_on.isoformat(), words=words)


def refuse(*, request_id: RequestId, ground: str, words: str, by: str) -> None:
    """Refuse on a coded ground of this right; `words` say how it applies here.

    There is no refusal without a ground. Raises UnknownGround, WrongState.
    """
    _decide(request_id, State.REFUSED, ground=ground, words=requests.checked_words(words), by=by)


def partly_refuse(*, request_id: RequestId, ground: str, words: str, by: str) -> None:
    """Deliver a part, and refuse the rest on a coded ground. Raises as `refuse`, NotIdentified."""
    _decide(
        request_id, State.PARTLY_REFUSED, ground=ground, words=requests.checked_words(words), by=by
    )


def deliver(*, request_id: RequestId, by: str, words: str = "") -> None:
    """What was asked is done or handed over. Raises WrongState, NotIdentified."""
    _decide(request_id, State.DELIVERED, ground="", words=words.strip(), by=by)


def withdraw(*, request_id: RequestId, by: str = BY_PERSON) -> None:
    """The person no longer asks. Raises WrongState."""
    _decide(request_id, State.WITHDRAWN, ground="", words="", by=by)


def close(*, request_id: RequestId, by: str) -> None:
    """Put a decided request away; its retention starts here. Raises WrongState."""
    with transaction.atomic():
        row = locked(request_id)
        row.closed_at = clock.now()
        move(row, State.CLOSED, kind=StepKind.CLOSED, by=by)


def fulfil(*, request_id: RequestId, by: str, words: str = "") -> None:
    """Deliver and close in one go, for what a person has just done alone."""
    with transaction.atomic():
        deliver(request_id=request_id, by=by, words=words)
        close(request_id=request_id, by=by)


def note_act(*, person_id: UUID, right: Right, is_done: bool = True) -> RequestId:
    """What a person does alone on a page of theirs, as a case: received, done and closed at once.

    Nobody is written about it and it holds no words. With `is_done` false it stays open, its
    clock running, until `end_erasure`. Part of the caller's transaction.
    """
    row = _new(person_id=person_id, right=right, channel=Channel.ACT, received_on=today())
    row.has_account = True
    with transaction.atomic():
        row.save(force_insert=True)
        step(row, StepKind.RECEIVED, by=BY_PERSON)
        _identify(row, Proof.ACCOUNT, by=BY_PERSON)
        if is_done:
            fulfil(request_id=row.id, by=BY_PERSON)
    return row.id


def end_erasure(*, person_id: UUID, receipt_id: UUID) -> str:
    """Close the case that an erasure opened, with the number of its receipt; its reference.

    Repeatable; "" for an erasure that opened no case.
    """
    cases = Request.objects.filter(
        person_id=person_id, right=Right.ERASURE, channel=Channel.ACT
    ).order_by("-id")
    number = str(receipt_id)
    with transaction.atomic():
        for case in cases.filter(decided_at=None):
            step(locked(case.id), StepKind.RECEIPT_GIVEN, by=BY_DESK, code=number)
            fulfil(request_id=case.id, by=BY_DESK)
    given = RequestStep.objects.filter(kind=StepKind.RECEIPT_GIVEN, code=number)
    answered = cases.filter(id__in=given.values("request_id")).first()
    return "" if answered is None else answered.reference


def _decide(request_id: RequestId, to: State, *, ground: str, words: str, by: str) -> None:
    with transaction.atomic():
        row = locked(request_id)
        if to in {State.REFUSED, State.PARTLY_REFUSED}:
            requests.check_ground(manifest().rights.rights[Right(row.right)], ground)
        if row.right == Right.COMPLAINT and to is not State.WITHDRAWN:
            _insist_on_fresh_eyes(row, by=by)
        row.decided_at = clock.now()
        move(row, to, kind=StepKind(to.value), by=by, code=ground, words=words)
        destroy_document(row, by=by)


def _insist_on_fresh_eyes(row: Request, *, by: str) -> None:
    """A complaint is decided by somebody who decided none of this person's requests."""
    others = RequestStep.objects.filter(request__person_id=row.person_id, by=by)
    decided = others.filter(kind__in=requests.DECIDED).exclude(request_id=row.id)
    if decided.exists():
        raise SecondPersonMissing


def _new(*, person_id: UUID, right: Right, channel: Channel, received_on: date) -> Request:
    """A request's row as it starts, for somebody without an account until one is found."""
    return Request(
        id=new_id(),
        reference=reference(),
        person_id=person_id,
        has_account=False,
        right=right.value,
        channel=channel.value,
        state=State.RECEIVED.value,
        proof=Proof.NONE.value,
        language=(get_language() or "en")[:2],
        received_on=received_on,
        due_on=due_dates.due_on(received_on, manifest().rights.rights[right].term),
        policy_digest=manifest().digest,
        opened_at=clock.now(),
    )


def _open(row: Request, contact: Contact, *, words: str, by: str) -> None:
    """Write the request, its words and where to answer under the key of whoever it is about."""
    row.words_sealed = sealed(words, row=row, place=WORDS, row_id=row.id)
    row.contact_sealed = sealed(json.dumps(asdict(contact)), row=row, place=CONTACT, row_id=row.id)
    row.save(force_insert=True)
    step(row, StepKind.RECEIVED, by=by)
    if row.right == Right.COMPLAINT:
        step(row, StepKind.ESCALATED, by=BY_DESK)


def _identify(row: Request, proof: Proof, *, by: str) -> None:
    row.proof = proof.value
    row.save(update_fields=["proof"])
    move(row, State.IDENTIFIED, kind=StepKind.IDENTIFIED, by=by, code=proof.value)


def today() -> date:
    """The day on which a request that comes in now is received."""
    return due_dates.day_in_france(clock.now())
