"""Going on from a post with a get, whatever the browser thinks of 302."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """The result stands at another address. Source: RFC 9110, 15.4.4."""

    status_code = 303


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that the form names in `next`, when it is one of ours."""
    wished = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return SeeOther(wished if is_ours else otherwise)
