"""Google's Interactions API with the models that film. Source: google-genai, its interactions.

An interaction runs in the background and must be stored there to be looked at; it is deleted once
the film has been fetched. A film comes as an address among Google's own, or inside the reply.
"""

import contextlib
from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import quote, urlsplit

from bluegpt.core.errors import BlueError
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import check
from bluegpt.providers.adapters.film_wire import (
    GONE,
    GONE_FROM_STORE,
    Call,
    inner_film,
    reply,
    skimmed,
    stream,
)
from bluegpt.providers.adapters.reading import listed, mapping, string
from bluegpt.providers.errors import FilmGone, MalformedReply
from bluegpt.providers.rules.counts import malformed, reported
from bluegpt.providers.rules.failures import is_refusal, plain_code
from bluegpt.providers.rules.filming import billed, estimate, shape_of
from bluegpt.providers.rules.google_usage import interactions_usage
from bluegpt.providers.types.films import FilmAct, FilmProgress, FilmRequest, FilmState
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.usage import Usage

_FILM = "data"
_RUNNING = {"queued": FilmState.QUEUED, "in_progress": FilmState.RUNNING}
_TASKS = {FilmAct.REMIX: "edit", FilmAct.EXTEND: "extend"}
_PATH = "/v1beta/interactions"


class GoogleInteractions:
    """Nobody is named: the API has no field for who asks."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def submit(self, request: FilmRequest, *, clearance: Clearance) -> str:
        check(request, clearance)
        has_source = request.act is not FilmAct.CREATE
        call = self._call(_PATH, method="POST", body=_body(request), is_about_job=has_source)
        ref = string((await reply(call)).get("id"), "the name of an interaction")
        if not 0 < len(ref) <= 500:
            raise malformed("an interaction without a usable name")
        return ref

    async def look(self, ref: str, *, request: FilmRequest) -> FilmProgress:
        try:
            told = await skimmed(self._call(_job(ref), is_about_job=True), key=_FILM)
        except FilmGone:
            return FilmProgress(state=FilmState.GONE)
        status = string(told.body.get("status"), "a state")
        if status in _RUNNING:
            return FilmProgress(state=_RUNNING[status])
        if status == "completed" and (told.has_film or _address(told.body)):
            usage = _usage(told.body.get("usage"), request)
            return FilmProgress(state=FilmState.DONE, percent=100, usage=usage)
        code = _code(told.body) or ("no_film" if status == "completed" else plain_code(status))
        state = FilmState.REFUSED if is_refusal(code) else FilmState.FAILED
        return FilmProgress(state=state, error_code=code)

    async def fetch(self, ref: str, *, request: FilmRequest) -> AsyncGenerator[bytes, None]:
        job = self._call(_job(ref), is_about_job=True)
        address = _address((await skimmed(job, key=_FILM)).body)
        if address:
            path = self._own(address)
            film = stream(self._call(path, is_about_job=True, gone=GONE_FROM_STORE))
        else:
            film = inner_film(job, key=_FILM)
        async with contextlib.aclosing(film):
            async for chunk in film:
                yield chunk

    async def forget(self, ref: str) -> bool:
        """Stop it if it still runs, and delete its file as well as the interaction."""
        job = self._call(_job(ref), is_about_job=True)
        try:
            told = await skimmed(job, key=_FILM)
            if string(told.body.get("status"), "a state") in _RUNNING:
                # What has ended meanwhile cannot be stopped, and need not be.
                with contextlib.suppress(BlueError):
                    await reply(self._call(f"{_job(ref)}/cancel", method="POST", body={}))
            if address := _address(told.body):
                file = self._own(address).partition(":download")[0]
                await self._delete(file, gone=GONE_FROM_STORE)
            await self._delete(_job(ref))
        except FilmGone:
            pass
        return True

    async def _delete(self, path: str, *, gone: tuple[int, ...] = GONE) -> None:
        with contextlib.suppress(FilmGone, MalformedReply):  # it is answered with nothing
            await reply(self._call(path, method="DELETE", is_about_job=True, gone=gone))

    def _own(self, address: str) -> str:
        """The path of a film that lies at the provider; any other address is not asked."""
        asked, own = urlsplit(address), urlsplit(self._route.base_url)
        if (asked.scheme, asked.netloc) != (own.scheme, own.netloc):
            raise malformed("a film at another host")
        return f"{asked.path}?{asked.query}" if asked.query else asked.path

    def _call(self, path: str, **more: Any) -> Call:
        return Call(
            base_url=self._route.base_url,
            path=path,
            headers={"x-goog-api-key": self._route.api_key},
            **more,
        )


def _job(ref: str) -> str:
    return f"{_PATH}/{quote(ref, safe='')}"


def _body(request: FilmRequest) -> dict[str, Any]:
    assert request.model.filming is not None
    aspect_ratio, resolution = shape_of(request.size)
    form = {
        "type": "video",
        "aspect_ratio": aspect_ratio,
        "resolution": resolution,
        "delivery": "uri",
    }
    if len(request.model.filming.seconds) > 1:  # with one length, the model decides within it
        form["duration"] = f"{request.seconds}s"
    content: list[dict[str, Any]] = [{"type": "text", "text": request.prompt}]
    if request.picture is not None:
        data = b64encode(request.picture.data).decode()
        media_type = request.picture.media_type
        content.append({"type": "image", "data": data, "mime_type": media_type})
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "input": content,
        "response_format": form,
        "background": True,
        "store": True,  # without it, nothing can be looked at
    }
    if request.act is not FilmAct.CREATE:
        body["previous_interaction_id"] = request.source_ref
        body["generation_config"] = {"video_config": {"task": _TASKS[request.act]}}
    return body


def _films(body: dict[str, Any]) -> list[dict[str, Any]]:
    steps = [mapping(step, "a step") for step in listed(body.get("steps"), "steps")]
    parts = [
        mapping(part, "a part")
        for step in steps
        if step.get("type") == "model_output"
        for part in listed(step.get("content"), "content")
    ]
    return [part for part in parts if part.get("type") == "video"]


def _address(body: dict[str, Any]) -> str:
    """Where the film lies; empty when it does not lie anywhere."""
    addresses = (string(film.get("uri"), "an address") for film in _films(body))
    return next(filter(None, addresses), "")


def _code(body: dict[str, Any]) -> str:
    """The last word of the first error, which may be written as an address."""
    errors = [mapping(error, "an error") for error in listed(body.get("errors"), "errors")]
    codes = (string(error.get("code"), "a code").rpartition("/")[2] for error in errors)
    return next((code for code in map(plain_code, codes) if code), "")


def _usage(told: object, request: FilmRequest) -> Usage:
    """The provider's count, or what takes its place where there is none to believe."""
    if told is None:
        return estimate(request)
    try:
        return billed(interactions_usage(mapping(told, "usage")), request, reported=reported(told))
    except MalformedReply:
        return estimate(request, doubted=reported(told) or (("unreadable", 0),))
