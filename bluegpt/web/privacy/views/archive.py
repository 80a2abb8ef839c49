"""Your data to take with you: asked for, awaited, downloaded once, and brought back."""

from uuid import UUID

import orjson
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluegpt.core.errors import sentence_of
from bluegpt.privacy.errors.archives import ArchiveBroken, ArchiveGone
from bluegpt.privacy.queries.archive_schemas import access_schema, portable_schema
from bluegpt.privacy.queries.archives import archive_of, return_of
from bluegpt.privacy.services import archives, returning
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState
from bluegpt.web.fresh import fresh_login_required
from bluegpt.web.person import person_id_of
from bluegpt.web.streaming import download

_FORM_BYTES = 100_000  # what a form has beside its file


@fresh_login_required
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What an archive holds, the one that was asked for, and the form to ask."""
    person_id = person_id_of(request)
    if request.method == "POST":
        is_portable = request.POST.get("kind") == ArchiveKind.PORTABLE
        kind = ArchiveKind.PORTABLE if is_portable else ArchiveKind.ACCESS
        archives.ask(person_id=person_id, kind=kind, language=(get_language() or "en")[:2])
        return redirect("privacy:archive")
    archive = archive_of(person_id)
    returned = return_of(person_id)
    context = {
        "archive": archive,
        "is_incoming": archive is not None and archive.kind is ArchiveKind.INCOMING,
        "returned": returned,
        "refusal": sentence_of(returned.refusal) if returned and returned.refusal else "",
        "bytes_max": settings.FILE_UPLOAD_MAX_MEMORY_SIZE - _FORM_BYTES,
        "is_ready": archive is not None and archive.state is ArchiveState.READY,
        "is_portable": archive is not None and archive.kind is ArchiveKind.PORTABLE,
    }
    return render(request, "privacy/archive.html", context)


@fresh_login_required
@require_POST
def take(request: HttpRequest, archive_id: UUID) -> HttpResponseBase:
    """The one download. A second one finds nothing."""
    person_id = person_id_of(request)
    found = archive_of(person_id)
    if found is None:
        raise ArchiveGone
    archives.take(person_id=person_id, archive_id=archive_id)
    return download(
        archives.stream(person_id=person_id, archive_id=archive_id),
        name=f"bluegpt-{found.kind}-{found.asked_at:%Y-%m-%d}.zip",
        content_type="application/zip",
        size_bytes=found.size_bytes,
    )


@login_required
@require_POST
def cancellation(request: HttpRequest) -> HttpResponse:
    """End an archive that nobody wants any more."""
    archives.cancel(person_id=person_id_of(request))
    return redirect("privacy:archive")


@login_required
@require_POST
def bring_back(request: HttpRequest) -> HttpResponse:
    """Receive a portable archive; a job takes it in."""
    file = request.FILES.get("archive")
    if file is None:
        raise ArchiveBroken
    returning.bring(
        person_id=person_id_of(request),
        chunks=file.chunks(),
        language=(get_language() or "en")[:2],
    )
    return redirect("privacy:archive")


@require_safe
def schema(request: HttpRequest, kind: str) -> HttpResponse:
    """The published JSON Schema of an archive."""
    document = portable_schema() if kind == ArchiveKind.PORTABLE else access_schema()
    return HttpResponse(orjson.dumps(document), content_type="application/schema+json")
