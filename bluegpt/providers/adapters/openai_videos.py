"""OpenAI's Videos API, which compatible gateways still speak. Source: its API description.

There is no usage: what is billed is the seconds that were asked for, at the rate of the size.
"""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import aiohttp

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import check
from bluegpt.providers.adapters.film_wire import Call, reply, stream
from bluegpt.providers.adapters.fitting import fitted
from bluegpt.providers.adapters.reading import optional_mapping, string
from bluegpt.providers.errors import FilmGone
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import is_refusal, plain_code
from bluegpt.providers.rules.filming import by_the_second, percent_of
from bluegpt.providers.types.films import (
    FilmAct,
    FilmProgress,
    FilmRequest,
    FilmState,
)
from bluegpt.providers.types.models import Route

_STATES = {
    "queued": FilmState.QUEUED,
    "in_progress": FilmState.RUNNING,
    "completed": FilmState.DONE,
    "failed": FilmState.FAILED,
}


class OpenAIVideos:
    """A form begins a job; the job is asked for its state, its content, and to be deleted."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def submit(self, request: FilmRequest, *, clearance: Clearance) -> str:
        check(request, clearance)
        if request.picture is not None:  # of any other size, it would be refused
            picture = await fitted(request.picture, size=request.size)
            request = replace(request, picture=picture)
        body = await reply(
            self._call(
                _path(request),
                method="POST",
                body=_body(request),
                is_about_job=request.act is not FilmAct.CREATE,
            )
        )
        ref = string(body.get("id"), "the name of a job")
        if not 0 < len(ref) <= 500:
            raise malformed("a job without a usable name")
        return ref

    async def look(self, ref: str, *, request: FilmRequest) -> FilmProgress:
        try:
            return _progress(await reply(self._call(_job(ref), is_about_job=True)), request)
        except FilmGone:
            return FilmProgress(state=FilmState.GONE)

    async def fetch(self, ref: str, *, request: FilmRequest) -> AsyncGenerator[bytes, None]:
        async for chunk in stream(self._call(f"{_job(ref)}/content", is_about_job=True)):
            yield chunk

    async def forget(self, ref: str) -> bool:
        with contextlib.suppress(FilmGone):
            await reply(self._call(_job(ref), method="DELETE", is_about_job=True))
        return True

    def _call(self, path: str, **more: Any) -> Call:
        return Call(
            base_url=self._route.base_url,
            path=path,
            headers={"Authorization": f"Bearer {self._route.api_key}"},
            **more,
        )


def _job(ref: str) -> str:
    return f"/videos/{quote(ref, safe='')}"


def _path(request: FilmRequest) -> str:
    match request.act:
        case FilmAct.CREATE:
            return "/videos"
        case FilmAct.REMIX:
            return f"{_job(request.source_ref)}/remix"
        case FilmAct.EXTEND:
            return "/videos/extensions"


def _body(request: FilmRequest) -> dict[str, Any] | aiohttp.FormData:
    """A remix keeps the length and the size of its source; what is added has a length of its own.

    Nobody is named: no field says who asks.
    """
    match request.act:
        case FilmAct.CREATE:
            return _form(request)
        case FilmAct.REMIX:
            return {"prompt": request.prompt}
        case FilmAct.EXTEND:
            source = {"id": request.source_ref}
            return {"prompt": request.prompt, "seconds": str(request.seconds), "video": source}


def _form(request: FilmRequest) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("prompt", request.prompt)
    form.add_field("seconds", str(request.seconds))
    form.add_field("model", request.model.wire_name)
    form.add_field("size", request.size)
    if request.picture is not None:
        media_type = request.picture.media_type
        form.add_field(
            "input_reference",
            request.picture.data,
            filename=f"picture.{media_type.rpartition('/')[2]}",
            content_type=media_type,
        )
    return form


def _progress(body: dict[str, Any], request: FilmRequest) -> FilmProgress:
    state = _STATES.get(string(body.get("status"), "a state"))
    match state:
        case None:
            raise malformed("a job in no known state")
        case FilmState.DONE:
            return FilmProgress(state=state, percent=100, usage=by_the_second(request))
        case FilmState.FAILED:
            code = plain_code(optional_mapping(body.get("error"), "an error").get("code"))
            refused = FilmState.REFUSED if is_refusal(code) else state
            return FilmProgress(state=refused, error_code=code)
        case _:
            return FilmProgress(state=state, percent=percent_of(body.get("progress")))
