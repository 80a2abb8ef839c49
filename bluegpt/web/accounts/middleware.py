"""Notes where each session was last seen: once a minute, not with every request."""

from collections.abc import Awaitable, Callable
from typing import Any

from allauth.account.adapter import get_adapter
from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bluegpt.accounts.services import sessions

Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
_NOTED_EVERY_S = 60


class SessionSeenMiddleware:
    """In place of allauth's, which writes to the database at every request and cannot be async."""

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
        if _is_due(request) and request.user.is_authenticated:
            _note(request)
        return self.get_response(request)

    async def _in_loop(self, request: HttpRequest) -> HttpResponseBase:
        if _is_due(request) and (await request.auser()).is_authenticated:
            await sync_to_async(_note)(request)
        response: Any = self.get_response(request)
        answer: HttpResponseBase = await response
        return answer


def _is_due(request: HttpRequest) -> bool:
    session_key = request.session.session_key
    return bool(session_key) and cache.add(f"session-seen:{session_key}", 1, _NOTED_EVERY_S)


def _note(request: HttpRequest) -> None:
    sessions.note_seen(
        session_key=request.session.session_key or "",
        ip=get_adapter(request).get_client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
