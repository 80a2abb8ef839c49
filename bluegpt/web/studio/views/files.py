"""Files beside messages, handed out from a place where nothing in them can run."""

from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from bluegpt.studio.flows import attachments
from bluegpt.web import ranges
from bluegpt.web.person import person_id_in_loop

# Pictures were decoded and made anew on arrival; only these may be shown on a page.
_SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/webp"})


@login_required
@require_safe
async def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """One file of the person's own, or a stretch of it."""
    view, read = await attachments.read(
        person_id=await person_id_in_loop(request), attachment_id=attachment_id
    )
    is_picture = view.media_type in _SHOWN_INLINE
    media_type = view.media_type if is_picture else "application/octet-stream"
    response = await ranges.answer(
        request,
        read,
        size_bytes=view.size_bytes,
        etag=f'"{attachment_id}"',  # the bytes behind an id never change
        content_type=media_type,
    )
    disposition = "inline" if is_picture and "download" not in request.GET else "attachment"
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(view.name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
