"""Granting what was asked at the desk: the answer, and the switch that the person would turn.

A restriction freezes the account, an objection shuts its purpose, exactly as on the person's own
page. Whoever received the data is to be told of a restriction (GDPR, Art. 19). A freeze is lifted
by its person at any time, and by staff a week after they have said so (Art. 18(3)).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.requests import NothingToLift, SwitchesOfAnother
from bluegpt.privacy.models import Request, RequestStep
from bluegpt.privacy.queries.requests import request
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.rules import requests as rules
from bluegpt.privacy.services import choices, recipient_notices, requests
from bluegpt.privacy.services.request_steps import locked, step
from bluegpt.privacy.types.requests import RequestId, RequestView, StepKind
from bluegpt.privacy.types.rights import Right

RESTRICTION = "restriction"  # what a step's code says of the freeze; otherwise a purpose
NOTICE = timedelta(days=7)
_BATCH = 200


def grant(*, request_id: RequestId, by: str, words: str = "", purposes: Sequence[str] = ()) -> None:
    """Do what was asked and say so. `purposes` are those that an objection shuts.

    Raises as `requests.deliver`, CannotObject, SwitchesOfAnother.
    """
    with transaction.atomic():
        row = locked(request_id)
        if row.right == Right.RESTRICTION:
            _freeze(row, by=by)
        _shut(row, purposes, by=by)
        requests.deliver(request_id=request_id, by=by, words=words)


def grant_part(
    *, request_id: RequestId, ground: str, words: str, by: str, purposes: Sequence[str] = ()
) -> None:
    """Do a part and refuse the rest. Raises as `requests.partly_refuse` and `grant`."""
    with transaction.atomic():
        _shut(locked(request_id), purposes, by=by)
        requests.partly_refuse(request_id=request_id, ground=ground, words=words, by=by)


def announce_lifting(*, request_id: RequestId, words: str, by: str) -> date:
    """Say why and on which day a freeze that was granted ends; the day. Raises NothingToLift."""
    words = rules.checked_words(words)
    with transaction.atomic():
        row = locked(request_id)
        if not may_be_lifted(request(request_id)):
            raise NothingToLift
        lifts_on = requests.today() + NOTICE
        code = lifts_on.isoformat()
        step(row, StepKind.LIFTING_ANNOUNCED, by=by, code=code, words=words)
    return lifts_on


def lift_announced() -> int:
    """Lift every freeze whose announced day has come; how many. Repeatable."""
    lifted = RequestStep.objects.filter(kind=StepKind.LIFTED).values("request_id")
    announced = RequestStep.objects.filter(
        kind=StepKind.LIFTING_ANNOUNCED, code__lte=requests.today().isoformat()
    ).exclude(request_id__in=lifted)
    found = list(announced.order_by("id").values_list("request_id", "at")[:_BATCH])
    for request_id, announced_at in found:
        with transaction.atomic():
            row = locked(request_id)
            frozen_at = standing_now(row.person_id).restricted_at
            # A freeze that its person has turned on since is another one, and stays.
            if frozen_at is not None and frozen_at <= announced_at:
                choices.lift(person_id=row.person_id)
            step(row, StepKind.LIFTED, by=requests.BY_DESK)
    return len(found)


def may_be_lifted(found: RequestView) -> bool:
    """Whether this case froze an account that is frozen still, and no end was announced."""
    kinds = {each.kind for each in found.steps}
    return (
        found.right is Right.RESTRICTION
        and StepKind.SWITCHED in kinds
        and StepKind.LIFTING_ANNOUNCED not in kinds
        and standing_now(found.person_id).is_restricted
    )


def _freeze(row: Request, *, by: str) -> None:
    if not _has_account(row):
        return
    choices.freeze(person_id=row.person_id)
    step(row, StepKind.SWITCHED, by=by, code=RESTRICTION)
    recipient_notices.name_recipients(request_id=row.id, data_classes={DataClass.CONTENT}, by=by)


def _shut(row: Request, purposes: Sequence[str], *, by: str) -> None:
    if not purposes:
        return
    if row.right != Right.OBJECTION or not _has_account(row):
        raise SwitchesOfAnother
    for purpose in purposes:
        choices.shut(person_id=row.person_id, purpose=purpose)
        step(row, StepKind.SWITCHED, by=by, code=purpose)


def _has_account(row: Request) -> bool:
    """Whether there is somebody whose switches can be turned."""
    if not row.has_account:
        return False
    try:
        person(row.person_id)
    except UnknownPerson:
        return False
    return True
