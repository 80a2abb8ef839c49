"""How much may be spent in a day or a month: set, changed, removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from bluegpt.core import money
from bluegpt.core.errors import Refused
from bluegpt.credits.services import caps
from bluegpt.web.credits import limits
from bluegpt.web.credits.forms import LimitForm, RemovalForm
from bluegpt.web.person import person_id_of
from bluegpt.web.redirects import SeeOther


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """The limits there are, and one form that sets or changes one: `?key=&period=` fills it."""
    person_id = person_id_of(request)
    keys = limits.key_choices(person_id)
    if request.method != "POST":
        form = LimitForm(keys=keys, initial=_initial(request, person_id))
        return _page(request, person_id, form)
    form = LimitForm(request.POST, keys=keys)
    if form.is_valid():
        data = form.cleaned_data
        try:
            caps.set_cap(
                person_id=person_id,
                key_id=data["key"],
                period=data["period"],
                limit_microcredits=data["credits"],
            )
        except Refused as refused:
            form.add_error("credits", str(refused))
        else:
            messages.success(request, _("The limit holds from now on."))
            return SeeOther(reverse("credits:limits"))
    return _page(request, person_id, form, status=422)


@login_required
@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    """Remove one limit; without it only the balance limits."""
    person_id = person_id_of(request)
    form = RemovalForm(request.POST)
    if form.is_valid():
        caps.remove_cap(
            person_id=person_id,
            key_id=form.cleaned_data["key"],
            period=form.cleaned_data["period"],
        )
        messages.success(request, _("The limit is gone."))
    return SeeOther(reverse("credits:limits"))


def _initial(request: HttpRequest, person_id: UUID) -> dict[str, Any]:
    """What a link named to be changed, with its limit as it is."""
    wanted = (request.GET.get("key", ""), request.GET.get("period", ""))
    for row in limits.rows(person_id):
        cap = row.cap
        key = str(cap.key_id or "")
        if (key, cap.period.value) == wanted:
            credits = money.exact_credits(cap.limit_microcredits).normalize()
            return {"key": key, "period": cap.period.value, "credits": credits}
    return {"key": wanted[0]} if wanted[0] else {}


def _page(
    request: HttpRequest, person_id: UUID, form: LimitForm, *, status: int = 200
) -> HttpResponse:
    context = {"rows": limits.rows(person_id), "form": form}
    return render(request, "credits/limits.html", context, status=status)
