"""The register of consents."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bluegpt.accounts.queries.people import person as person_of
from bluegpt.accounts.queries.people import person_by_email
from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.forms import StaffForm
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import consents as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import staff_log
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod
from bluegpt.privacy.types.staff import Area

_ACTIONS = {
    ConsentAction.GIVEN: (_("Agreed"), "success"),
    ConsentAction.REFUSED: (_("Refused"), ""),
    ConsentAction.WITHDRAWN: (_("Agreement withdrawn"), "warning"),
}
_METHODS = {
    ConsentMethod.BANNER: _("on the banner"),
    ConsentMethod.FORM: _("on a page of settings"),
    ConsentMethod.GPC: _("by the signal of the browser"),
    ConsentMethod.API: _("by a program"),
    ConsentMethod.REPLAY: _("entered again after a restore"),
}


class PersonForm(StaffForm):
    """Whose decisions to look at."""

    email = forms.EmailField(label=_("Whose decisions"), help_text=_("The address of the account."))


@staff_page(Area.CONSENTS, methods=("GET", "HEAD", "POST"))
def register(request: HttpRequest) -> HttpResponse:
    """How often people agreed and refused, by purpose and version; and whom to look at."""
    # The address is posted, so that it stands in no address line and in no log of a proxy.
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return redirect("staff:consents_of", person_by_email(form.cleaned_data["email"]).id)
        except BlueError as refused:
            form.add_error(None, str(refused))
    names = _purposes()
    context = {
        "form": form,
        "counts": [(each, names.get(each.purpose, each.purpose)) for each in queries.counts()],
        "heads": queries.day_heads(),
    }
    return pages.show(request, "consents", context, status=422 if form.is_bound else 200)


@staff_page(Area.CONSENTS)
def verification(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now, and say whether it holds."""
    return pages.show(request, "consents_verification", {"chain": queries.chain_state()})


@staff_page(Area.CONSENTS)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What one person decided, the newest first. Looking leaves a line in the log."""
    whose = person_of(person_id)
    staff_log.note(actor_id=actor_of(request), verb="consent.see", object_id=person_id)
    names = _purposes()
    lines = [
        (line, names.get(line.purpose, line.purpose), *_ACTIONS[line.action], _METHODS[line.method])
        for line in queries.consents(person_id)
    ]
    return pages.show(request, "consents_of", {"whose": whose, "lines": lines})


@staff_page(Area.CONSENTS)
def screen(request: HttpRequest, person_id: UUID, number: int) -> HttpResponse:
    """What the person saw when they decided, to the letter."""
    shown = queries.screen_of(person_id=person_id, number=number)
    if shown is None:
        raise Http404
    context = {"person_id": person_id, "number": number, "screen": shown}
    return pages.show(request, "consent_screen", context)


def _purposes() -> dict[str, str]:
    """Purposes and categories of tracers, which are what people decide about, by their names."""
    language = get_language() or "en"
    return {key: facts.name.in_language(language) for key, facts in manifest().purposes.items()}
