"""Asking about a line of the statement, and what became of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from bluegpt.core.errors import Refused
from bluegpt.credits.errors import AlreadyDisputed
from bluegpt.credits.queries import cases
from bluegpt.credits.queries.statement_line import line_of_request, statement_line
from bluegpt.credits.services import cases as case_services
from bluegpt.credits.types import CaseKind
from bluegpt.web.credits import shown
from bluegpt.web.credits.forms import QuestionForm
from bluegpt.web.person import person_id_of
from bluegpt.web.redirects import SeeOther


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def listing(request: HttpRequest) -> HttpResponse:
    """Every question of the person with its state and its answer, the newest first."""
    found = cases.cases_of(person_id_of(request))
    own = [case for case in found if case.kind is CaseKind.DISPUTE]
    return render(request, "credits/questions.html", {"cases": own})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def line(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """One line, and the form to say what is wrong with it."""
    person_id = person_id_of(request)
    found = statement_line(person_id=person_id, group_id=group_id)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            case_id = case_services.dispute(
                person_id=person_id, group_id=group_id, words=form.cleaned_data["words"]
            )
        except AlreadyDisputed as known:
            messages.info(request, str(known))
            return _to(known.case_id)
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, _("Your question is with us. The answer will be here."))
            return _to(case_id)
    [row] = shown.with_cases(person_id, shown.rows(person_id, (found,)))
    context = {"row": row, "form": form}
    return render(request, "credits/line.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def request_line(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """From the id of a request to its line in the statement."""
    group_id = line_of_request(person_id=person_id_of(request), hold_id=hold_id)
    return redirect("credits:line", group_id)


def _to(case_id: UUID) -> SeeOther:
    return SeeOther(f"{reverse('credits:questions')}#case-{case_id}")
