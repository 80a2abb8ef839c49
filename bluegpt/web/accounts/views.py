"""The account page, API keys and open sessions."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bluegpt.accounts.errors import UnknownKey, UnknownSession
from bluegpt.accounts.models import Person
from bluegpt.accounts.queries import api_keys as key_queries
from bluegpt.accounts.queries import factors as factor_queries
from bluegpt.accounts.queries import sessions as session_queries
from bluegpt.accounts.services import api_keys as key_services
from bluegpt.accounts.services import sessions as session_services
from bluegpt.accounts.types import ApiKeyFacts
from bluegpt.core import clock
from bluegpt.core.errors import Refused
from bluegpt.credits.queries.caps import caps_of
from bluegpt.credits.services import keys as capped_keys
from bluegpt.credits.types import CapView
from bluegpt.web.accounts.forms import ApiKeyForm


@require_GET
@login_required
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """Everything about the account, each thing with its state and what can be done."""
    person = _person(request)
    keys = [key for key in key_queries.api_keys(person.id) if _is_usable(key)]
    open_sessions = session_queries.sessions(person.id)
    context = {
        "factors": factor_queries.factors(person.id),
        "session_count": len(open_sessions),
        "key_count": len(keys),
    }
    return render(request, "accounts/settings.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def api_keys(request: HttpRequest) -> HttpResponse:
    """The list of keys, and the form for a new one.

    The secret of a new key is in the answer to its form and nowhere else: a redirect would have
    to keep it somewhere on the way.
    """
    if request.method == "GET":
        return _keys_page(request, ApiKeyForm())
    person = _person(request)
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return _keys_page(request, form, status=422)
    try:
        key, secret = capped_keys.create(
            person_id=person.id,
            name=form.cleaned_data["name"],
            monthly_limit_microcredits=form.cleaned_data["monthly_cap"],
            expires_at=form.expires_at(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _keys_page(request, form, status=422)
    get_adapter(request).send_notification_mail(
        "account/email/api_key_created", person, {"key_name": key.name}
    )
    return _keys_page(request, ApiKeyForm(), new_key=key, secret=secret, status=201)


@require_POST
@login_required
def key_revocation(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End one key."""
    try:
        key_services.revoke(person_id=_person(request).id, key_id=key_id)
    except UnknownKey as unknown:
        messages.error(request, str(unknown))
    else:
        messages.success(request, _("The key is revoked. It no longer works."))
    return redirect("accounts:api_keys")


@require_GET
@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is logged in."""
    current_key = request.session.session_key or ""
    found = session_queries.sessions(_person(request).id, current_key=current_key)
    return render(request, "accounts/sessions.html", {"sessions": found})


@require_POST
@login_required
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Log one other browser out."""
    try:
        session_services.end(person_id=_person(request).id, session_id=session_id)
    except UnknownSession as unknown:
        messages.info(request, str(unknown))
    else:
        messages.success(request, _("That browser is logged out."))
    return redirect("accounts:sessions")


@require_POST
@login_required
def other_sessions_end(request: HttpRequest) -> HttpResponse:
    """Log every other browser out."""
    count = session_services.end_others(
        person_id=_person(request).id, current_key=request.session.session_key or ""
    )
    told = ngettext(
        "%(count)d other browser is logged out.", "%(count)d other browsers are logged out.", count
    )
    messages.success(request, told % {"count": count})
    return redirect("accounts:sessions")


def _keys_page(
    request: HttpRequest,
    form: ApiKeyForm,
    *,
    new_key: ApiKeyFacts | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    person_id = _person(request).id
    keys = key_queries.api_keys(person_id)
    caps = caps_of(person_id)
    context = {
        "form": form,
        "usable_keys": [(key, _caps_on(key, caps)) for key in keys if _is_usable(key)],
        "ended_keys": [key for key in keys if not _is_usable(key)],
        "new_key": new_key,
        "secret": secret,
    }
    return render(request, "accounts/api_keys.html", context, status=status)


def _caps_on(key: ApiKeyFacts, caps: tuple[CapView, ...]) -> list[CapView]:
    """The spending limits of one key, the daily one first."""
    return [cap for cap in caps if cap.key_id == key.id]


def _is_usable(key: ApiKeyFacts) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > clock.now())


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # every view here requires log-in
    return request.user
