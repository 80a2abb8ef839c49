"""What staff do to a request on their pages: the act and its line in the log, or neither."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import transaction

from bluegpt.privacy.queries.requests import request
from bluegpt.privacy.services import identity_documents, request_codes, requests, staff_log
from bluegpt.privacy.types.requests import Channel, Contact, RequestId
from bluegpt.privacy.types.rights import Right


def record(
    *,
    actor_id: UUID,
    contact: Contact,
    right: Right,
    channel: Channel,
    words: str,
    received_on: date,
) -> RequestId:
    """Record what came by mail or post; with a mail address, a code goes there.

    Raises as `requests.record_request`.
    """
    with transaction.atomic():
        request_id = requests.record_request(
            contact=contact,
            right=right,
            channel=channel,
            words=words,
            received_on=received_on,
            by=str(actor_id),
        )
        _note(actor_id, "record", request_id, channel=channel.value)
        if contact.email.strip():
            request_codes.send_code(request_id=request_id)
    return request_id


def act(
    verb: str,
    service: Callable[..., object],
    *,
    actor_id: UUID,
    request_id: RequestId,
    **given: object,
) -> None:
    """Do one thing to a request, in somebody's name. Raises what the service raises.

    A code that was given (a ground, a recipient) stands in the log too; words never do.
    """
    codes = {
        name: " ".join(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name in {"ground", "recipient", "by_months", "proof", "purposes"} and value
    }
    with transaction.atomic():
        service(request_id=request_id, by=str(actor_id), **given)
        _note(actor_id, verb, request_id, **codes)


def see_document(*, actor_id: UUID, request_id: RequestId) -> bytes:
    """The masked copy, for whoever decides; looking leaves a line. Raises DocumentNotAsked."""
    request(request_id)
    with transaction.atomic():
        copy = identity_documents.copy_of(request_id=request_id)
        _note(actor_id, "see_document", request_id)
    return copy


def _note(actor_id: UUID, verb: str, request_id: RequestId, **facts: object) -> None:
    staff_log.note(actor_id=actor_id, verb=f"request.{verb}", object_id=request_id, facts=facts)
