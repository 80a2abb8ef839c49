"""Google's interactions that film: begun in the background, looked at, cancelled, deleted.

The film comes as an address here or inside the reply, whichever was asked for.
"""

import asyncio
import binascii
from base64 import b64decode, b64encode
from typing import Any

from aiohttp import web

from bluegpt.providers.adapters.sandbox import google_errors, google_films, tokens
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.film_jobs import FilmJob, FilmJobs, FilmOrder
from bluegpt.providers.adapters.sandbox.memory import DONE, Calls
from bluegpt.providers.adapters.sandbox.models import LANTERN
from bluegpt.providers.adapters.sandbox.videos import content

WIRE = "google_interactions"
TOKENS_PER_SECOND = {"360p": 1_900, "720p": 5_700, "1080p": 8_600}
DEFAULT_SECONDS = 8
_STATES = {"queued": "queued", "running": "in_progress", "done": "completed"}
_KNOWN = (
    *("model", "input", "response_format", "background", "store", "stream"),
    *("generation_config", "previous_interaction_id", "safety_settings", "system_instruction"),
)


class Interactions:
    """The routes, and the jobs behind them."""

    def __init__(self, jobs: FilmJobs, calls: Calls) -> None:
        self._jobs = jobs
        self._calls = calls
        self._inline: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        base = "/{version:v1|v1beta}/interactions"
        return [
            web.post(base, self._create),
            web.get(base + "/{id}", self._look),
            web.delete(base + "/{id}", self._delete),
            web.post(base + "/{id}/cancel", self._cancel),
            web.get("/{version:v1|v1beta}/files/{id}:download", self._content),
            web.delete("/{version:v1|v1beta}/files/{id}", self._delete_file),
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        fields = Fields(await google_films.body(request), google_errors.VOICE)
        fields.only(map(google_films.camel, _KNOWN))
        model = fields.text("model")
        if model.removeprefix("models/") != LANTERN:
            raise google_errors.ERRORS["model"].refusal(model=model)
        if not fields.flag("background") or not fields.flag("store"):
            raise fields.refuse("background", "the sandbox films in the background, and stores it")
        order, is_inline = self._order(fields)
        call = self._calls.begin(id=request.path, wire=WIRE)
        call.model, call.state, call.is_stored = order.model, DONE, True
        told = google_films.told_of(order, request.headers.get("x-sandbox", ""))
        await asyncio.sleep(told.first_ms / 1_000)
        job = self._jobs.begin(order, told, prefix="int_")
        if is_inline:
            self._inline.add(job.id)
        return google_films.json(self._resource(request, job))

    def _order(self, fields: Fields) -> tuple[FilmOrder, bool]:
        form = fields.inner("responseFormat")
        if form is None:
            raise fields.missing("responseFormat")
        form.choice("type", ("video",))
        resolution = form.choice("resolution", TOKENS_PER_SECOND, "720p")
        aspect = form.choice("aspectRatio", ("16:9", "9:16"), "16:9")
        prompt, picture = _input(fields)
        source_id = fields.text("previousInteractionId", "")
        seconds = _seconds(form)
        if source_id:
            source = google_films.whole(self._jobs, source_id)
            config = fields.inner("generationConfig")
            video = config.inner("videoConfig") if config else None
            if video is not None and video.text("task", "") == "extend":
                seconds += source.order.seconds
        order = FilmOrder(
            model=LANTERN,
            prompt=prompt,
            seconds=seconds,
            billed_seconds=_seconds(form),
            size=google_films.size_of(aspect, resolution),
            has_sound=True,
            picture=picture,
            source_id=source_id,
        )
        return order, form.choice("delivery", ("inline", "uri"), "inline") == "inline"

    async def _look(self, request: web.Request) -> web.StreamResponse:
        job = google_films.known(self._jobs, request.match_info["id"])
        if job.stumbles():
            raise google_errors.ERRORS["500"].refusal()
        return google_films.json(self._resource(request, job))

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        job = google_films.known(self._jobs, request.match_info["id"])
        if job.state not in ("queued", "running"):
            raise google_errors.ERRORS["400"].refusal()
        job.is_cancelled = True
        return google_films.json(self._resource(request, job))

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        google_films.known(self._jobs, request.match_info["id"])
        self._jobs.forget(request.match_info["id"])
        return google_films.json({})

    async def _delete_file(self, request: web.Request) -> web.StreamResponse:
        google_films.known(self._jobs, request.match_info["id"]).is_file_deleted = True
        return google_films.json({})

    async def _content(self, request: web.Request) -> web.StreamResponse:
        job = self._jobs.find(request.match_info["id"])
        if job is None or job.state != "done" or not job.is_kept:
            raise google_errors.ERRORS["403"].refusal()  # as for files of others
        return await content(request, job)

    def _resource(self, request: web.Request, job: FilmJob) -> dict[str, Any]:
        state = "completed" if job.state == "done" else _STATES.get(job.state, "failed")
        body: dict[str, Any] = {
            "id": job.id,
            "object": "interaction",
            "model": job.order.model,
            "status": "cancelled" if job.is_cancelled else state,
            "created": google_films.written(job.created),
            "updated": google_films.written(job.created),
            "steps": [],
        }
        if job.state == "done":
            body["steps"] = [{"type": "model_output", "content": [self._film(request, job)]}]
            if job.told.usage != "missing":
                body["usage"] = _usage(job)
        elif body["status"] == "failed":
            kind = "content_policy_violation" if job.state == "rejected" else "internal_error"
            body["errors"] = [{"code": kind, "message": "The video could not be made."}]
        return body

    def _film(self, request: web.Request, job: FilmJob) -> dict[str, Any]:
        film: dict[str, Any] = {"type": "video", "mime_type": "video/mp4"}
        if job.id in self._inline:
            return film | {"data": b64encode(job.content()).decode()}
        path = f"/v1beta/files/{job.id}:download?alt=media"
        return film | {"uri": f"{request.scheme}://{request.host}{path}"}


def _input(fields: Fields) -> tuple[str, bytes]:
    """The words, and the picture if there is one."""
    given = fields.raw("input")
    if isinstance(given, str):
        return given, b""
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list):
        raise fields.missing("input")
    words, picture = [], b""
    for at, item in enumerate(_contents(given)):
        part = Fields(item, google_errors.VOICE, at=f"input[{at}]")
        if part.choice("type", ("text", "image")) == "text":
            words.append(part.text("text"))
        else:
            try:
                picture = b64decode(part.text("data"), validate=True)
            except binascii.Error:
                raise part.refuse("data", "base64") from None
            google_films.check_picture(part, picture)
    if not "".join(words).strip():
        raise fields.missing("input")
    return "\n".join(words), picture


def _contents(given: list[Any]) -> list[Any]:
    """The parts of what a person says, alone or in their turns."""
    turns = [item for item in given if isinstance(item, dict) and item.get("type") == "user_input"]
    return [part for turn in turns for part in turn.get("content") or ()] if turns else given


def _seconds(form: Fields) -> int:
    given = form.text("duration", f"{DEFAULT_SECONDS}s")
    number = given.removesuffix("s")
    if not number.isdigit() or not 3 <= int(number) <= 15:
        raise form.refuse("duration", 'expected "3s" to "15s"')
    return int(number)


def _usage(job: FilmJob) -> dict[str, Any]:
    _aspect, lines = google_films.shape_of(job.order.size)
    read = tokens.TURN_TOKENS + tokens.count(job.order.prompt)
    filmed = job.order.billed_seconds * TOKENS_PER_SECOND[lines]
    match job.told.usage:
        case "zero":
            read, filmed = 0, 0
        case "negative":
            filmed = -filmed
        case "absurd":
            read, filmed = read * 10**9, filmed * 10**9
    parts = filmed * 2 if job.told.usage == "contradictory" else filmed
    return {
        "total_input_tokens": read,
        "input_tokens_by_modality": [{"modality": "text", "tokens": read}],
        "total_output_tokens": filmed,
        "output_tokens_by_modality": [{"modality": "video", "tokens": parts}],
        "total_tokens": read + filmed,
    }
