"""`/v1/videos`: a film is asked for, looked at, fetched and deleted, in OpenAI's shape.

The film is the studio's: it is kept in the gallery of the key's person until it is deleted.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from bluegpt.api import answers, reading, repeats
from bluegpt.api.doors import door
from bluegpt.api.errors import InvalidParameter, UnreadableRequest, UnsupportedParameter
from bluegpt.api.keys import Caller
from bluegpt.api.shapes import cost_of
from bluegpt.core.threads import in_thread
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.models import FilmingSkills, Sound
from bluegpt.studio.errors import DoesNotFilm, UnknownCreation
from bluegpt.studio.flows import assets, creations, erasure
from bluegpt.studio.flows import films as flow
from bluegpt.studio.queries import gallery
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import CreationView, FilmWish, Kind

_HONOURED = frozenset({"model", "prompt", "seconds", "size"})
_PREFIX = "video_"
_PARTS = ("video", "thumbnail")


@door("POST")
async def videos(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Have a film made. It goes on by itself, and is looked at by its id."""
    if repeats.HEADER in request.headers:
        raise UnsupportedParameter(repeats.HEADER)
    given, picture = _given(request)
    reading.known(given, ignored=_HONOURED, neutral={})
    wish = await _wish(given, caller)
    if picture is not None:
        view = await creations.give(person_id=caller.person_id, upload=picture)
        wish = replace(wish, picture_id=view.id)
    asked = await flow.film(wish, key_id=caller.key_id)
    return answers.named(asked, await _shown(caller, asked.call_id))


@csrf_exempt
async def video(request: HttpRequest, video_id: str) -> HttpResponseBase:
    """How far a film is, or its end for good, by the method."""
    act = _deleted if request.method == "DELETE" else _looked_at
    return await act(request, video_id)


@door("GET")
async def content(request: HttpRequest, caller: Caller, video_id: str) -> HttpResponseBase:
    """The film's bytes as they are read, or its thumbnail with `?variant=thumbnail`."""
    variant = reading.choice(request.GET.get("variant"), "variant", _PARTS, "video")
    creation = await _creation(caller, _id(video_id))
    if not creation.assets:
        raise UnknownCreation
    view, read = await assets.read(
        person_id=caller.person_id,
        asset_id=creation.assets[0].id,
        part="file" if variant == "video" else "thumbnail",
    )
    response = StreamingHttpResponse(read(0, view.size_bytes), content_type=view.media_type)
    response["Content-Length"] = str(view.size_bytes)
    response["Cache-Control"] = "private, no-store"
    return response


@door("GET")
async def _looked_at(_request: HttpRequest, caller: Caller, video_id: str) -> HttpResponseBase:
    return await _shown(caller, _id(video_id))


@door("DELETE")
async def _deleted(_request: HttpRequest, caller: Caller, video_id: str) -> HttpResponseBase:
    creation = await _creation(caller, _id(video_id))
    await erasure.delete_creation(person_id=caller.person_id, creation_id=creation.id)
    return _json({"id": video_id, "object": "video.deleted", "deleted": True})


async def _shown(caller: Caller, creation_id: UUID) -> HttpResponse:
    return _json(_body(await _creation(caller, creation_id)))


async def _creation(caller: Caller, creation_id: UUID) -> CreationView:
    found = await in_thread(gallery.creation, person_id=caller.person_id, creation_id=creation_id)
    if found.kind is not Kind.FILM or found.call is None:
        raise UnknownCreation
    return found


def _given(request: HttpRequest) -> tuple[dict[str, Any], Upload | None]:
    """What a JSON body or a form says, and the picture to begin with."""
    if request.content_type != "multipart/form-data":
        return reading.body(request.body), None
    try:
        fields, files = request.POST, request.FILES
    except (MultiPartParserError, SuspiciousOperation):
        raise UnreadableRequest from None
    for name in files:
        if name != "input_reference":
            raise UnsupportedParameter(name, _("There is no parameter “%(param)s”."))
    file = files.get("input_reference")
    picture = Upload(name=file.name or "", data=file.read()) if file else None
    return dict(fields.items()), picture


async def _wish(given: dict[str, Any], caller: Caller) -> FilmWish:
    model_key = reading.text(given.get("model"), "model")
    model = await in_thread(catalogue.model, model_key)
    skills: FilmingSkills | None = model.filming
    if skills is None:
        raise DoesNotFilm
    return FilmWish(
        person_id=caller.person_id,
        model_key=model_key,
        text=reading.text(given.get("prompt"), "prompt"),
        seconds=_seconds(given.get("seconds"), skills),
        size=reading.text(given.get("size") or skills.canvases[0].size, "size"),
        with_sound=skills.sound is not Sound.NEVER,
    )


def _seconds(value: Any, skills: FilmingSkills) -> int:
    """OpenAI writes the number as a string; a number will do."""
    if value is None:
        return skills.seconds[0]
    if not str(value).isdecimal() or isinstance(value, bool):
        raise InvalidParameter("seconds", _("a whole number above zero"))
    return int(str(value))


def _id(video_id: str) -> UUID:
    try:
        return UUID(video_id.removeprefix(_PREFIX))
    except ValueError:
        raise UnknownCreation from None


def _body(creation: CreationView) -> dict[str, Any]:
    call = creation.call
    assert call is not None, "what came back in an archive is not shown here"
    is_live, is_made = call.state is CallState.LIVE, call.state is CallState.COMPLETE
    begun = "in_progress" if creation.percent is not None else "queued"
    error = {"code": call.error_code or call.state, "message": call.error_sentence}
    return {
        "id": f"{_PREFIX}{creation.id.hex}",
        "object": "video",
        "created_at": int(creation.created_at.timestamp()),
        "status": begun if is_live else "completed" if is_made else "failed",
        "progress": 100 if is_made else creation.percent or 0,
        "model": creation.model_key,
        "prompt": creation.prompt,
        "seconds": str(creation.settings["seconds"]),
        "size": creation.settings["size"],
        "error": None if is_live or is_made else error,
        "bluegpt": None if is_live else cost_of(call),
    }


def _json(body: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
