"""Vertex AI's operations that film: begun, and asked for until they are done."""

import asyncio
import binascii
from base64 import b64decode, b64encode
from typing import Any

import orjson
from aiohttp import web

from bluegpt.providers.adapters.sandbox import google_errors, google_films
from bluegpt.providers.adapters.sandbox.delivery import STALL_S_MAX
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.film_jobs import FilmJob, FilmJobs, FilmOrder
from bluegpt.providers.adapters.sandbox.memory import DONE, Calls
from bluegpt.providers.adapters.sandbox.models import CINEMA

WIRE = "vertex_videos"
SECONDS = (4, 6, 8)
_PLACE = "/v1/projects/{project}/locations/{location}/publishers/google/models/{model}"
_PARAMETERS = (
    *("sampleCount", "durationSeconds", "aspectRatio", "resolution", "generateAudio", "seed"),
    *("personGeneration", "negativePrompt", "enhancePrompt", "fps", "compressionQuality"),
)


class Operations:
    """The routes, and the jobs behind them."""

    def __init__(self, jobs: FilmJobs, calls: Calls) -> None:
        self._jobs = jobs
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(_PLACE + ":predictLongRunning", self._begin),
            web.post(_PLACE + ":fetchPredictOperation", self._look),
        ]

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        fields = Fields(await google_films.body(request), google_errors.VOICE)
        fields.only(("instances", "parameters", "labels"))
        model = request.match_info["model"]
        if model != CINEMA:
            raise google_errors.ERRORS["model"].refusal(model=model)
        order = _order(fields)
        call = self._calls.begin(id=request.path, wire=WIRE)
        call.model, call.state = order.model, DONE
        told = google_films.told_of(order, request.headers.get("x-sandbox", ""))
        await asyncio.sleep(told.first_ms / 1_000)
        job = self._jobs.begin(order, told, prefix="")
        return google_films.json({"name": f"{_resource(request)}/operations/{job.id}"})

    async def _look(self, request: web.Request) -> web.StreamResponse:
        fields = Fields(await google_films.body(request), google_errors.VOICE)
        name = fields.text("operationName")
        job = google_films.known(self._jobs, name.rpartition("/operations/")[2])
        if job.stumbles():
            raise google_errors.ERRORS["500"].refusal()
        if job.state == "done" and not job.is_kept:
            raise google_errors.ERRORS["404"].refusal()
        return await _sent(request, job, orjson.dumps(_operation(name, job)))


async def _sent(request: web.Request, job: FilmJob, body: bytes) -> web.StreamResponse:
    """The reply; the second one with the film breaks off where it was told to."""
    is_broken = job.told.cut_after is not None or job.told.stall_after is not None
    job.deliveries += job.state == "done"
    if job.deliveries < 2 or not is_broken:
        return web.Response(body=body, content_type="application/json")
    response = web.StreamResponse(headers={"content-type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if job.told.stall_after is not None:
        await asyncio.sleep(STALL_S_MAX)
    if request.transport is not None:
        request.transport.close()
    return response


def _resource(request: web.Request) -> str:
    at = request.match_info
    place = f"projects/{at['project']}/locations/{at['location']}"
    return f"{place}/publishers/google/models/{at['model']}"


def _order(fields: Fields) -> FilmOrder:
    instances = fields.each("instances")
    if len(instances) != 1:
        raise fields.refuse("instances", "expected one")
    instance, parameters = instances[0], fields.inner("parameters")
    if parameters is None:
        raise fields.missing("parameters")
    parameters.only(_PARAMETERS)
    seconds = parameters.integer("durationSeconds", least=SECONDS[0], default=SECONDS[-1])
    if seconds not in SECONDS:
        raise parameters.refuse("durationSeconds", "expected 4, 6 or 8")
    if parameters.integer("sampleCount", least=1, default=1) != 1:
        raise parameters.refuse("sampleCount", "the sandbox makes one film at a time")
    resolution = parameters.choice("resolution", ("360p", "720p", "1080p"), "720p")
    aspect = parameters.choice("aspectRatio", ("16:9", "9:16"), "16:9")
    prompt = instance.text("prompt")
    if not prompt.strip():
        raise instance.missing("prompt")
    return FilmOrder(
        model=CINEMA,
        prompt=prompt,
        seconds=seconds,
        size=google_films.size_of(aspect, resolution),
        has_sound=parameters.flag("generateAudio", default=True),
        picture=_picture(instance),
    )


def _picture(instance: Fields) -> bytes:
    given = instance.inner("image")
    if given is None:
        return b""
    try:
        picture = b64decode(given.text("bytesBase64Encoded"), validate=True)
    except binascii.Error:
        raise given.refuse("bytesBase64Encoded", "base64") from None
    google_films.check_picture(given, picture)
    return picture


def _operation(name: str, job: FilmJob) -> dict[str, Any]:
    body: dict[str, Any] = {"name": name}
    match job.state:
        case "done":
            film = b64encode(job.content()).decode()
            videos = [{"bytesBase64Encoded": film, "mimeType": "video/mp4"}]
            return body | {"done": True, "response": {"raiMediaFilteredCount": 0, "videos": videos}}
        case "rejected":
            filtered = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["Code: 15236754"]}
            return body | {"done": True, "response": filtered}
        case "failed":
            error = {"code": 13, "message": "An internal error has occurred."}
            return body | {"done": True, "error": error}
        case _:
            return body
