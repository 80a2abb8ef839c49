"""The reader's language, and one translation of refusals into pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from bluegpt.core.errors import BlueError
from bluegpt.web import errors

Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class PersonLocaleMiddleware:
    """Speaks the language that the person chose, else the cookie's, else the browser's first."""

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
        user = auth.get_user(request) if _has_session(request) else None
        _speak(request, user)
        return _named(self.get_response(request))

    async def _in_loop(self, request: HttpRequest) -> HttpResponseBase:
        user = await auth.aget_user(request) if _has_session(request) else None
        _speak(request, user)
        response: Any = self.get_response(request)
        return _named(await response)


class RefusalMiddleware:
    """Turns our own errors into a page or a piece of one; everything else stays an error."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return errors.refusal(request, error) if isinstance(error, BlueError) else None


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _speak(request: HttpRequest, user: Any) -> None:
    if user is not None:
        # The authentication middleware keeps its two caches here: so the person is read once.
        request._cached_user = request._acached_user = user  # type: ignore[attr-defined]
    chosen = getattr(user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = chosen if chosen in _LANGUAGES else translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _named(response: Any) -> HttpResponseBase:
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    response.headers.setdefault("Content-Language", translation.get_language() or "en")
    named: HttpResponseBase = response
    return named
