"""What somebody who has died left to the person they trusted: fetched once, by its link."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bluegpt.privacy.services import deaths
from bluegpt.web.streaming import download


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, link: str) -> HttpResponseBase:
    """What waits; the button fetches it, so that no scanner of mail does."""
    archive = deaths.waiting(link)
    if request.method == "GET":
        return render(request, "privacy/handover.html", {"archive": archive, "link": link})
    return download(
        deaths.take(link),
        name="bluegpt-handover.zip",
        content_type="application/zip",
        size_bytes=archive.size_bytes,
    )
