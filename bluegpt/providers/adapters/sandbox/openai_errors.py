"""How OpenAI says no: on chat completions, responses and models alike."""

import orjson

from bluegpt.providers.adapters.sandbox.dialect import RETRY_AFTER_S
from bluegpt.providers.adapters.sandbox.fields import Voice
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

REQUEST_ID_HEADER = "x-request-id"
_BAD = "invalid_request_error"


def _bad(message: str, code: str | None = None, status: int = 400) -> Wording:
    return Wording(status=status, kind=_BAD, message=message, code=code)


ERRORS = {
    "400": _bad("Invalid request. (The sandbox was told to say so.)"),
    "401": _bad("Incorrect API key provided.", "invalid_api_key", 401),
    "402": Wording(
        status=402,
        kind="insufficient_quota",
        code="insufficient_quota",
        message="This account has no funds left.",
    ),
    "403": Wording(
        status=403,
        kind="request_forbidden",
        code="unsupported_country_region_territory",
        message="Country, region, or territory not supported",
    ),
    "404": _bad(
        "The model does not exist or you do not have access to it.",
        "model_not_found",
        404,
    ),
    "408": Wording(status=408, kind="timeout", message="Request timed out."),
    "413": _bad("The request body is too large.", "request_too_large", 413),
    "422": _bad("The request could not be processed.", "unprocessable_entity", 422),
    "429": Wording(
        status=429,
        kind="requests",
        code="rate_limit_exceeded",
        message=f"Rate limit reached for requests. Please try again in {RETRY_AFTER_S}s.",
        headers={
            "retry-after": str(RETRY_AFTER_S),
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": f"{RETRY_AFTER_S}s",
        },
    ),
    "500": Wording(
        status=500,
        kind="server_error",
        message="The server had an error while processing your request. Sorry about that!",
    ),
    "529": Wording(
        status=529,
        kind="server_error",
        code="overloaded",
        message="The engine is currently overloaded, please try again later",
    ),
    "quota": Wording(
        status=429,
        kind="insufficient_quota",
        code="insufficient_quota",
        message="You exceeded your current quota, please check your plan and billing details.",
    ),
    "context": _bad(
        "This model's maximum context length is {most} tokens. However, your messages"
        " resulted in {found} tokens. Please reduce the length of the messages.",
        "context_length_exceeded",
    ),
    "unsafe": Wording(
        status=400,
        kind="image_generation_user_error",
        code="moderation_blocked",
        message="Your request was rejected by the safety system.",
    ),
    "no_video": _bad("No video with the id '{id}' was found.", "not_found", 404),
    "video_not_ready": _bad("The video is not ready yet.", "video_not_ready", 409),
    "key": _bad("You didn't provide an API key.", None, 401),
    "json": _bad("We could not parse the JSON body of your request."),
    "model": _bad(
        "The model `{model}` does not exist or you do not have access to it.",
        "model_not_found",
        404,
    ),
    "route": _bad("Invalid URL ({method} {path})", None, 404),
    "method": Wording(
        status=405,
        kind=_BAD,
        code="method_not_supported",
        message="Not allowed to {method} on {path}",
    ),
    "switch": _bad("{why}", "sandbox_switch"),
}

VOICE = Voice(
    missing=_bad("Missing required parameter: '{at}'.", "missing_required_parameter"),
    wrong_type=_bad("Invalid type for '{at}': expected {why}.", "invalid_type"),
    wrong_value=_bad("Invalid value for '{at}': {why}.", "invalid_value"),
    unknown=_bad("Unknown parameter: '{at}'.", "unknown_parameter"),
    item="{name}[{index}]",
)


def error_object(refusal: Refusal) -> dict[str, str | None]:
    """The inside of `error`."""
    return {
        "message": refusal.message,
        "type": refusal.wording.kind,
        "param": refusal.param,
        "code": refusal.wording.code,
    }


def error_body(refusal: Refusal) -> bytes:
    return orjson.dumps({"error": error_object(refusal)})
