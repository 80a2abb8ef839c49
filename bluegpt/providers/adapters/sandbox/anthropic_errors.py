"""How Anthropic says no."""

from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox.dialect import RETRY_AFTER_S
from bluegpt.providers.adapters.sandbox.fields import Voice
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

REQUEST_ID_HEADER = "request-id"


def _bad(message: str) -> Wording:
    return Wording(status=400, kind="invalid_request_error", message=message)


ERRORS = {
    "400": _bad("Invalid request. (The sandbox was told to say so.)"),
    "401": Wording(status=401, kind="authentication_error", message="invalid x-api-key"),
    "402": Wording(
        status=402,
        kind="billing_error",
        message="There is an issue with your billing or payment information.",
    ),
    "403": Wording(
        status=403,
        kind="permission_error",
        message="Your API key does not have permission to use the specified resource.",
    ),
    "404": Wording(
        status=404,
        kind="not_found_error",
        message="The requested resource could not be found.",
    ),
    "408": Wording(status=408, kind="timeout_error", message="Request timed out."),
    "413": Wording(
        status=413,
        kind="request_too_large",
        message="Request exceeds the maximum allowed number of bytes.",
    ),
    "422": Wording(
        status=422,
        kind="invalid_request_error",
        message="The request could not be processed.",
    ),
    "429": Wording(
        status=429,
        kind="rate_limit_error",
        message="This request would exceed your account's rate limit. Please try again later.",
        headers={
            "retry-after": str(RETRY_AFTER_S),
            "anthropic-ratelimit-requests-limit": "60",
            "anthropic-ratelimit-requests-remaining": "0",
        },
    ),
    "500": Wording(status=500, kind="api_error", message="Internal server error"),
    "529": Wording(status=529, kind="overloaded_error", message="Overloaded"),
    "quota": _bad(
        "Your credit balance is too low to access the Anthropic API."
        " Please go to Plans & Billing to upgrade or purchase credits."
    ),
    "context": _bad("prompt is too long: {found} tokens > {most} maximum"),
    "key": Wording(status=401, kind="authentication_error", message="x-api-key header is required"),
    "json": _bad("The request body is not valid JSON."),
    "model": Wording(status=404, kind="not_found_error", message="model: {model}"),
    "route": Wording(status=404, kind="not_found_error", message="Not found"),
    "method": Wording(status=405, kind="invalid_request_error", message="Method Not Allowed"),
    "switch": _bad("{why}"),
}

VOICE = Voice(
    missing=_bad("{at}: Field required"),
    wrong_type=_bad("{at}: Input should be {why}"),
    wrong_value=_bad("{at}: {why}"),
    unknown=_bad("{at}: Extra inputs are not permitted"),
)


def error_body(refusal: Refusal, request_id: str) -> bytes:
    error = {"type": refusal.wording.kind, "message": refusal.message}
    return orjson.dumps({"type": "error", "error": error, "request_id": request_id})


def error_event() -> dict[str, Any]:
    """The event of a stream that fails midway."""
    wording = ERRORS["529"]
    return {
        "type": "error",
        "error": {"type": wording.kind, "message": wording.message},
    }
