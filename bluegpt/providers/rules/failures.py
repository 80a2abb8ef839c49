"""A provider's refusal in our vocabulary: by its code, then by the HTTP status.

What providers write into an error may repeat what was sent to them: their sentence is looked at
here and goes no further. Only codes, which are words of a known form, stay as a note.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bluegpt.core.errors import BlueError
from bluegpt.providers.errors import (
    ContextTooLong,
    ModelUnavailable,
    ProviderBusy,
    ProviderDown,
    ProviderMisconfigured,
    RequestRejected,
)

CODE_CHARS_MAX = 40
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")

_TOO_LONG = {"context_length_exceeded", "model_context_window_exceeded", "context_too_long"}
_TOO_LONG_WORDS = re.compile(
    r"context (length|window|limit|size)|maximum context|prompt is too long|input is too long"
    r"|exceeds? the maximum number of (input )?tokens|input token count|too many tokens",
    re.IGNORECASE,
)
_NO_FUNDS_WORDS = re.compile(
    r"credit balance is too low|insufficient (funds|balance)", re.IGNORECASE
)
# Told apart before the status is looked at: these words mean the same with every status.
_TELLING: Mapping[str, type[BlueError]] = {
    "insufficient_quota": ProviderMisconfigured,
    "billing_hard_limit_reached": ProviderMisconfigured,
    "billing_not_active": ProviderMisconfigured,
    "billing_error": ProviderMisconfigured,
    "account_deactivated": ProviderMisconfigured,
    "invalid_api_key": ProviderMisconfigured,
    "authentication_error": ProviderMisconfigured,
    "permission_error": ProviderMisconfigured,
    "unsupported_country_region_territory": ProviderMisconfigured,
    "data_residency_mismatch": ProviderMisconfigured,
    "API_KEY_INVALID": ProviderMisconfigured,
    "UNAUTHENTICATED": ProviderMisconfigured,
    "PERMISSION_DENIED": ProviderMisconfigured,
    "model_not_found": ModelUnavailable,
    "not_found_error": ModelUnavailable,
    "NOT_FOUND": ModelUnavailable,
    "rate_limit_exceeded": ProviderBusy,
    "rate_limit_error": ProviderBusy,
    "overloaded_error": ProviderBusy,
    "server_is_overloaded": ProviderBusy,
    "RESOURCE_EXHAUSTED": ProviderBusy,
    "UNAVAILABLE": ProviderBusy,
}
_BY_STATUS: Mapping[int, type[BlueError]] = {
    400: RequestRejected,
    401: ProviderMisconfigured,
    402: ProviderMisconfigured,
    403: ProviderMisconfigured,
    404: ModelUnavailable,
    408: ProviderDown,
    409: ProviderBusy,
    410: ModelUnavailable,
    413: RequestRejected,
    422: RequestRejected,
    429: ProviderBusy,
    503: ProviderBusy,
    529: ProviderBusy,
}
# An error inside a stream has no status of its own; what is not listed is the provider's fault.
_IN_STREAM: Mapping[str, type[BlueError]] = {
    "invalid_request_error": RequestRejected,
    "invalid_prompt": RequestRejected,
    "bio_policy": RequestRejected,
    "image_content_policy_violation": RequestRejected,
    "content_policy_violation": RequestRejected,
    "INVALID_ARGUMENT": RequestRejected,
    "FAILED_PRECONDITION": RequestRejected,
}


# A safety system's words. What is not among them is a failure, and is not called a refusal.
_SAFETY = re.compile(
    r"safety|moderat|policy|prohibited|content_filter|blocklist|recitation|\bspii\b",
    re.IGNORECASE,
)
_SAFETY_WORDS = re.compile(
    r"responsible ai|usage guidelines|safety (system|filter)|sensitive words|moderation system"
    r"|content moderation|violates? .{0,40}polic",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a provider's error says: its codes, the parameter, and what its sentence is about."""

    codes: tuple[str, ...]
    is_about_length: bool
    is_about_funds: bool
    is_about_safety: bool
    param: str


def complaint(body: object) -> Complaint:
    """Read any of the providers' error bodies; one in no known form says nothing."""
    if isinstance(body, Sequence) and not isinstance(body, str | bytes) and body:
        body = body[0]
    outer = body if isinstance(body, Mapping) else {}
    inner = outer.get("error", outer)
    if isinstance(inner, str):
        inner = {"message": inner}
    error: Mapping[str, object] = inner if isinstance(inner, Mapping) else {}
    told = error.get("message")
    message = told if isinstance(told, str) else ""
    codes = tuple(code for code in _codes(error) if _CODE.fullmatch(code))
    return Complaint(
        codes=codes,
        is_about_length=not _TOO_LONG.isdisjoint(codes) or bool(_TOO_LONG_WORDS.search(message)),
        is_about_funds=bool(_NO_FUNDS_WORDS.search(message)),
        is_about_safety=any(map(is_refusal, codes)) or bool(_SAFETY_WORDS.search(message)),
        param=str(error.get("param") or ""),
    )


def http_failure(*, status: int, about: Complaint, retry_after_s: int | None) -> BlueError:
    """The error for a refused request."""
    kind = _told(about, can_be_length=400 <= status < 500 and status != 429)
    if kind is None:
        # A redirect would take the key elsewhere: the base URL is wrong.
        default = ProviderMisconfigured if 300 <= status < 400 else ProviderDown
        kind = _BY_STATUS.get(status, RequestRejected if 400 <= status < 500 else default)
    return _noted(kind, f"HTTP {status}", about, retry_after_s)


def stream_failure(about: Complaint) -> BlueError:
    """The error for an answer that the provider broke off, saying why."""
    kind = _told(about, can_be_length=True)
    if kind is None:
        kinds = (_IN_STREAM[code] for code in about.codes if code in _IN_STREAM)
        kind = next(kinds, ProviderDown)
    return _noted(kind, "in the stream", about, None)


def is_refusal(code: str) -> bool:
    """Whether a code means that a safety system refused."""
    return bool(_SAFETY.search(code))


def safety_code(codes: Sequence[str]) -> str:
    """The code among these that means that a safety system refused; empty when there is none."""
    return next((code[:CODE_CHARS_MAX] for code in codes if is_refusal(code)), "")


def plain_code(value: object) -> str:
    """A provider's code as far as it is one: a word of a known form; else empty."""
    is_code = isinstance(value, str) and _CODE.fullmatch(value)
    return str(value)[:CODE_CHARS_MAX] if is_code else ""


def _told(about: Complaint, *, can_be_length: bool) -> type[BlueError] | None:
    if can_be_length and about.is_about_length:
        return ContextTooLong
    if about.is_about_funds:
        return ProviderMisconfigured
    return next((_TELLING[code] for code in about.codes if code in _TELLING), None)


def _noted(
    kind: type[BlueError], where: str, about: Complaint, retry_after_s: int | None
) -> BlueError:
    error = kind(retry_after_s=retry_after_s) if issubclass(kind, ProviderBusy) else kind()
    error.add_note(" ".join((where, *about.codes)))
    return error


def _codes(error: Mapping[str, object]) -> Iterator[str]:
    """Every word that names the error: OpenAI's code and type, Google's status and reasons."""
    for name in ("code", "type", "status"):
        value = error.get(name)
        if isinstance(value, str):
            yield value
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping) and isinstance(detail.get("reason"), str):
            yield detail["reason"]
