"""Content behind glass."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.matter_forms import GROUNDS, AccessForm
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import accesses
from bluegpt.privacy.services import accesses as services
from bluegpt.privacy.types.accesses import AccessGround
from bluegpt.privacy.types.staff import Area
from bluegpt.studio.queries import conversations


@staff_page(Area.ACCESSES, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every access, and the form to ask for one."""
    form = AccessForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _asked(request, form):
        return redirect("staff:accesses")
    page = pages.page_number(request)
    found = accesses.accesses(page=page)
    context = {
        "form": form,
        "accesses": [(each, GROUNDS[each.ground]) for each in found],
        "actor_id": actor_of(request),
        "people": pages.addresses(
            person_id
            for each in found
            for person_id in (each.person_id, each.asked_by, each.approved_by)
        ),
        "page_number": page,
        "has_more": len(found) == accesses.PAGE,
    }
    return pages.show(request, "accesses", context, status=422 if form.is_bound else 200)


@staff_page(Area.ACCESSES, methods=("POST",))
def approval(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Open an access that somebody else asked for."""
    services.approve(actor_id=actor_of(request), access_id=access_id)
    messages.success(request, _("The access is open. The person is told by mail."))
    return redirect("staff:accesses")


@staff_page(Area.ACCESSES, methods=("POST",))
def closing(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """End an access, or turn it down."""
    services.close(actor_id=actor_of(request), access_id=access_id)
    messages.success(request, _("The access is closed."))
    return redirect("staff:accesses")


@staff_page(Area.ACCESSES)
def content(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """The person's conversations by title, while the access is open for whoever asked for it."""
    found = services.see(actor_id=actor_of(request), access_id=access_id, what=access_id)
    cursor = request.GET.get("cursor", "")
    listed = conversations.conversations(person_id=found.person_id, cursor=cursor)
    return pages.show(request, "access", {"access": found, "listed": listed})


@staff_page(Area.ACCESSES)
def conversation(request: HttpRequest, access_id: UUID, conversation_id: UUID) -> HttpResponse:
    """One conversation, while the access is open."""
    found = services.see(actor_id=actor_of(request), access_id=access_id, what=conversation_id)
    talk = conversations.conversation(person_id=found.person_id, conversation_id=conversation_id)
    return pages.show(request, "access_conversation", {"access": found, "talk": talk})


def _asked(request: HttpRequest, form: AccessForm) -> bool:
    given = form.cleaned_data
    try:
        services.ask(
            actor_id=actor_of(request),
            person_id=person_by_email(given["email"]).id,
            ground=AccessGround(given["ground"]),
            reason=given["reason"],
            minutes=given["minutes"],
        )
    except BlueError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("It is asked. Somebody else has to approve it."))
    return True
