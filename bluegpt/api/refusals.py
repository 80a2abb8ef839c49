"""The one place where errors become OpenAI's error bodies."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bluegpt.api.errors import (
    AnswerInterrupted,
    AnswerStopped,
    InvalidApiKey,
    InvalidParameter,
    MethodNotOffered,
    RequestTooLarge,
    UnsupportedParameter,
)
from bluegpt.core.errors import BlueError, Conflict, Missing, Refused, Unavailable
from bluegpt.core.money import credits_text
from bluegpt.credits.errors import CapReached, DebtOutstanding, InsufficientCredits
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.providers.errors import ContextTooLong, ModelUnavailable, ProviderBusy, UnknownModel
from bluegpt.studio.errors import (
    DoesNotConverse,
    DoesNotDraw,
    SettingNotOffered,
    SizeNotOffered,
    UnusableMask,
)
from bluegpt.studio.types.calls import CallState, CallView

# The first that fits counts: leaves before families.
_STATUS: tuple[tuple[type[BlueError], int], ...] = (
    (InvalidApiKey, 401),
    (InsufficientCredits, 402),
    (DebtOutstanding, 402),
    (CapReached, 402),
    (NotCleared, 403),
    (MethodNotOffered, 405),
    (RequestTooLarge, 413),
    (ProviderBusy, 429),
    (Refused, 400),
    (Missing, 404),
    (Conflict, 409),
    (Unavailable, 503),
)
_TYPES = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}
# Where the parameter at fault is known from the kind of error.
_PARAMS: tuple[tuple[type[BlueError], str], ...] = (
    (UnknownModel, "model"),
    (ModelUnavailable, "model"),
    (ContextTooLong, "messages"),
    (DoesNotConverse, "model"),
    (DoesNotDraw, "model"),
    (SizeNotOffered, "size"),
    (UnusableMask, "mask"),
)
_SETTINGS = {
    "number": "n",
    "format": "output_format",
    "transparent_jpeg": "background",
    "references": "image",
    "no_references": "image",
}
# OpenAI's SDKs send these again by themselves, and to no purpose.
_FRUITLESS = frozenset({402, 409})

Body = dict[str, Any]


def status_of(kind: type[BlueError]) -> int:
    """The HTTP status of a kind of error."""
    return next((status for family, status in _STATUS if issubclass(kind, family)), 500)


def refusal(error: BlueError) -> HttpResponse:
    """An error as a response; nothing was charged."""
    retry_after_s = error.retry_after_s if isinstance(error, Unavailable) else None
    status = status_of(type(error))
    return response(body_of(error), status=status, retry_after_s=retry_after_s)


def broken() -> HttpResponse:
    """A mistake of ours."""
    return response(_internal(), status=500)


def body_of(error: BlueError) -> Body:
    """An error as OpenAI spells it."""
    body = _body(str(error), type(error), code=error.code, param=_param_of(error))
    if isinstance(error, InsufficientCredits):
        body["message"] = _needs_more(error)
        body["bluegpt"] = {
            "needed_microcredits": error.needed_microcredits,
            "available_microcredits": error.available_microcredits,
        }
    return {"error": body}


def ended(call: CallView) -> tuple[Body, int]:
    """Why an answer did not come to its end, and the status of that; what came was charged."""
    if call.state is CallState.STOPPED:
        return body_of(AnswerStopped()), status_of(AnswerStopped)
    if call.state is CallState.INTERRUPTED:
        return body_of(AnswerInterrupted()), status_of(AnswerInterrupted)
    kind = _kind_of(call.error_code)
    if kind is None:
        return _internal(), 500
    param = next((name for known, name in _PARAMS if issubclass(kind, known)), None)
    body = _body(call.error_sentence, kind, code=call.error_code, param=param)
    return {"error": body}, status_of(kind)


def response(
    body: Body, *, status: int, retry_after_s: int | None = None, was_charged: bool = False
) -> HttpResponse:
    """An error body as a response that says whether sending it again makes sense."""
    made = HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
    made["Cache-Control"] = "no-store"
    if retry_after_s:
        made["Retry-After"] = str(retry_after_s)
    if was_charged or status in _FRUITLESS:
        made["X-Should-Retry"] = "false"
    if status == 401:
        made["WWW-Authenticate"] = "Bearer"
    return made


def _body(message: str, kind: type[BlueError], *, code: str, param: str | None) -> Body:
    type_ = _TYPES.get(status_of(kind), "invalid_request_error")
    return {"message": message, "type": type_, "param": param, "code": code}


def _internal() -> Body:
    message = _("Something broke on our side. Nothing more is charged than what had come.")
    return {"error": {"message": message, "type": _TYPES[500], "param": None, "code": "internal"}}


def _param_of(error: BlueError) -> str | None:
    if isinstance(error, InvalidParameter | UnsupportedParameter):
        return error.param
    if isinstance(error, SettingNotOffered):
        return _SETTINGS.get(error.setting, error.setting)
    return next((name for kind, name in _PARAMS if isinstance(error, kind)), None)


def _needs_more(error: InsufficientCredits) -> str:
    return _(
        "This request can cost up to %(needed)s credits, and %(available)s are available."
        " Add credits, or ask for less."
    ) % {
        "needed": credits_text(error.needed_microcredits),
        "available": credits_text(error.available_microcredits),
    }


def _kind_of(code: str) -> type[BlueError] | None:
    """The error with this public code."""
    waiting: list[type[BlueError]] = [BlueError]
    while waiting:
        kind = waiting.pop()
        if kind.code == code:
            return kind
        waiting.extend(kind.__subclasses__())
    return None
