"""The policy: of today, of any day, of any version, and what lies between two."""

import json
from datetime import UTC, datetime, time

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bluegpt.core import clock
from bluegpt.privacy.errors.versions import NoSuchVersion
from bluegpt.privacy.queries import versions
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.services import versions as keeping
from bluegpt.privacy.types.versions import Version
from bluegpt.web.cookieless import in_asked_language, page
from bluegpt.web.privacy import codes, policy
from bluegpt.web.privacy.forms import DayForm


@require_safe
@in_asked_language
def today(request: HttpRequest) -> HttpResponse:
    """The policy in force: the short layer first, everything else folded below."""
    keeping.enter()
    return _policy(request, versions.current(), title=_("Privacy"))


@require_safe
@in_asked_language
def version(request: HttpRequest, digest: str) -> HttpResponse:
    """One version as it was published."""
    return _policy(request, versions.version(digest), title=_("Privacy, an earlier version"))


@require_safe
@in_asked_language
def on_a_day(request: HttpRequest) -> HttpResponse:
    """What applied on a day: the version in force when that day ended, in UTC."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return _list(request, form, status=422)
    ended = datetime.combine(form.cleaned_data["day"], time.max, tzinfo=UTC)
    try:
        found = versions.applied_at(min(ended, clock.now()))
    except NoSuchVersion:
        form.add_error("day", _("No policy was in force on that day yet."))
        return _list(request, form, status=404)
    return _policy(request, found, title=_("Privacy, as it applied on that day"))


@require_safe
@in_asked_language
def every_version(request: HttpRequest) -> HttpResponse:
    """The versions, the newest first."""
    keeping.enter()
    return _list(request, DayForm())


@require_safe
@in_asked_language
def changes(request: HttpRequest) -> HttpResponse:
    """What lies between two versions, line by line."""
    older, newer = request.GET.get("from", ""), request.GET.get("to", "")
    rows = [
        (change, codes.KINDS[change.kind], codes.EFFECTS[change.effect])
        for change in versions.difference(older=older, newer=newer)
    ]
    context = {
        "older": versions.version(older),
        "newer": versions.version(newer),
        "rows": rows,
    }
    return page(request, "privacy/changes.html", context)


@require_safe
def published(request: HttpRequest, digest: str = "") -> HttpResponse:
    """A version as data: canonical JSON whose SHA-256 is its name."""
    if not digest:
        keeping.enter()
    document = versions.published(digest or policy_digest())
    return HttpResponse(document, content_type="application/json")


def _policy(request: HttpRequest, found: Version, *, title: str) -> HttpResponse:
    document = json.loads(versions.published(found.digest))
    context = {
        "title": title,
        "version": found,
        "is_current": found.digest == policy_digest(),
        "before": versions.before(found.digest),
        "effect": codes.EFFECTS[found.effect],
        "essentials": policy.essentials(document),
        "sections": policy.sections(document),
    }
    return page(request, "privacy/policy.html", context)


def _list(request: HttpRequest, form: DayForm, *, status: int = 200) -> HttpResponse:
    found = versions.versions()
    context = {
        "form": form,
        "rows": [
            (each, codes.EFFECTS[each.effect], earlier)
            for each, earlier in zip(found, [*found[1:], None], strict=True)
        ],
    }
    response = page(request, "privacy/versions.html", context)
    response.status_code = status
    return response
