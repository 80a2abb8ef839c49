"""How Google's Gemini says no."""

from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox.dialect import RETRY_AFTER_S
from bluegpt.providers.adapters.sandbox.fields import Voice
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

REQUEST_ID_HEADER = "x-request-id"


def _bad(message: str) -> Wording:
    return Wording(status=400, kind="INVALID_ARGUMENT", message=message)


def _other(status: int, kind: str, message: str) -> Wording:
    return Wording(status=status, kind=kind, message=message)


ERRORS = {
    "400": _bad("Request contains an invalid argument. (The sandbox was told to say so.)"),
    "401": _other(401, "UNAUTHENTICATED", "API keys are not valid for this request."),
    "402": _other(402, "FAILED_PRECONDITION", "Billing is not enabled for this project."),
    "403": _other(403, "PERMISSION_DENIED", "The caller does not have permission."),
    "404": _other(404, "NOT_FOUND", "Requested entity was not found."),
    "408": _other(408, "DEADLINE_EXCEEDED", "The request timed out."),
    "413": _other(413, "INVALID_ARGUMENT", "Request payload size exceeds the limit."),
    "422": _other(422, "INVALID_ARGUMENT", "The request could not be processed."),
    "429": Wording(
        status=429,
        kind="RESOURCE_EXHAUSTED",
        message="Resource has been exhausted (e.g. check quota).",
        headers={"retry-after": str(RETRY_AFTER_S)},
    ),
    "500": _other(500, "INTERNAL", "An internal error has occurred. Please retry."),
    "529": _other(529, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "quota": _other(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "context": _bad(
        "The input token count ({found}) exceeds the maximum number of tokens allowed ({most})."
    ),
    "unsafe": _bad("The prompt violates our usage guidelines and could not be submitted."),
    "key": _other(401, "UNAUTHENTICATED", "Request is missing required authentication credential."),
    "json": _bad("Invalid JSON payload received."),
    "model": _other(
        404,
        "NOT_FOUND",
        "models/{model} is not found, or is not supported for generateContent.",
    ),
    "route": _other(404, "NOT_FOUND", "{method} {path} was not found."),
    "method": _other(405, "INVALID_ARGUMENT", "{method} is not allowed on {path}."),
    "switch": _bad("{why}"),
}

VOICE = Voice(
    missing=_bad("* {at}: is required"),
    wrong_type=_bad("Invalid value at '{at}': expected {why}"),
    wrong_value=_bad("Invalid value at '{at}': {why}"),
    unknown=_bad('Invalid JSON payload received. Unknown name "{at}": Cannot find field.'),
    item="{name}[{index}]",
    takes_snake_case=True,
)


def error_object(refusal: Refusal) -> dict[str, Any]:
    wording = refusal.wording
    return {
        "error": {
            "code": wording.status,
            "message": refusal.message,
            "status": wording.kind,
        }
    }


def error_body(refusal: Refusal) -> bytes:
    return orjson.dumps(error_object(refusal))


def interaction_error_body(refusal: Refusal) -> bytes:
    """Of an interaction: the code is a word there, and not the status in digits."""
    code = refusal.wording.kind.lower()
    return orjson.dumps({"error": {"code": code, "message": refusal.message}})
