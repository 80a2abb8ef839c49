"""Shows what is new in the policy at the next visit, when a version asks again."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from bluegpt.accounts.models import Person
from bluegpt.privacy.queries import versions
from bluegpt.web.redirects import SeeOther

Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]

ASKED = "policy_asked"  # in the session: this version was shown in it
_KEPT_S = 60
_SPARED = ("/privacy", "/account/", "/v1/", "/health/", "/static/", "/preferences/")


class AskAgainMiddleware:
    """Costs one look into the cache, unless there is a version that asks."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self._in_loop(request)
        shown = _shown_instead(request) if _is_visit(request) else None
        return shown or self.get_response(request)

    async def _in_loop(self, request: HttpRequest) -> HttpResponseBase:
        if _is_visit(request):
            await request.auser()
            shown = await sync_to_async(_shown_instead)(request)
            if shown is not None:
                return shown
        response: Any = self.get_response(request)
        answer: HttpResponseBase = await response
        return answer


def _is_visit(request: HttpRequest) -> bool:
    """Somebody who may be logged in opens a whole page, and a version asks."""
    return (
        request.method == "GET"
        and bool(request.session.session_key)
        and "text/html" in request.headers.get("Accept", "")
        and "HX-Request" not in request.headers
        and not request.path.startswith(_SPARED)
    )


def _shown_instead(request: HttpRequest) -> HttpResponseBase | None:
    asking = cache.get_or_set("policy-asking", versions.newest_asking, _KEPT_S)
    if not asking or request.session.get(ASKED) == asking:
        return None
    if not isinstance(request.user, Person):
        return None
    if versions.to_ask_again(request.user.id) is None:
        request.session[ASKED] = asking
        return None
    here = urlencode({"next": request.get_full_path()})
    return SeeOther(f"{reverse('privacy:what_is_new')}?{here}")
