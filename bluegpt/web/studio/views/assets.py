"""Pictures and films, handed to their owner from a place where nothing in them can run."""

from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from bluegpt.studio.flows import assets
from bluegpt.studio.flows.assets import Part
from bluegpt.studio.types.media import AssetView
from bluegpt.web import ranges
from bluegpt.web.person import person_id_in_loop

# What was decoded or made here; anything else is only ever saved.
_SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/webp", "video/mp4"})
# The bytes behind an address never change; what is deleted is gone from a browser within a day.
_KEPT_S = 24 * 3600


@login_required
@require_safe
async def file(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    """One picture or film of the person's own, or a stretch of it."""
    return await _part(request, asset_id, "file")


@login_required
@require_safe
async def thumbnail(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    """The same as small as a gallery shows it."""
    return await _part(request, asset_id, "thumbnail")


@login_required
@require_safe
async def poster(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    """The first frame of a film."""
    return await _part(request, asset_id, "poster")


async def _part(request: HttpRequest, asset_id: UUID, part: Part) -> HttpResponseBase:
    view, read = await assets.read(
        person_id=await person_id_in_loop(request), asset_id=asset_id, part=part
    )
    etag = f'"{asset_id}.{part}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
        response["ETag"] = etag
    else:
        response = await ranges.answer(
            request,
            read,
            size_bytes=view.size_bytes,
            etag=etag,
            content_type=_media_type(view),
        )
        response["Content-Disposition"] = _disposition(view)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={_KEPT_S}, immutable"
    return response


def _media_type(view: AssetView) -> str:
    return view.media_type if view.media_type in _SHOWN_INLINE else "application/octet-stream"


def _disposition(view: AssetView) -> str:
    """The name says what it is and when it was made, and nothing of what is on it."""
    kind = "inline" if view.media_type in _SHOWN_INLINE else "attachment"
    ending = view.media_type.partition("/")[2]
    name = f"{view.kind}-{view.created_at:%Y-%m-%d}-{str(view.id)[-6:]}.{ending}"
    return f"{kind}; filename*=UTF-8''{quote(view.name or name, safe='')}"
