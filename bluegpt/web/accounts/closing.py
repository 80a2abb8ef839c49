"""Closing the account, and opening a closed one again at the end of a log-in."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import closing
from bluegpt.accounts.types import REOPENING_STAGE
from bluegpt.core import clock
from bluegpt.credits.queries.balances import balance
from bluegpt.privacy.queries.terms import account_endings, content_ends
from bluegpt.privacy.services import choices
from bluegpt.web.person import person_id_of


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def closure(request: HttpRequest) -> HttpResponse:
    """What would end when, and the button. Whoever presses it has just shown who they are.

    The answer to the button is a page of its own and no redirect: the session is gone by then.
    """
    person_id = person_id_of(request)
    if request.method == "GET":
        context = {
            "endings": account_endings(person_id, closed_at=clock.now()),
            "balance": balance(person_id),
            "terms": content_ends(closed_at=clock.now()),
        }
        return render(request, "accounts/closure.html", context)
    person = Person.objects.get(id=person_id)
    choices.choose_content_term(person_id=person_id, term=request.POST.get("term", ""))
    closed_at = closing.close(person_id=person_id)
    get_adapter(request).send_notification_mail("account/email/account_closed", person)
    auth.logout(request)
    context = {"endings": account_endings(person_id, closed_at=closed_at)}
    return render(request, "accounts/closed.html", context)


@require_http_methods(["GET", "POST"])
@login_stage_required(stage=REOPENING_STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def reopening(request: HttpRequest) -> HttpResponse:
    """The last step of a log-in to a closed account: open it again, or leave it."""
    stage = request._login_stage  # type: ignore[attr-defined]
    person = stage.login.user
    if request.method == "GET":
        context = {
            "closed_at": person.closed_at,
            "endings": account_endings(person.id, closed_at=person.closed_at or clock.now()),
        }
        return render(request, "accounts/reopening.html", context)
    closing.reopen(person_id=person.id)
    get_adapter(request).send_notification_mail("account/email/account_reopened", person)
    messages.success(request, _("Your account is open again."))
    response: HttpResponse = stage.exit()
    return response
