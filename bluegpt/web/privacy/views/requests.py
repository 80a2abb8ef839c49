"""A person's requests about their data: what can be asked, and what became of it."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluegpt.core.errors import BlueError, Refused
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Proof, State
from bluegpt.privacy.types.rights import BESIDE_THE_NINE, Right
from bluegpt.web.person import person_id_of
from bluegpt.web.privacy.request_forms import ClarificationForm, RequestForm
from bluegpt.web.privacy.requests_shown import RequestShown, RightShown, shown
from bluegpt.web.redirects import SeeOther


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def listing(request: HttpRequest) -> HttpResponse:
    """The rights in plain words, the form to use one, and the person's requests."""
    if request.method != "POST":
        wished = request.GET.get("right", "")
        return _page(request, RequestForm(initial={"right": wished}))
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    is_fresh = bool(did_recently_reauthenticate(request))
    try:
        request_id = desk.open_request(
            person_id=person_id_of(request),
            right=form.cleaned_data["right"],
            words=form.cleaned_data["words"],
            is_fresh=is_fresh,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=422)
    messages.success(request, _("We have your request. Its clock runs from today."))
    return _to(request_id)


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request with its clock and its history."""
    found = queries.own_request(person_id=person_id_of(request), request_id=request_id)
    return render(request, "privacy/request.html", _of(found_shown=shown(found)))


@login_required
@require_POST
def clarification(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Add something to a request."""
    found = queries.own_request(person_id=person_id_of(request), request_id=request_id)
    form = ClarificationForm(request.POST)
    if not form.is_valid():
        context = _of(found_shown=shown(found), form=form)
        return render(request, "privacy/request.html", context, status=422)
    desk.clarify(request_id=found.id, words=form.cleaned_data["words"])
    messages.success(request, _("Added to your request."))
    return _to(found.id)


@login_required
@require_POST
def withdrawal(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take a request back."""
    found = queries.own_request(person_id=person_id_of(request), request_id=request_id)
    desk.withdraw(request_id=found.id)
    messages.success(request, _("Your request is withdrawn."))
    return _to(found.id)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@require_safe
def identification(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The password was just typed again: that is proof of who asks."""
    found = queries.own_request(person_id=person_id_of(request), request_id=request_id)
    try:
        if found.state is State.RECEIVED:
            desk.identify(request_id=found.id, proof=Proof.SESSION, by=desk.BY_PERSON)
            messages.success(request, _("Thank you. We know now that it is you."))
    except BlueError as gone:
        messages.info(request, str(gone))
    return _to(found.id)


def _page(request: HttpRequest, form: RequestForm, *, status: int = 200) -> HttpResponse:
    language = get_language() or "en"
    rights = manifest().rights.rights
    found = queries.requests_of(person_id_of(request))
    context = {
        "form": form,
        "rights": [
            RightShown.of(rights[right], language)
            for right in Right
            if right not in BESIDE_THE_NINE
        ],
        "requests": [shown(each) for each in found],
        "operator": manifest().operator,
    }
    return render(request, "privacy/requests.html", context, status=status)


def _of(*, found_shown: RequestShown, form: ClarificationForm | None = None) -> dict[str, Any]:
    return {
        "request_shown": found_shown,
        "form": form or ClarificationForm(),
        "operator": manifest().operator,
    }


def _to(request_id: UUID) -> SeeOther:
    return SeeOther(reverse("privacy:request", args=[request_id]))
