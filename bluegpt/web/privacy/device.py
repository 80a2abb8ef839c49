"""What this browser has decided about tracers: a signed cookie, readable by this site alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bluegpt.core import clock
from bluegpt.core.ids import new_secret
from bluegpt.privacy.queries import tracers

_SALT = "bluegpt.tracers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Purposes agreed to and refused. `made_at` is None while nothing was decided."""

    device: str = ""
    agreed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    made_at: datetime | None = None


NONE = Decision()


def decision(request: HttpRequest) -> Decision:
    """What the cookie says, while it is ours and its term lasts."""
    value = request.COOKIES.get(tracers.CHOICE)
    if not value:
        return NONE
    try:
        said: Any = signing.loads(value, salt=_SALT)
        made_at = datetime.fromtimestamp(said["at"], tz=UTC)
        found = Decision(
            device=said["device"],
            agreed=frozenset(said["agreed"]),
            refused=frozenset(said["refused"]),
            made_at=made_at,
        )
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return NONE
    # A browser that keeps a cookie too long is asked again all the same.
    return found if clock.now() < tracers.choice_ends_at(made_at) else NONE


def is_asked(request: HttpRequest) -> bool:
    """Whether something here needs an agreement on which this browser has not decided."""
    decided = decision(request)
    known = decided.agreed | decided.refused
    return any(each.purpose not in known for each in tracers.asking())


def remember(
    response: HttpResponseBase, *, device: str, agreed: Iterable[str], refused: Iterable[str]
) -> None:
    """Keep a decision in the browser until it is asked again."""
    now = clock.now().replace(microsecond=0)
    value = signing.dumps(
        {
            "device": device,
            "agreed": sorted(agreed),
            "refused": sorted(refused),
            "at": int(now.timestamp()),
        },
        salt=_SALT,
    )
    response.set_cookie(
        tracers.CHOICE,
        value,
        max_age=round((tracers.choice_ends_at(now) - now).total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def device_of(request: HttpRequest) -> str:
    """The random name under which this browser's choices are kept; a new one for a new browser."""
    return decision(request).device or new_secret(24)
