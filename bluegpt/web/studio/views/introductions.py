"""The button below the facts about a company."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from bluegpt.web import fragments
from bluegpt.web.person import person_id_of
from bluegpt.web.studio import introducing, kept
from bluegpt.web.studio.forms import MessageForm


@login_required
@require_POST
def understood(request: HttpRequest) -> HttpResponse:
    """Note that the facts were read; without scripts the page comes back with the draft on it."""
    person_id = person_id_of(request)
    introducing.note_understood(person_id, token=request.POST.get("understood", ""))
    if fragments.is_wanted(request):
        return HttpResponse(status=204)
    form = MessageForm(request.POST)
    form.is_valid()  # a draft may be anything
    return kept.page(request, form, person_id)
