"""Going on from a post with a get, whatever the browser thinks of 302."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """The result stands at another address. Source: RFC 9110, 15.4.4."""

    status_code = 303


def here(request: HttpRequest) -> str:
    """The address at which the page on show can be got again.

    A form that was wrong is shown by the answer to its post: that address may take nothing else,
    and has lost where a log-in was to lead. What the form itself carried, or the page that it was
    sent from, knows.
    """
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    wished = request.POST.get(REDIRECT_FIELD_NAME, "")
    if wished and _is_ours(wished, request):
        return f"{request.path}?{urlencode({REDIRECT_FIELD_NAME: wished})}"
    came_from = request.headers.get("Referer", "")
    if came_from and _is_ours(came_from, request):
        whole = urlsplit(came_from)
        return urlunsplit(("", "", whole.path or "/", whole.query, ""))
    return "/"


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that the form names in `next`, when it is one of ours."""
    wished = request.POST.get("next", "")
    return SeeOther(wished if _is_ours(wished, request) else otherwise)


def _is_ours(address: str, request: HttpRequest) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
