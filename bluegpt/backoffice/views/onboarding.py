"""Who and what is new."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import onboarding
from bluegpt.privacy.services import onboarding as services
from bluegpt.privacy.types.staff import Area


@staff_page(Area.ONBOARDING)
def listing(request: HttpRequest) -> HttpResponse:
    """Every newcomer with its facts, its checklist and who has approved it."""
    return _shown(request, status=200)


@staff_page(Area.ONBOARDING, methods=("POST",))
def approval(request: HttpRequest) -> HttpResponse:
    """Agree to one, as the first or the second of two people."""
    try:
        services.approve(
            actor_id=actor_of(request),
            subject=request.POST.get("subject", ""),
            facts_sha256=request.POST.get("facts", ""),
            answered=request.POST.getlist("answered"),
        )
    except BlueError as refused:
        messages.error(request, str(refused))
        return _shown(request, status=422)
    messages.success(request, _("Your approval is on record. It takes two different people."))
    return redirect("staff:onboarding")


def _shown(request: HttpRequest, *, status: int) -> HttpResponse:
    language = get_language() or "en"
    found = onboarding.views()
    people = pages.addresses(each.approver for view in found for each in view.approvals)
    rows = [
        (view, [(each.key, each.asks.in_language(language)) for each in view.questions])
        for view in found
    ]
    return pages.show(request, "onboarding", {"rows": rows, "people": people}, status=status)
