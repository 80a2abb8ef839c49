"""The desk: what people ask about their data, and one request with all that may be done to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.request_forms import (
    AnswerForm,
    DocumentForm,
    DoubtForm,
    ExtensionForm,
    IntakeForm,
    LiftingForm,
    QuestionForm,
    RefusalForm,
)
from bluegpt.backoffice.request_words import case, staff_in
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import desk_acts, granting, recipient_notices, request_letters
from bluegpt.privacy.types.requests import RequestView, State, StepKind
from bluegpt.privacy.types.staff import Area


@staff_page(Area.REQUESTS, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the most urgent first, and the form for what came by post."""
    form = IntakeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            request_id = desk_acts.record(
                actor_id=actor_of(request),
                contact=form.contact(),
                right=given["right"],
                channel=given["channel"],
                words=given["words"],
                received_on=given["received_on"],
            )
        except BlueError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The request is recorded. Its clock runs."))
            return redirect("staff:request", request_id)
    page = pages.page_number(request)
    found = queries.open_requests(page=page)
    context = {"form": form, "count": queries.open_request_count(), **_listed(found, page)}
    return pages.show(request, "requests", context, status=422 if form.is_bound else 200)


@staff_page(Area.REQUESTS)
def answered(request: HttpRequest) -> HttpResponse:
    """What has been answered, the newest first."""
    page = pages.page_number(request)
    found = queries.decided_requests(page=page)
    return pages.show(request, "requests_answered", _listed(found, page))


@staff_page(Area.REQUESTS)
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: its clock, its words, its history, and what may be done next."""
    return show_case(request, queries.request(request_id))


@staff_page(Area.REQUESTS)
def letter(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The latest letter, to be printed and sent by post."""
    found = queries.request(request_id)
    written = [step for step in found.steps if step.kind in request_letters.LETTERS]
    subject, text = request_letters.drawn_up(request_id=found.id, step_id=written[-1].id)
    context = {"request_view": found, "subject": subject, "text": text}
    return pages.show(request, "request_letter", context)


def show_case(
    request: HttpRequest, found: RequestView, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of one request, with the forms that were filled in wrongly in their places."""
    kinds = {step.kind for step in found.steps}
    asked = StepKind.DOCUMENT_ASKED in kinds
    context = {
        "case": case(found, staff_in(found)),
        "account": pages.addresses([found.person_id]) if found.has_account else {},
        "question": QuestionForm(),
        "extension": ExtensionForm(),
        "answer": AnswerForm(right=found.right),
        "refusal": RefusalForm(right=found.right),
        "doubt": DoubtForm(),
        "lifting": LiftingForm(),
        "may_be_lifted": granting.may_be_lifted(found),
        "document": DocumentForm(),
        "is_identified": found.state is not State.RECEIVED,
        "doubted_by": None if asked else _doubted_by(found),
        "actor": str(actor_of(request)),
        "document_asked": asked,
        "document_kept": StepKind.DOCUMENT_RECEIVED in kinds
        and StepKind.DOCUMENT_DESTROYED not in kinds,
        "has_letter": any(kind in request_letters.LETTERS for kind in kinds),
        "to_be_told": recipient_notices.waiting_to_be_told(request_id=found.id),
        "operator": manifest().operator,
        **forms,
    }
    return pages.show(request, "request", context, status=status)


def _doubted_by(found: RequestView) -> str | None:
    doubts = [step.by for step in found.steps if step.kind is StepKind.DOCUMENT_DOUBTED]
    return doubts[-1] if doubts else None


def _listed(found: tuple[RequestView, ...], page: int) -> dict[str, Any]:
    return {
        "cases": [case(each, {}) for each in found],
        "page_number": page,
        "has_more": len(found) == queries.PAGE_SIZE,
    }
