"""Deaths that were shown, and what follows."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.backoffice import pages
from bluegpt.backoffice.death_forms import DeathForm
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import deaths
from bluegpt.privacy.queries.directive_preview import preview
from bluegpt.privacy.services import deaths as services
from bluegpt.privacy.types.directives import DeathState, DeathView
from bluegpt.privacy.types.staff import Area

_OPEN = (DeathState.RECORDED, DeathState.APPROVED_ONCE)


@staff_page(Area.DEATHS, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every death, what following the directions would do, and the form for a new one."""
    form = DeathForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _recorded(request, form):
        return redirect("staff:deaths")
    page = pages.page_number(request)
    found = deaths.deaths(page=page)
    context = {
        "form": form,
        "deaths": [(each, _rehearsed(each)) for each in found],
        "people": pages.addresses(each.person_id for each in found),
        "page_number": page,
        "has_more": len(found) == deaths.PAGE,
    }
    return pages.show(request, "deaths", context, status=422 if form.is_bound else 200)


@staff_page(Area.DEATHS, methods=("POST",))
def approval(request: HttpRequest, death_id: UUID) -> HttpResponse:
    """Agree, as one of two."""
    services.approve(actor_id=actor_of(request), death_id=death_id)
    messages.success(request, _("Your approval is noted."))
    return redirect("staff:deaths")


@staff_page(Area.DEATHS, methods=("POST",))
def refusal(request: HttpRequest, death_id: UUID) -> HttpResponse:
    """It is not shown."""
    services.refuse(actor_id=actor_of(request), death_id=death_id)
    messages.success(request, _("It is refused. Nothing follows."))
    return redirect("staff:deaths")


@staff_page(Area.DEATHS, methods=("POST",))
def sending(request: HttpRequest, death_id: UUID) -> HttpResponse:
    """A new link for the trusted person."""
    services.send_again(actor_id=actor_of(request), death_id=death_id)
    messages.success(request, _("A new link is on its way to the trusted person."))
    return redirect("staff:deaths")


def _rehearsed(death: DeathView) -> object:
    """What would happen, counted; only while it can still be decided."""
    return preview(death.person_id) if death.state in _OPEN else ()


def _recorded(request: HttpRequest, form: DeathForm) -> bool:
    try:
        services.record(
            actor_id=actor_of(request),
            person_id=person_by_email(form.cleaned_data["email"]).id,
            shown=form.shown(),
        )
    except BlueError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The death is recorded. Nothing follows before two approvals."))
    return True
