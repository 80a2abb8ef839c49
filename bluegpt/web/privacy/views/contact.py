"""How to reach whoever answers for the data, with an account or without one.

The answer to the form is the same whether the address is known or not: a request is opened and a
code is sent, either way.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bluegpt.core.errors import Refused
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import request_codes
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Contact
from bluegpt.web import pace
from bluegpt.web.privacy.request_forms import ContactCodeForm, ContactForm
from bluegpt.web.redirects import SeeOther

_FORMS_MAX = 10


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Addresses, and a form for people who cannot log in."""
    if request.method != "POST":
        return _page(request, ContactForm(initial={"right": request.GET.get("right", "")}))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        pace.insist_on(request, door="privacy.form", times_an_hour=_FORMS_MAX)
        request_id = desk.record_request(
            contact=Contact(name=form.cleaned_data["name"], email=form.cleaned_data["email"]),
            right=form.cleaned_data["right"],
            channel=Channel.FORM,
            words=form.cleaned_data["words"],
            received_on=desk.today(),
            by=desk.BY_PERSON,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=422)
    request_codes.send_code(request_id=request_id)
    return SeeOther(reverse("privacy:contact_code"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The code from the mail shows that the address is the writer's own."""
    form = ContactCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pace.insist_on(request, door="privacy.form", times_an_hour=_FORMS_MAX)
            request_codes.confirm_code(
                reference=form.cleaned_data["reference"], code=form.cleaned_data["code"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Thank you. We know now that it is you, and answer by mail.")
            )
            return SeeOther(reverse("privacy:contact"))
    status = 422 if form.is_bound else 200
    return render(request, "privacy/contact_code.html", {"form": form}, status=status)


def _page(request: HttpRequest, form: ContactForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "operator": manifest().operator}
    return render(request, "privacy/contact.html", context, status=status)
