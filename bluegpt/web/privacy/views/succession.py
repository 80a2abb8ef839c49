"""The service changes hands: who takes over, from when, and the person's own decision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bluegpt.privacy.queries import successions
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import succession_notices
from bluegpt.web.countries import country_name
from bluegpt.web.person import person_id_of
from bluegpt.web.redirects import SeeOther


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """What is planned and what can be done; nothing at this address when nothing is planned."""
    found = successions.own(person_id_of(request))
    if found is None:
        raise Http404
    language = get_language() or "en"
    policy = manifest()
    context = {
        "succession": found,
        "country": country_name(found.declared.country),
        "classes": [
            policy.classes[each].name.in_language(language) for each in policy.succession.classes
        ],
    }
    return render(request, "privacy/succession.html", context)


@login_required
@require_POST
def objection(request: HttpRequest) -> HttpResponse:
    """Object; what becomes of the account is decided on the page that it leads to."""
    succession_notices.object_to(person_id=person_id_of(request))
    messages.success(request, _("You have objected: nothing of yours is handed over."))
    match request.POST.get("then"):
        case "close":
            return SeeOther(reverse("accounts:closure"))
        case "erase":
            return SeeOther(f"{reverse('privacy:erasure')}?scope=account")
    return SeeOther(reverse("privacy:succession"))


@login_required
@require_POST
def returning(request: HttpRequest) -> HttpResponse:
    """Take the objection back."""
    succession_notices.withdraw_objection(person_id=person_id_of(request))
    messages.success(request, _("Your objection is taken back."))
    return SeeOther(reverse("privacy:succession"))
