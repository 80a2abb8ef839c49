"""The landing page, preferences, and the style guide."""

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.web.context import THEMES
from bluegpt.web.redirects import back

_COOKIE_AGE_S = settings.LANGUAGE_COOKIE_AGE
_SAMPLE = Path(__file__).parent / "sample.txt"
_ICONS = Path(__file__).parent.parent / "static" / "img" / "icons.svg"
_COLOURS = (
    *("page", "raised", "sunken", "hover", "line"),
    *("muted", "text", "action", "tint", "danger"),
)
_ICON = re.compile(r'symbol id="([a-z]+)"')
_ROBOTS = "User-agent: *\nDisallow: /conversations\nDisallow: /account\nDisallow: /search\n"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for people who are not signed in; the others go to their conversations."""
    if request.user.is_authenticated:
        return redirect("studio:conversations")
    context = {"welcome_credits": settings.BLUEGPT.credits.welcome}
    return render(request, "site/home.html", context)


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component of the pages, to look at."""
    context = {
        "colours": _COLOURS,
        "icons": _ICON.findall(_ICONS.read_text()),
        "sample": _SAMPLE.read_text(),
    }
    return render(request, "site/style_guide.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system says (empty). Kept in a cookie and with the person."""
    chosen = request.POST.get("theme", "")
    chosen = chosen if chosen in THEMES else ""
    if isinstance(request.user, Person):
        people.set_theme(person_id=request.user.id, theme=chosen)
    response = back(request, "/")
    _keep(response, "theme", chosen)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """A language of ours; anything else follows the browser again."""
    chosen = request.POST.get("language", "")
    chosen = chosen if chosen in dict(settings.LANGUAGES) else ""
    if isinstance(request.user, Person):
        people.set_language(person_id=request.user.id, language=chosen)
    response = back(request, "/")
    _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing behind the log-in is for crawlers."""
    return HttpResponse(_ROBOTS, content_type="text/plain")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    if not value:
        response.delete_cookie(name)
        return
    response.set_cookie(
        name,
        value,
        max_age=_COOKIE_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
