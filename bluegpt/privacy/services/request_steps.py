"""What every action on a request is made of: the locked row, the sealed word, the step."""

import secrets
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.events import publish
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.requests import UnknownRequest
from bluegpt.privacy.events import RequestMoved
from bluegpt.privacy.models import IdentityDocument, Request, RequestStep
from bluegpt.privacy.queries.requests import STEP_WORDS
from bluegpt.privacy.rules import requests
from bluegpt.privacy.types.requests import RequestId, State, StepKind
from bluegpt.vault.errors import PersonErased
from bluegpt.vault.services import seal as vault

# Without the letters and digits that are taken for each other.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_REFERENCE_CHARS = 8


def locked(request_id: RequestId) -> Request:
    """The request's row, for this transaction alone. Raises UnknownRequest."""
    row = Request.objects.select_for_update().filter(id=request_id).first()
    if row is None:
        raise UnknownRequest
    return row


def move(
    row: Request, to: State, *, kind: StepKind, by: str, code: str = "", words: str = ""
) -> None:
    """Put a locked request into another state. Raises WrongState, NotIdentified."""
    requests.check_move(State(row.state), to)
    row.state = to.value
    row.save(update_fields=["state", "decided_at", "closed_at"])
    step(row, kind, by=by, code=code, words=words)


def step(
    row: Request,
    kind: StepKind,
    *,
    by: str,
    second_by: str = "",
    code: str = "",
    words: str = "",
) -> UUID:
    """Write down what happened and announce it; the step's id. Part of a transaction."""
    step_id = new_id()
    RequestStep.objects.create(
        id=step_id,
        request=row,
        kind=kind.value,
        at=clock.now(),
        by=by,
        second_by=second_by,
        code=code,
        words_sealed=sealed(words, row=row, place=STEP_WORDS, row_id=step_id),
    )
    publish(
        RequestMoved(
            request_id=row.id,
            step_id=step_id,
            person_id=row.person_id,
            right=row.right,
            kind=kind.value,
        )
    )
    return step_id


def sealed(words: str, *, row: Request, place: str, row_id: UUID) -> bytes:
    """Words under the key of the person's requests; an erased person keeps no words."""
    if not words:
        return b""
    try:
        return vault.seal(
            words.encode(),
            person_id=row.person_id,
            data_class=DataClass.REQUEST,
            context=f"{place}:{row_id}",
        )
    except PersonErased:
        return b""


def destroy_document(row: Request, *, by: str) -> None:
    """End the copy of an identity document with its key, when the request is decided.

    The key is destroyed once the decision is committed, and its bytes with the row before that.
    """
    if not IdentityDocument.objects.filter(request=row).delete()[0]:
        return
    step(row, StepKind.DOCUMENT_DESTROYED, by=by)
    person_id = row.person_id
    transaction.on_commit(
        lambda: vault.destroy_keys(person_id=person_id, data_class=DataClass.IDENTITY_DOCUMENT)
    )


def reference() -> str:
    """A name for letters and telephone: eight characters that nobody confuses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_CHARS))
