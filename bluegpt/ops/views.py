"""Health, for whoever watches over the process: JSON, no cookie, no cache."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bluegpt.ops.health import are_books_sound, readiness

_BOOKS = {True: "sound", False: "broken", None: "not verified"}


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers. A watcher restarts it when this fails."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """It can do its work: 200, or 503 with what is missing. A balancer passes it by meanwhile.

    `books` tells beside it what the last verification found: an alarm, and no reason to stop.
    """
    checks = readiness()
    is_ready = all(checks.values())
    return JsonResponse(
        {
            "status": "ready" if is_ready else "not ready",
            "checks": checks,
            "books": _BOOKS[are_books_sound()],
        },
        status=200 if is_ready else 503,
    )
