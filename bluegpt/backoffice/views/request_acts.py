"""What staff do to a request. Each act is a form of the request's page and a line of the log."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.request_forms import (
    AnswerForm,
    DocumentForm,
    DoubtForm,
    ExtensionForm,
    LiftingForm,
    QuestionForm,
    RefusalForm,
)
from bluegpt.backoffice.views.requests import show_case
from bluegpt.core.errors import BlueError, Missing
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.services import desk_acts, granting, identity_documents, recipient_notices
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.staff import Area

_STAGES: dict[str, Callable[..., None]] = {"collect": desk.collect, "review": desk.review}


@staff_page(Area.REQUESTS, methods=("POST",))
def stage(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Put the data together, then look it through."""
    verb = request.POST.get("stage", "")
    if verb not in _STAGES:
        return redirect("staff:request", queries.request(request_id).id)
    return _done(request, request_id, verb, _STAGES[verb], _("Noted."))


@staff_page(Area.REQUESTS, methods=("POST",))
def identification(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The masked document shows who asks."""
    said = _("It is noted who asks.")
    return _done(request, request_id, "identify", identity_documents.recognise, said)


@staff_page(Area.REQUESTS, methods=("POST",))
def question(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask back."""
    form = QuestionForm(request.POST)
    said = _("The question is sent. The clock runs on.")
    return _sent(request, request_id, "ask", desk.ask_clarification, said, question=form)


@staff_page(Area.REQUESTS, methods=("POST",))
def extension(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take longer, once, and say why."""
    form = ExtensionForm(request.POST)
    said = _("The term is extended, and the person is told why.")
    return _sent(request, request_id, "extend", desk.extend, said, extension=form)


@staff_page(Area.REQUESTS, methods=("POST",))
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say that it is done."""
    form = AnswerForm(request.POST, right=queries.request(request_id).right)
    said = _("The request is answered, and the person is told.")
    return _sent(request, request_id, "answer", granting.grant, said, answer=form)


@staff_page(Area.REQUESTS, methods=("POST",))
def lifting(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Announce the end of a freeze that was granted."""
    form = LiftingForm(request.POST)
    said = _("The person is told when the freeze ends, and why.")
    return _sent(request, request_id, "lift", granting.announce_lifting, said, lifting=form)


@staff_page(Area.REQUESTS, methods=("POST",))
def refusal(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Refuse, all of it or a part."""
    form = RefusalForm(request.POST, right=queries.request(request_id).right)
    is_partly = form.is_valid() and form.cleaned_data.pop("is_partly")
    verb, service = ("partly_refuse", granting.grant_part) if is_partly else ("refuse", desk.refuse)
    if form.is_valid() and not is_partly:
        form.cleaned_data.pop("purposes", None)
    said = _("The refusal is sent, with its ground and the way to the authority.")
    return _sent(request, request_id, verb, service, said, refusal=form)


@staff_page(Area.REQUESTS, methods=("POST",))
def closing(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Put an answered request away."""
    said = _("The request is closed. Its retention starts today.")
    return _done(request, request_id, "close", desk.close, said)


@staff_page(Area.REQUESTS, methods=("POST",))
def doubt(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Write down why it is doubtful who asks."""
    form = DoubtForm(request.POST)
    said = _("The doubt is written down. A second person has to agree before anything is asked.")
    return _sent(request, request_id, "doubt", identity_documents.doubt, said, doubt=form)


@staff_page(Area.REQUESTS, methods=("POST",))
def agreement(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Agree, as the second person, to ask for a document."""
    said = _("A masked copy is asked for.")
    return _done(request, request_id, "agree", identity_documents.agree, said)


@staff_page(Area.REQUESTS, methods=("GET", "HEAD", "POST"))
def document(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The masked copy: recorded once, looked at until the decision."""
    if request.method != "POST":
        copy = desk_acts.see_document(actor_id=actor_of(request), request_id=request_id)
        # Handed over as a file: nothing that somebody sent in is drawn by a page of ours.
        return HttpResponse(
            copy,
            content_type="application/octet-stream",
            headers={"Content-Disposition": 'attachment; filename="masked-copy"'},
        )
    found = queries.request(request_id)
    form = DocumentForm(request.POST, files=request.FILES)
    if form.is_valid():
        uploaded = form.cleaned_data.pop("copy")
        form.cleaned_data |= {"copy": uploaded.read(), "media_type": uploaded.content_type}
    said = _("The masked copy is kept until the decision, and destroyed with it.")
    return _sent(
        request, found.id, "document", identity_documents.record_document, said, document=form
    )


@staff_page(Area.REQUESTS, methods=("POST",))
def telling(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Note that somebody who received the data was told."""
    recipient = request.POST.get("recipient", "")[:40]
    said = _("It is noted that the recipient was told.")
    note = recipient_notices.note_told
    return _done(request, request_id, "tell", note, said, recipient=recipient)


def _done(
    request: HttpRequest,
    request_id: UUID,
    verb: str,
    service: Callable[..., object],
    said: str,
    **given: object,
) -> HttpResponse:
    """An act without a form; what is refused is said on the request's page."""
    try:
        desk_acts.act(verb, service, actor_id=actor_of(request), request_id=request_id, **given)
    except Missing:
        raise
    except BlueError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("staff:request", request_id)


def _sent(
    request: HttpRequest,
    request_id: UUID,
    verb: str,
    service: Callable[..., object],
    said: str,
    **named: forms.Form,
) -> HttpResponse:
    """An act with a form, which is shown again with what is wrong."""
    found = queries.request(request_id)
    [form] = named.values()
    if form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        actor_id = actor_of(request)
        try:
            desk_acts.act(verb, service, actor_id=actor_id, request_id=found.id, **given)
        except BlueError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect("staff:request", found.id)
    return show_case(request, queries.request(request_id), status=422, **named)
