"""The register of breaches."""

from itertools import islice
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.backoffice import breach_history, pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.matter_forms import (
    AmendmentForm,
    BreachForm,
    ClosingForm,
    FilingForm,
)
from bluegpt.core.errors import BlueError, Refused
from bluegpt.privacy.queries import breach_letters, breaches
from bluegpt.privacy.services import breaches as services
from bluegpt.privacy.types.breaches import BreachView
from bluegpt.privacy.types.staff import Area

_SHOWN_MAX = 50


@staff_page(Area.BREACHES, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every breach with its clocks, and the form for a new one."""
    form = BreachForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = services.record(actor_id=actor_of(request), facts=form.facts())
        except BlueError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("staff:breach", made.id)
    page = pages.page_number(request)
    found = breaches.breaches(page=page)
    context = {
        "form": form,
        "breaches": found,
        "page_number": page,
        "has_more": len(found) == breaches.PAGE,
    }
    return pages.show(request, "breaches", context, status=422 if form.is_bound else 200)


@staff_page(Area.BREACHES)
def one(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """One breach: its clocks, whom it concerns, the drafts, and what is to be done next."""
    found = breaches.breach(breach_id)
    return _shown(request, found, AmendmentForm(known=found.facts))


@staff_page(Area.BREACHES, methods=("POST",))
def amendment(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """More is known now."""
    found = breaches.breach(breach_id)
    form = AmendmentForm(request.POST, known=found.facts)
    if form.is_valid():
        try:
            services.amend(
                actor_id=actor_of(request),
                breach_id=breach_id,
                facts=form.facts(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The entry is changed; what it said stays below."))
            return redirect("staff:breach", breach_id)
    return _shown(request, found, form, status=422)


def _shown(
    request: HttpRequest, found: BreachView, form: AmendmentForm, *, status: int = 200
) -> HttpResponse:
    language = get_language() or "en"
    count = breaches.affected_count(found.facts)
    some = list(islice(breaches.affected(found.facts), _SHOWN_MAX))
    history = breach_history.steps(breaches.amendments(found.id))
    context = {
        "breach": found,
        "history": history,
        "amendment_form": form,
        "affected_count": count,
        "affected": some,
        "people": pages.addresses([*some, *(step.by for step in history)]),
        "notification": breach_letters.notification(found, language=language, affected=count),
        "letters": [breach_letters.letter(found, language=each) for each in ("en", "fr")],
        "filing_form": FilingForm(),
        "closing_form": ClosingForm(),
    }
    return pages.show(request, "breach", context, status=status)


@staff_page(Area.BREACHES, methods=("POST",))
def filing(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The authority was notified."""
    breaches.breach(breach_id)
    form = FilingForm(request.POST)
    if form.is_valid():
        services.file(actor_id=actor_of(request), breach_id=breach_id, **form.cleaned_data)
        messages.success(request, _("The notification is noted."))
    else:
        messages.error(request, _("Type the reference that the authority gave."))
    return redirect("staff:breach", breach_id)


@staff_page(Area.BREACHES, methods=("POST",))
def telling(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The people concerned were told."""
    services.told_people(actor_id=actor_of(request), breach_id=breach_id)
    messages.success(request, _("It is noted that the people were told."))
    return redirect("staff:breach", breach_id)


@staff_page(Area.BREACHES, methods=("POST",))
def closing(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The breach is over."""
    evidence = request.POST.get("evidence", "")[:2_000]
    services.close(actor_id=actor_of(request), breach_id=breach_id, evidence=evidence)
    messages.success(request, _("The breach is closed."))
    return redirect("staff:breach", breach_id)
