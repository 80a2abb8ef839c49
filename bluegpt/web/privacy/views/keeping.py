"""Keeping an account that nobody has used for long: the link of a notice, which needs no log-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bluegpt.privacy.queries.inactivity import keepable
from bluegpt.privacy.services import inactivity


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, link: str) -> HttpResponse:
    """When it would be closed, and the button; looking changes nothing, for scanners look too."""
    if request.method == "POST":
        inactivity.keep(link)
        return render(request, "privacy/kept.html")
    return render(request, "privacy/keeping.html", {"keepable": keepable(link), "link": link})
