"""Requests of authorities."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.matter_forms import DemandForm
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import authorities
from bluegpt.privacy.services import authorities as services
from bluegpt.privacy.types.staff import Area


@staff_page(Area.AUTHORITIES, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every request, and the form for a new one."""
    form = DemandForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _recorded(request, form):
        return redirect("staff:authorities")
    page = pages.page_number(request)
    found = authorities.requests(page=page)
    context = {
        "form": form,
        "requests": found,
        "people": pages.addresses(
            person_id
            for each in found
            for person_id in (each.person_id, each.first_approver, each.second_approver)
        ),
        "page_number": page,
        "has_more": len(found) == authorities.PAGE,
    }
    return pages.show(request, "authorities", context, status=422 if form.is_bound else 200)


@staff_page(Area.AUTHORITIES, methods=("POST",))
def approval(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Agree, as one of two."""
    services.approve(actor_id=actor_of(request), request_id=request_id)
    messages.success(request, _("Your approval is noted."))
    return redirect("staff:authorities")


@staff_page(Area.AUTHORITIES, methods=("POST",))
def refusal(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Turn a request down."""
    services.refuse(actor_id=actor_of(request), request_id=request_id)
    messages.success(request, _("The request is refused. Nothing leaves."))
    return redirect("staff:authorities")


@staff_page(Area.AUTHORITIES, methods=("POST",))
def export(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """The rows of the scope, a line of JSON each."""
    lines = services.export(actor_id=actor_of(request), request_id=request_id)
    headers = {"Content-Disposition": f'attachment; filename="{request_id}.jsonl"'}
    return StreamingHttpResponse(lines, content_type="application/jsonl", headers=headers)


def _recorded(request: HttpRequest, form: DemandForm) -> bool:
    try:
        services.record(
            actor_id=actor_of(request),
            person_id=person_by_email(form.cleaned_data["email"]).id,
            demand=form.demand(),
        )
    except BlueError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The request is recorded, and a hold keeps the data."))
    return True
