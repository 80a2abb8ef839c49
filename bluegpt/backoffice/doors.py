"""Who comes through the door of a staff page.

Five things, in this order: a log-in, the mark of staff, a second factor that exists and was shown
in this session, a log-in that is fresh, and a role that opens this area and has not ended.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bluegpt.accounts.models import Person
from bluegpt.accounts.queries.factors import factors
from bluegpt.core import clock
from bluegpt.privacy.queries import staff
from bluegpt.privacy.types.staff import Area

FRESH_S = 15 * 60  # after that the password, or the second factor, is asked for again

View = Callable[..., HttpResponseBase]


def staff_page(
    area: Area | None, *, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View], View]:
    """A page of an area; without one, the page that shows which areas are open."""

    def decorate(view: View) -> View:
        @wraps(view)
        @require_http_methods(list(methods))
        @login_required
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _refusal(request, area)
            return refusal or view(request, *args, **kwargs)

        guarded.area = area  # type: ignore[attr-defined]
        return guarded

    return decorate


def actor_of(request: HttpRequest) -> UUID:
    """Who acts. Only for views behind `staff_page`."""
    person = request.user
    assert isinstance(person, Person)
    return person.id


def areas_of(request: HttpRequest) -> frozenset[Area]:
    """What is open to whoever asks; asked of the database once a request."""
    found = getattr(request, "_staff_areas", None)
    if found is None:
        found = staff.areas_of(actor_of(request))
        request._staff_areas = found  # type: ignore[attr-defined]
    known: frozenset[Area] = found
    return known


def _refusal(request: HttpRequest, area: Area | None) -> HttpResponse | None:
    person = request.user
    assert isinstance(person, Person)
    if not person.is_staff:
        return _closed(request, "not_staff")
    own = factors(person.id)
    if not own.has_authenticator_app and not own.passkeys:
        return _closed(request, "no_second_factor")
    records = get_authentication_records(request, person)
    if not any(record.get("method") == "mfa" for record in records):
        by_code = "mfa_reauthenticate" if own.has_authenticator_app else None
        return _again(request, by_code or "mfa_reauthenticate_webauthn")
    if clock.now().timestamp() - max(record["at"] for record in records) > FRESH_S:
        return _again(request, "account_reauthenticate")
    areas = areas_of(request)
    if not areas or (area is not None and area not in areas):
        return _closed(request, "no_role" if areas else "no_grant")
    return None


def _again(request: HttpRequest, journey: str) -> HttpResponse:
    """Through a log-in once more; what was being sent is not kept, so nothing is done twice."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("staff:home")
    return redirect(f"{reverse(journey)}?{urlencode({'next': back})}")


def _closed(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "backoffice/closed.html", {"why": why}, status=403)
