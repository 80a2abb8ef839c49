"""The jar: only cookies that the policy declares leave this site, and only for as long as it says.

A cookie that is not declared, or that waits for an agreement, is taken out of the answer and named
in the log. One that the browser already has is not written again, so that no visit prolongs it.
"""

import logging
from collections.abc import Awaitable, Callable
from http.cookies import Morsel
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from bluegpt.core import clock
from bluegpt.privacy.queries import tracers
from bluegpt.privacy.types.consents import ConsentMethod
from bluegpt.privacy.types.tracers import Tracer
from bluegpt.web.privacy import deciding, device
from bluegpt.web.privacy.device import Decision

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


class JarMiddleware:
    """Stands outside everything that sets a cookie."""

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
        if _signals_refusal(request):
            _note_refusal(request)
        return kept(request, self.get_response(request))

    async def _in_loop(self, request: HttpRequest) -> HttpResponseBase:
        if _signals_refusal(request):
            await sync_to_async(_note_refusal)(request)
        response: Any = self.get_response(request)
        return kept(request, await response)


def kept(request: HttpRequest, response: Any) -> HttpResponseBase:
    """The answer with the cookies that may be set, and the sites that may be loaded from."""
    if response.cookies or tracers.asking():
        decision = device.decision(request)
        noted = getattr(request, "tracer_choice", None)
        for name, morsel in list(response.cookies.items()):
            if not _may_go(request, morsel, decision):
                del response.cookies[name]
        if noted is not None:
            response.cookies[tracers.CHOICE] = noted.value
            response.cookies[tracers.CHOICE].update(noted)
        _open_hosts(response, decision)
    answer: HttpResponseBase = response
    return answer


def _signals_refusal(request: HttpRequest) -> bool:
    """Whether the browser says by itself what it has not been asked yet: Global Privacy Control.

    Only where a page is looked at: programs and pieces of pages decide nothing.
    """
    return (
        request.headers.get("Sec-GPC") == "1"
        and request.method == "GET"
        and "text/html" in request.headers.get("Accept", "text/html")
        and device.is_asked(request)
    )


def _note_refusal(request: HttpRequest) -> None:
    """Keep the refusal now, and let the answer carry it to the browser."""
    aside = HttpResponse()
    deciding.take(request, aside, agreed=(), method=ConsentMethod.GPC)
    morsel = aside.cookies[tracers.CHOICE]
    request.COOKIES[tracers.CHOICE] = morsel.value  # so that this very page does not ask
    request.tracer_choice = morsel  # type: ignore[attr-defined]


def _may_go(request: HttpRequest, morsel: "Morsel[str]", decision: Decision) -> bool:
    is_deletion = morsel["max-age"] == 0
    tracer = tracers.may_set(morsel.key, agreed=decision.agreed)
    if is_deletion:
        return True
    if tracer is None:
        logger.warning("the cookie %s is not declared, or not agreed to: taken out", morsel.key)
        return False
    if morsel["max-age"] and request.COOKIES.get(morsel.key) == morsel.value:
        return False  # the browser has it: writing it again would only prolong it
    _bound(morsel, tracer, decision)
    return True


def _bound(morsel: "Morsel[str]", tracer: Tracer, decision: Decision) -> None:
    """No longer than declared, for this site alone, and out of reach of scripts."""
    now = clock.now()
    since = now if tracer.exempt is not None else decision.made_at or now
    longest_s = tracers.lifetime_s(tracer, first_set_at=since, now=now)
    if not longest_s:
        morsel["max-age"] = morsel["expires"] = ""
    elif not morsel["max-age"] or int(morsel["max-age"]) > longest_s:
        morsel["max-age"], morsel["expires"] = longest_s, ""
    morsel["domain"], morsel["httponly"] = "", True
    morsel["samesite"] = tracer.same_site.value.capitalize()


def _open_hosts(response: Any, decision: Decision) -> None:
    hosts = tracers.opened_hosts(decision.agreed) if decision.agreed else ()
    if hosts:
        response._csp_update = {
            directive: list(hosts) for directive in ("script-src", "img-src", "connect-src")
        }
