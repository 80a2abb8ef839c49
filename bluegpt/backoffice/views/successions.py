"""The service changing hands."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.succession_forms import ObjectionForm, SuccessionForm
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import successions
from bluegpt.privacy.services import succession_notices
from bluegpt.privacy.services import successions as services
from bluegpt.privacy.types.staff import Area


@staff_page(Area.SUCCESSIONS, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every change of hands with its clock and its counts, and the form for a new one."""
    form = SuccessionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.declare(actor_id=actor_of(request), told=form.told())
        except BlueError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is declared. Nobody is told before two approvals."))
            return redirect("staff:successions")
    page = pages.page_number(request)
    found = successions.successions(page=page)
    context = {
        "form": form,
        "objection_form": ObjectionForm(),
        "successions": found,
        "people": pages.addresses(
            person_id
            for each in found
            for person_id in (each.declared_by, each.first_approver, each.second_approver)
        ),
        "page_number": page,
        "has_more": len(found) == successions.PAGE,
    }
    return pages.show(request, "successions", context, status=422 if form.is_bound else 200)


@staff_page(Area.SUCCESSIONS, methods=("POST",))
def approval(request: HttpRequest, succession_id: UUID) -> HttpResponse:
    """Agree, as one of two."""
    services.approve(actor_id=actor_of(request), succession_id=succession_id)
    messages.success(request, _("Your approval is noted."))
    return redirect("staff:successions")


@staff_page(Area.SUCCESSIONS, methods=("POST",))
def abandonment(request: HttpRequest, succession_id: UUID) -> HttpResponse:
    """Give it up."""
    services.abandon(actor_id=actor_of(request), succession_id=succession_id)
    messages.success(request, _("It is abandoned. Nothing is handed over."))
    return redirect("staff:successions")


@staff_page(Area.SUCCESSIONS, methods=("POST",))
def conclusion(request: HttpRequest, succession_id: UUID) -> HttpResponse:
    """It has happened."""
    services.conclude(actor_id=actor_of(request), succession_id=succession_id)
    messages.success(request, _("It is concluded."))
    return redirect("staff:successions")


@staff_page(Area.SUCCESSIONS, methods=("POST",))
def telling(request: HttpRequest, succession_id: UUID) -> HttpResponse:
    """Write again to whoever was not reached."""
    succession_notices.try_again(actor_id=actor_of(request), succession_id=succession_id)
    messages.success(request, _("Another letter goes to everybody who was not reached."))
    return redirect("staff:successions")


@staff_page(Area.SUCCESSIONS, methods=("POST",))
def objection(request: HttpRequest, succession_id: UUID) -> HttpResponse:
    """Note the objection of somebody who wrote."""
    form = ObjectionForm(request.POST)
    try:
        address = form.cleaned_data["email"] if form.is_valid() else ""
        succession_notices.object_for(
            actor_id=actor_of(request), person_id=person_by_email(address).id
        )
    except BlueError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The objection is noted, and holds at once."))
    return redirect("staff:successions")
