"""Pages that anybody reads without being given a cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_LANGUAGES = dict(settings.LANGUAGES)


def in_asked_language(view: View[P]) -> View[P]:
    """`?language=fr` speaks French on this page: without a form, so without a cookie."""

    @wraps(view)
    def speak(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asked = request.GET.get("language", "")
        if asked not in _LANGUAGES:
            return view(request, *args, **kwargs)
        with translation.override(asked):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = asked
        return response

    return speak


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page without the forms of the frame, each of which would set a cookie."""
    others = []
    for code, name in settings.LANGUAGES:
        query = request.GET.copy()
        query["language"] = code
        others.append((code, name, f"{request.path}?{query.urlencode()}"))
    return render(request, template, {**context, "has_no_forms": True, "language_links": others})
