"""OpenAI's videos: a job is begun, looked at, fetched, remixed, extended and deleted.

xAI's share the address of a job, and are told apart by their model.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import orjson
from aiohttp import web
from PIL import Image, UnidentifiedImageError

from bluegpt.providers.adapters.sandbox import openai_errors, switches, xai_videos
from bluegpt.providers.adapters.sandbox.delivery import STALL_S_MAX
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.film_jobs import FilmJob, FilmJobs, FilmOrder
from bluegpt.providers.adapters.sandbox.memory import DONE, Calls
from bluegpt.providers.adapters.sandbox.models import CONTEXT_TOKENS, PROJECTOR, REEL
from bluegpt.providers.adapters.sandbox.switches import BadSwitch, Switches

WIRE = "openai_videos"
SIZES = ("720x1280", "1280x720", "1024x1792", "1792x1024", "640x360")
SECONDS = ("4", "8", "12")
ADDED_SECONDS = (*SECONDS, "16", "20")
PROMPT_CHARS_MAX = 32_000
KEPT_S = 3_600
_CHUNK_BYTES = 65_536
_STATES = {"queued": "queued", "running": "in_progress", "done": "completed"}


class Videos:
    """The routes, and the jobs behind them."""

    def __init__(self, jobs: FilmJobs, calls: Calls) -> None:
        self._jobs = jobs
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/videos", self._create),
            web.get("/v1/videos", self._list),
            web.post("/v1/videos/extensions", self._extend),
            web.post("/v1/videos/generations", self._create_as_xai),
            web.get("/sandbox/films/{id}", self._content),
            web.get("/v1/videos/{id}", self._look),
            web.delete("/v1/videos/{id}", self._delete),
            web.get("/v1/videos/{id}/content", self._content),
            web.post("/v1/videos/{id}/remix", self._remix),
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        fields = await _fields(request, ("model", "prompt", "input_reference", "seconds", "size"))
        model = fields.text("model", PROJECTOR)
        if model != PROJECTOR:
            raise openai_errors.ERRORS["model"].refusal(model=model, param="model")
        size = fields.choice("size", SIZES, SIZES[0])
        order = FilmOrder(
            model=model,
            prompt=_prompt(fields),
            seconds=int(fields.choice("seconds", SECONDS, SECONDS[0])),
            size=size,
            has_sound=True,
            picture=_picture(fields, size),
        )
        return await self._begin(request, order)

    async def _create_as_xai(self, request: web.Request) -> web.StreamResponse:
        return await self._begin(request, await xai_videos.read(request))

    async def _remix(self, request: web.Request) -> web.StreamResponse:
        fields = await _fields(request, ("prompt",))
        source = self._whole(request.match_info["id"])
        order = replace(source.order, prompt=_prompt(fields), source_id=source.id)
        return await self._begin(request, order)

    async def _extend(self, request: web.Request) -> web.StreamResponse:
        fields = await _fields(request, ("prompt", "seconds", "video"))
        given = fields.inner("video")
        if given is None:
            raise fields.missing("video")
        source = self._whole(given.text("id"))
        order = replace(
            source.order,
            prompt=_prompt(fields),
            seconds=source.order.seconds + int(fields.choice("seconds", ADDED_SECONDS)),
            source_id=source.id,
        )
        return await self._begin(request, order)

    async def _begin(self, request: web.Request, order: FilmOrder) -> web.StreamResponse:
        is_xai = order.model == REEL
        call = self._calls.begin(id=request.path, wire="xai_videos" if is_xai else WIRE)
        call.model, call.state = order.model, DONE
        told = told_of(order, request.headers.get("x-sandbox", ""))
        await asyncio.sleep(told.first_ms / 1_000)
        job = self._jobs.begin(order, told, prefix="" if is_xai else "video_")
        return _json({"request_id": job.id} if is_xai else _resource(job))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        most = request.query.get("limit", "20")
        after = request.query.get("after", "")
        jobs = self._jobs.of(PROJECTOR)
        if request.query.get("order") == "asc":
            jobs.reverse()
        ids = [job.id for job in jobs]
        first = ids.index(after) + 1 if after in ids else 0
        page = jobs[first : first + int(most)] if most.isdecimal() else jobs
        return _json(
            {
                "object": "list",
                "data": [_resource(job) for job in page],
                "first_id": page[0].id if page else None,
                "last_id": page[-1].id if page else None,
                "has_more": bool(page) and page[-1].id != ids[-1],
            }
        )

    async def _look(self, request: web.Request) -> web.StreamResponse:
        job = self._job(request.match_info["id"])
        if job.stumbles():
            raise openai_errors.ERRORS["500"].refusal()
        if job.order.model == REEL:
            return _json(xai_videos.resource(job, request))
        return _json(_resource(job))

    async def _content(self, request: web.Request) -> web.StreamResponse:
        job = self._whole(request.match_info["id"])
        return await content(request, job)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        job = self._job(request.match_info["id"])
        self._jobs.forget(job.id)
        return _json({"object": "video.deleted", "deleted": True, "id": job.id})

    def _job(self, job_id: str) -> FilmJob:
        job = self._jobs.find(job_id)
        if job is None:
            raise openai_errors.ERRORS["no_video"].refusal(id=job_id)
        return job

    def _whole(self, job_id: str) -> FilmJob:
        """A job whose film is there."""
        job = self._job(job_id)
        if job.state != "done":
            raise openai_errors.ERRORS["video_not_ready"].refusal()
        if not job.is_kept:
            raise openai_errors.ERRORS["no_video"].refusal(id=job_id)
        return job


def told_of(order: FilmOrder, header: str) -> Switches:
    """The switches of this job; those that mean an error end it here."""
    try:
        told = switches.read(message=order.prompt, header=header)
    except BadSwitch as bad:
        raise openai_errors.ERRORS["switch"].refusal(why=bad) from None
    if told.error:
        raise openai_errors.ERRORS[told.error].refusal(
            found=CONTEXT_TOKENS + 1, most=CONTEXT_TOKENS
        )
    if told.refuse:
        raise openai_errors.ERRORS["unsafe"].refusal()
    return told


async def content(request: web.Request, job: FilmJob) -> web.StreamResponse:
    """The film, or the half of it before the silence or the end that was asked for."""
    film = job.content()
    response = web.StreamResponse(headers={"content-type": "video/mp4"})
    response.content_length = len(film)
    await response.prepare(request)
    is_broken = job.told.cut_after is not None or job.told.stall_after is not None
    most = len(film) // 2 if is_broken else len(film)
    for first in range(0, most, _CHUNK_BYTES):
        await response.write(film[first : min(first + _CHUNK_BYTES, most)])
    if job.told.stall_after is not None:
        await asyncio.sleep(STALL_S_MAX)
    if is_broken and request.transport is not None:
        request.transport.close()
    return response


async def _fields(request: web.Request, known: tuple[str, ...]) -> Fields:
    """The fields of a form or of a JSON object; those that OpenAI does not know are refused."""
    if request.content_type == "application/json":
        try:
            body: Any = orjson.loads(await request.read())
        except orjson.JSONDecodeError:
            raise openai_errors.ERRORS["json"].refusal() from None
    else:
        form: Mapping[str, Any] = await request.post()
        body = {
            name: value.file.read() if isinstance(value, web.FileField) else value
            for name, value in form.items()
        }
    fields = Fields(body, openai_errors.VOICE)
    fields.only(known)
    return fields


def _prompt(fields: Fields) -> str:
    prompt = fields.text("prompt")
    if not prompt.strip() or len(prompt) > PROMPT_CHARS_MAX:
        raise fields.refuse("prompt", f"expected 1 to {PROMPT_CHARS_MAX} characters")
    return prompt


def _picture(fields: Fields, size: str) -> bytes:
    given = fields.raw("input_reference")
    if given is None:
        return b""
    if not isinstance(given, bytes):
        raise fields.refuse("input_reference", "the sandbox takes a file and no reference to one")
    try:
        with Image.open(BytesIO(given)) as picture:
            found = f"{picture.width}x{picture.height}"
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise fields.refuse("input_reference", "not a picture") from None
    if found != size:
        raise fields.refuse("input_reference", f"expected a picture of {size}, but got {found}")
    return given


def _resource(job: FilmJob) -> dict[str, Any]:
    is_done = job.state == "done"
    ended = int(job.created + job.told.job_ms // 1_000) if is_done else None
    error = {
        "failed": {"code": "video_generation_failed", "message": "The video could not be made."},
        "rejected": {
            "code": "moderation_blocked",
            "message": "Your request was blocked by our moderation system.",
        },
    }.get(job.state)
    return {
        "id": job.id,
        "object": "video",
        "model": job.order.model,
        "status": _STATES.get(job.state, "failed"),
        "progress": job.percent,
        "created_at": job.created,
        "completed_at": ended,
        "expires_at": ended + KEPT_S if ended is not None else None,
        "prompt": job.order.prompt,
        "size": job.order.size,
        "seconds": str(job.order.seconds),
        "remixed_from_video_id": job.order.source_id or None,
        "error": error,
    }


def _json(body: Any) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")
