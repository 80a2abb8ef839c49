"""Showing that an address is one's own: a code, sent there, typed into a page.

The code is made from the request, the instant it was sent and the installation's secret, so it is
stored nowhere. A known and an unknown address go through the same steps and the same words.
"""

import base64
import hmac
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from bluegpt.core import clock
from bluegpt.privacy.errors.requests import WrongCode
from bluegpt.privacy.models import Request
from bluegpt.privacy.services.request_steps import locked, move, step
from bluegpt.privacy.types.requests import Proof, RequestId, State, StepKind

LIFETIME = timedelta(days=1)
TRIES_MAX = 5
_BY = "desk"
_CODE_CHARS = 8


def send_code(*, request_id: RequestId) -> None:
    """Send a fresh code to the address of the request; an earlier one no longer works."""
    with transaction.atomic():
        row = locked(request_id)
        row.code_sent_at = clock.now()
        row.code_tries = 0
        row.save(update_fields=["code_sent_at", "code_tries"])
        step(row, StepKind.CODE_SENT, by=_BY)


def confirm_code(*, reference: str, code: str) -> RequestId:
    """Note that who wrote reads the address. Raises WrongCode, for whatever reason it is wrong.

    A wrong code counts, even though it is refused.
    """
    with transaction.atomic():
        rows = Request.objects.select_for_update()
        row = rows.filter(reference=reference.strip().upper()).first()
        is_right = row is not None and _is_right(row, code)
        if row is not None and is_right:
            row.proof = Proof.CODE.value
            row.code_sent_at = None
            row.save(update_fields=["proof", "code_sent_at"])
            move(row, State.IDENTIFIED, kind=StepKind.IDENTIFIED, by="person", code=Proof.CODE)
        elif row is not None:
            row.code_tries = min(row.code_tries + 1, TRIES_MAX)
            row.save(update_fields=["code_tries"])
    if row is None or not is_right:
        raise WrongCode
    return row.id


def code_of(request_id: RequestId) -> str:
    """The code that is valid now; "" when there is none."""
    row = Request.objects.filter(id=request_id).first()
    return "" if row is None or row.code_sent_at is None else _code(row)


def _is_right(row: Request, code: str) -> bool:
    if row.state != State.RECEIVED or row.code_sent_at is None or row.code_tries >= TRIES_MAX:
        return False
    if clock.now() - row.code_sent_at > LIFETIME:
        return False
    typed = "".join(code.split()).replace("-", "").upper()
    return hmac.compare_digest(typed.encode(), _code(row).encode())


def _code(row: Request) -> str:
    assert row.code_sent_at is not None
    return _made(row.id, row.code_sent_at.isoformat())


def _made(request_id: UUID, sent_at: str) -> str:
    made = salted_hmac("privacy.request_code", f"{request_id}:{sent_at}", algorithm="sha256")
    return base64.b32encode(made.digest()).decode()[:_CODE_CHARS]
