"""A copy of an identity document: only on a documented doubt, masked, gone at the decision.

Source: GDPR, Art. 12(6) and 5(1)(c).
"""

import base64

from django.db import IntegrityError, transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.requests import (
    DocumentNotAsked,
    DocumentNotMasked,
    DocumentTooLarge,
    SecondPersonMissing,
    WrongState,
)
from bluegpt.privacy.models import IdentityDocument, RequestStep
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.requests import STEP_WORDS, open_text
from bluegpt.privacy.rules import requests
from bluegpt.privacy.services.request_steps import locked, step
from bluegpt.privacy.services.requests import identify
from bluegpt.privacy.types.requests import Proof, RequestId, State, StepKind
from bluegpt.privacy.types.rights import DocumentPolicy
from bluegpt.vault.services import seal as vault

COPY_BYTES_MAX = 2_000_000
COPY = "privacy.identity_document.copy"


def doubt(*, request_id: RequestId, words: str, by: str) -> None:
    """Write down why it is doubtful who asks; nothing is asked until a second person agrees.

    Raises WordsMissing, WordsTooLong, DocumentNotAsked where the policy never asks, and WrongState
    once somebody is identified.
    """
    words = requests.checked_words(words)
    if manifest().rights.identity_document is DocumentPolicy.NEVER:
        raise DocumentNotAsked
    with transaction.atomic():
        row = locked(request_id)
        if row.state != State.RECEIVED:
            raise WrongState
        step(row, StepKind.DOCUMENT_DOUBTED, by=by, words=words)


def agree(*, request_id: RequestId, by: str) -> None:
    """Agree to somebody else's doubt, which asks for the document. Raises as `ask_document`.

    Raises DocumentNotAsked when nobody has written down a doubt.
    """
    with transaction.atomic():
        row = locked(request_id)
        doubts = RequestStep.objects.filter(request=row, kind=StepKind.DOCUMENT_DOUBTED.value)
        last = doubts.order_by("-id").first()
        if last is None:
            raise DocumentNotAsked
        words = open_text(
            last.words_sealed, person_id=row.person_id, place=STEP_WORDS, row_id=last.id
        )
        ask_document(request_id=request_id, doubt=words, by=last.by, second_by=by)


def ask_document(*, request_id: RequestId, doubt: str, by: str, second_by: str) -> None:
    """Ask for a copy, for a doubt in writing on which two people agree; told to the person.

    Raises WordsMissing, SecondPersonMissing, DocumentNotAsked where the policy never asks, and
    WrongState once somebody is identified.
    """
    doubt = requests.checked_words(doubt)
    if not second_by.strip() or second_by.strip().casefold() == by.strip().casefold():
        raise SecondPersonMissing
    if manifest().rights.identity_document is DocumentPolicy.NEVER:
        raise DocumentNotAsked
    with transaction.atomic():
        row = locked(request_id)
        if row.state != State.RECEIVED:
            raise WrongState
        step(row, StepKind.DOCUMENT_ASKED, by=by, second_by=second_by.strip(), words=doubt)


def record_document(
    *, request_id: RequestId, copy: bytes, media_type: str, is_masked: bool, by: str
) -> None:
    """Keep a masked copy under a key of its own until the decision.

    `is_masked`: whoever records it has looked, and everything but name and validity is covered.
    Raises DocumentNotAsked, DocumentNotMasked, DocumentTooLarge, WrongState when one is kept
    already for this person.
    """
    if not is_masked:
        raise DocumentNotMasked
    if len(copy) > COPY_BYTES_MAX:
        raise DocumentTooLarge
    with transaction.atomic():
        row = locked(request_id)
        requests.check_open(State(row.state))
        asked = RequestStep.objects.filter(request=row, kind=StepKind.DOCUMENT_ASKED.value)
        if not asked.exists():
            raise DocumentNotAsked
        # One key serves one document, so that its end leaves no other one unreadable.
        if IdentityDocument.objects.filter(request__person_id=row.person_id).exists():
            raise WrongState
        document_id = new_id()
        sealed = vault.seal(
            base64.b64encode(copy),
            person_id=row.person_id,
            data_class=DataClass.IDENTITY_DOCUMENT,
            context=f"{COPY}:{document_id}",
        )
        try:
            IdentityDocument.objects.create(
                id=document_id,
                request=row,
                media_type=media_type[:40],
                received_at=clock.now(),
                copy_sealed=sealed,
            )
        except IntegrityError as kept:
            raise WrongState from kept
        step(row, StepKind.DOCUMENT_RECEIVED, by=by)


def recognise(*, request_id: RequestId, by: str) -> None:
    """Note that the masked copy shows who asks.

    Raises DocumentNotAsked when none is kept, WrongState once the request is decided.
    """
    copy_of(request_id=request_id)
    identify(request_id=request_id, proof=Proof.DOCUMENT, by=by)


def copy_of(*, request_id: RequestId) -> bytes:
    """The masked copy, for whoever decides. Raises DocumentNotAsked when none is kept."""
    found = IdentityDocument.objects.filter(request_id=request_id).select_related("request").first()
    if found is None:
        raise DocumentNotAsked
    sealed = vault.open_sealed(
        bytes(found.copy_sealed),
        person_id=found.request.person_id,
        data_class=DataClass.IDENTITY_DOCUMENT,
        context=f"{COPY}:{found.id}",
    )
    return base64.b64decode(sealed)
