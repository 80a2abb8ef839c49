"""What people are written about their requests, and what staff are told of the clocks."""

from datetime import date
from typing import Any
from uuid import UUID

from bluegpt.mailroom.services import letters
from bluegpt.privacy.errors.requests import UnknownRequest
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.requests import request
from bluegpt.privacy.services import granting
from bluegpt.privacy.services.request_codes import code_of
from bluegpt.privacy.types.requests import Channel, RequestView, Step, StepKind

# The steps that somebody is written about; the others are read on the page of the request.
LETTERS = frozenset(
    {
        StepKind.RECEIVED,
        StepKind.CODE_SENT,
        StepKind.CLARIFICATION_ASKED,
        StepKind.DOCUMENT_ASKED,
        StepKind.EXTENDED,
        StepKind.LIFTING_ANNOUNCED,
        StepKind.DELIVERED,
        StepKind.PARTLY_REFUSED,
        StepKind.REFUSED,
        StepKind.WITHDRAWN,
        StepKind.CLOSED,
    }
)
# Letters that say where to complain. Source: GDPR, Art. 12(4).
_NAMES_AUTHORITY = frozenset({StepKind.REFUSED, StepKind.PARTLY_REFUSED, StepKind.CLOSED})
_TEMPLATE = "privacy/email/request"


def write(*, request_id: UUID, step_id: UUID) -> None:
    """Send the letter about one step; nothing when it needs none, or there is no mail address."""
    found = request(request_id)
    step = _step(found, step_id)
    # On the form, the mail with the code says that the request is here.
    is_said_elsewhere = step.kind is StepKind.RECEIVED and found.channel is Channel.FORM
    # Whoever did it alone has seen that it is done; what needs a letter of its own has one.
    is_said_elsewhere |= found.channel is Channel.ACT
    if step.kind not in LETTERS or is_said_elsewhere or not found.contact.email:
        return
    letters.send(
        to=found.contact.email,
        language=found.language,
        template=_TEMPLATE,
        facts=_facts(found, step),
    )


def drawn_up(*, request_id: UUID, step_id: UUID) -> tuple[str, str]:
    """Subject and text of the letter about one step, to be sent by post. Raises UnknownRequest."""
    found = request(request_id)
    step = _step(found, step_id)
    if step.kind not in LETTERS:
        raise UnknownRequest
    return letters.drawn_up(language=found.language, template=_TEMPLATE, facts=_facts(found, step))


def tell_staff(*, request_id: UUID, percent: int = 0) -> None:
    """Tell the privacy contact of a passing term, or, without a percentage, of a complaint."""
    found = request(request_id)
    operator = manifest().operator
    letters.send(
        to=operator.email,
        language="",
        template="privacy/email/staff",
        facts={
            "request": found,
            "percent": percent,
            "command": f"bluegpt privacy request show {found.reference}",
            "what": manifest().rights.rights[found.right].name.en,
            "authority": operator.authority,
            "authority_url": operator.authority_url,
        },
    )


def _step(found: RequestView, step_id: UUID) -> Step:
    for step in found.steps:
        if step.id == step_id:
            return step
    raise UnknownRequest


def _facts(found: RequestView, step: Step) -> dict[str, Any]:
    policy = manifest()
    ground = policy.rights.refusals.get(step.code)
    operator = policy.operator
    switched = [each.code for each in found.steps if each.kind is StepKind.SWITCHED]
    return {
        "request": found,
        "step": step,
        "body": f"privacy/email/_{step.kind}.txt",
        "what": policy.rights.rights[found.right].name.in_language(found.language),
        "code": code_of(found.id) if step.kind is StepKind.CODE_SENT else "",
        "ground": ground.text.in_language(found.language) if ground else "",
        "ground_source": ground.source if ground else "",
        "is_frozen": granting.RESTRICTION in switched,
        "shut": [
            policy.purposes[code].name.in_language(found.language)
            for code in switched
            if code in policy.purposes
        ],
        "lifts_on": date.fromisoformat(step.code)
        if step.kind is StepKind.LIFTING_ANNOUNCED
        else None,
        "names_authority": step.kind in _NAMES_AUTHORITY or found.right == "complaint",
        "authority": operator.authority,
        "authority_url": operator.authority_url,
        "operator_email": operator.email,
        "company": operator.company,
    }
