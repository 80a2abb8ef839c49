"""The one place where the doors' errors become pages. No page of these needs the database."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token

from bluegpt.core.errors import BlueError, Conflict, Missing, Refused, Unavailable
from bluegpt.web import fragments

_STATUS: tuple[tuple[type[BlueError], int], ...] = (
    (Refused, 422),
    (Missing, 404),
    (Conflict, 409),
    (Unavailable, 503),
)
_HEADINGS = {
    404: gettext_lazy("Not found"),
    409: gettext_lazy("This has changed meanwhile"),
    422: gettext_lazy("This did not work"),
    503: gettext_lazy("Not possible right now"),
}
# Never shown again and never sent again by itself.
_SECRET_FIELDS = ("csrfmiddlewaretoken", "password", "code", "token", "credential")


def status_of(error: BlueError) -> int:
    """The HTTP status of an error's family."""
    return next((status for family, status in _STATUS if isinstance(error, family)), 400)


def refusal(request: HttpRequest, error: BlueError) -> HttpResponse:
    """An error as a page with its sentence, or as a notice for a script that puts it in place."""
    status = status_of(error)
    context = {"error": error, "heading": _HEADINGS.get(status, _HEADINGS[422])}
    if fragments.is_wanted(request):
        response = fragments.fragment(request, "_refusal.html", context, status=status)
    else:
        response = render(request, "refusal.html", context, status=status)
    if isinstance(error, Unavailable) and error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    return response


@requires_csrf_token
def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's proof of origin is missing or too old: what was typed is kept, nothing was done.

    It may be sent again from here only when the browser says that it came from this site.
    """
    if fragments.is_wanted(request):
        # Only a script of ours can ask so, and only ours can read the fresh token in the answer.
        error = Refused(_("This page was open for too long. It is fresh again: send once more."))
        return fragments.fragment(request, "_expired_form.html", {"error": error}, status=403)
    is_ours = request.method == "POST" and _is_from_here(request)
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if is_ours and not any(secret in name for secret in _SECRET_FIELDS)
        for value in values
    ]
    context = {
        "hidden": [(name, value) for name, value in fields if not _is_typed(name)],
        "typed": [(name, value) for name, value in fields if _is_typed(name)],
        "had_files": bool(request.FILES) if is_ours else False,
    }
    return render(request, "expired_form.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, status=400, heading=_("This request cannot be read"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, status=403, heading=_("This is not open to you"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, status=404, heading=_("Not found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Something of ours broke: a page that needs nothing but its template."""
    return HttpResponseServerError(loader.get_template("server_error.html").render())


def _plain(request: HttpRequest, *, status: int, heading: str) -> HttpResponse:
    return render(request, "refusal.html", {"heading": heading, "status": status}, status=status)


def _is_typed(name: str) -> bool:
    return name in {"text", "system", "title", "words", "name"}


def _is_from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()
