"""What is to follow a person's death: laid down, looked at, taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from bluegpt.core.errors import Refused
from bluegpt.privacy.queries import directives as queries
from bluegpt.privacy.queries.directive_preview import preview
from bluegpt.privacy.services import directives
from bluegpt.web.person import person_id_of
from bluegpt.web.privacy.request_forms import DirectionsForm
from bluegpt.web.redirects import SeeOther


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """A choice for each kind of data, the trusted person, and what would happen today."""
    person_id = person_id_of(request)
    known = queries.directions(person_id)
    if request.method == "POST":
        form = DirectionsForm(request.POST)
        if form.is_valid():
            try:
                directives.lay_down(
                    person_id=person_id, wishes=form.wishes(), trusted=form.trusted()
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Your directions are laid down."))
                return SeeOther(reverse("privacy:directives"))
    else:
        form = DirectionsForm(known=known)
    context = {"form": form, "known": known, "preview": preview(person_id)}
    status = 422 if form.is_bound else 200
    return render(request, "privacy/directives.html", context, status=status)


@login_required
@require_POST
def revocation(request: HttpRequest) -> HttpResponse:
    """Take everything back."""
    directives.revoke(person_id=person_id_of(request))
    messages.success(request, _("Your directions are revoked. Nothing of them is in force."))
    return SeeOther(reverse("privacy:directives"))
