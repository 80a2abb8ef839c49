"""Pictures and films to take along: as they are, or in another form."""

from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.flows import assets, downloads, labelled_films
from bluegpt.studio.types.media import AssetView, Kind
from bluegpt.web import ranges
from bluegpt.web.person import person_id_in_loop


@login_required
@require_safe
async def download(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    """`?format=png` (or jpeg, webp) converts a picture, `?label=on` puts a visible label on it.

    A film can have the label. Anything else comes as it is, in stretches if asked for.
    """
    person_id = await person_id_in_loop(request)
    format, is_labelled = _format(request), request.GET.get("label") == "on"
    if format is None and not is_labelled:
        view, read = await assets.read(person_id=person_id, asset_id=asset_id, part="file")
        response = await ranges.answer(
            request,
            read,
            size_bytes=view.size_bytes,
            etag=f'"{asset_id}.file"',
            content_type=view.media_type,
        )
    else:
        view, response = await _made_anew(person_id, asset_id, format, is_labelled=is_labelled)
        response["Content-Length"] = str(view.size_bytes)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_name(view), safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


async def _made_anew(
    person_id: UUID, asset_id: UUID, format: PictureFormat | None, *, is_labelled: bool
) -> tuple[AssetView, HttpResponseBase]:
    found, _read = await assets.read(person_id=person_id, asset_id=asset_id, part="file")
    if found.kind is Kind.FILM and format is None:
        view, chunks = await labelled_films.labelled(person_id=person_id, asset_id=asset_id)
        return view, StreamingHttpResponse(chunks, content_type=view.media_type)
    view, data = await downloads.picture(
        person_id=person_id, asset_id=asset_id, format=format, is_labelled=is_labelled
    )
    return view, HttpResponse(data, content_type=view.media_type)


def _format(request: HttpRequest) -> PictureFormat | None:
    try:
        return PictureFormat(request.GET.get("format", ""))
    except ValueError:
        return None


def _name(view: AssetView) -> str:
    """What it is and when it was made, and nothing of what is on it; or the name it was given."""
    ending = view.media_type.partition("/")[2]
    made = f"{view.kind}-{view.created_at:%Y-%m-%d}-{str(view.id)[-6:]}"
    return f"{view.name.rpartition('.')[0] or view.name or made}.{ending}"
