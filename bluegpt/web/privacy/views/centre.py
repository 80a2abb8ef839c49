"""The privacy page of an account: what is held, who received what, switches that act at once."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bluegpt.core.errors import Refused
from bluegpt.privacy.queries import consents, holdings, successions
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.services import choices
from bluegpt.privacy.types.choices import ChoiceKind
from bluegpt.web.person import person_id_of
from bluegpt.web.privacy import shown
from bluegpt.web.redirects import SeeOther

_private = cache_control(private=True, no_cache=True)

# What a switch does when it is turned on, and off.
_SWITCHES: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    ChoiceKind.RESTRICTION: (choices.restrict, choices.lift),
    ChoiceKind.ONLY_EEA: (choices.allow_only_eea, choices.allow_all_countries),
    ChoiceKind.NO_KEEPERS: (choices.allow_no_keepers, choices.allow_keepers),
    ChoiceKind.OBJECTION: (choices.object_to, choices.withdraw_objection),
}


class ChoiceForm(forms.Form):
    """One switch, turned."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in _SWITCHES], widget=forms.HiddenInput)
    purpose = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    on = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)


@login_required
@require_safe
@_private
def page(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    person_id = person_id_of(request)
    own = standing_now(person_id)
    found = holdings.disclosures(person_id)
    context = {
        "standing": own,
        "succession": successions.own(person_id),
        "held": shown.held_classes(person_id, own),
        "objections": shown.objection_lines(own),
        "terms": shown.term_choices(own),
        "disclosed": [shown.disclosed_line(line) for line in found.lines[:5]],
        "consents": [shown.consent_row(line) for line in consents.consents(person_id)],
        "has_more": len(found.lines) > 5 or found.next_cursor,
    }
    return render(request, "privacy/centre.html", context)


@login_required
@require_safe
@_private
def disclosures(request: HttpRequest) -> HttpResponse:
    """Who received what, page by page: `?cursor=` goes on."""
    found = holdings.disclosures(person_id_of(request), cursor=request.GET.get("cursor", ""))
    context = {
        "disclosed": [shown.disclosed_line(line) for line in found.lines],
        "next_cursor": found.next_cursor,
    }
    return render(request, "privacy/disclosures.html", context)


@login_required
@require_safe
@_private
def consent(request: HttpRequest, number: int) -> HttpResponse:
    """The screen on which something was decided, to the letter."""
    screen = consents.screen_of(person_id=person_id_of(request), number=number)
    if screen is None:
        raise Http404
    return render(request, "privacy/consent.html", {"screen": screen})


@login_required
@require_POST
def choice(request: HttpRequest) -> HttpResponse:
    """Turn a switch; it holds from this moment."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise Refused(_("This switch does not exist. Open the page again."))
    data = form.cleaned_data
    turn_on, turn_off = _SWITCHES[data["kind"]]
    act = turn_on if data["on"] == "yes" else turn_off
    about = {"purpose": data["purpose"]} if data["kind"] == ChoiceKind.OBJECTION else {}
    act(person_id=person_id_of(request), **about)
    messages.success(request, _("Done. This holds from now on."))
    return SeeOther(f"{reverse('privacy:centre')}#choices")


@login_required
@require_POST
def term(request: HttpRequest) -> HttpResponse:
    """Choose how long content stays after the account is closed."""
    choices.choose_content_term(person_id=person_id_of(request), term=request.POST.get("term", ""))
    messages.success(request, _("Done. This holds from now on."))
    return SeeOther(f"{reverse('privacy:centre')}#choices")
