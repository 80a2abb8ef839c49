"""Legal holds."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.forms import HoldForm
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import holds
from bluegpt.privacy.services import holds as services
from bluegpt.privacy.types.staff import Area


@staff_page(Area.HOLDS, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every hold, and the form for a new one."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _placed(request, form):
        return redirect("staff:holds")
    page = pages.page_number(request)
    found = holds.holds(page=page)
    people = pages.addresses(each for hold in found for each in (hold.person_id, hold.author_id))
    context = {
        "form": form,
        "holds": found,
        "people": people,
        "page_number": page,
        "has_more": len(found) == holds.PAGE,
    }
    return pages.show(request, "holds", context, status=422 if form.is_bound else 200)


@staff_page(Area.HOLDS, methods=("POST",))
def lifting(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """End one hold."""
    services.lift(actor_id=actor_of(request), hold_id=hold_id)
    messages.success(request, _("The hold is lifted. The data ends with its own term again."))
    return redirect("staff:holds")


def _placed(request: HttpRequest, form: HoldForm) -> bool:
    given = form.cleaned_data
    matter = services.Matter(text=given["text"], law=given["law"], ends_on=given["ends_on"])
    try:
        services.place(
            actor_id=actor_of(request),
            person_id=person_by_email(given["email"]).id,
            data_classes=given["data_classes"],
            matter=matter,
        )
    except BlueError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The hold is in place."))
    return True
