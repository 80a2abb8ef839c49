"""xAI's Grok Imagine, for films. Source: docs.x.ai, video generation (REST).

There is no usage to settle by: what is billed is the seconds that were asked for. The film lies at
an address of xAI's own, which needs no key and is told none. There is no way to have it deleted.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import check
from bluegpt.providers.adapters.film_wire import GONE_FROM_STORE, Call, reply, stream
from bluegpt.providers.adapters.reading import optional_mapping, string
from bluegpt.providers.errors import FilmGone
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import is_refusal, plain_code
from bluegpt.providers.rules.filming import by_the_second, percent_of, shape_of
from bluegpt.providers.types.films import FilmProgress, FilmRequest, FilmState
from bluegpt.providers.types.models import Route

FILM_HOSTS = frozenset({"vidgen.x.ai", "imgen.x.ai", "api.x.ai"})
FILTERED = "filtered_by_moderation"
_RUNNING = {
    "queued": FilmState.QUEUED,
    "pending": FilmState.RUNNING,
    "processing": FilmState.RUNNING,
}


class XaiVideos:
    """A request is begun, and asked for until it is done."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def submit(self, request: FilmRequest, *, clearance: Clearance) -> str:
        check(request, clearance)
        call = self._call(
            "/videos/generations",
            method="POST",
            body=_body(request, pairwise_id=clearance.pairwise_id),
        )
        ref = string((await reply(call)).get("request_id"), "the name of a request")
        if not 0 < len(ref) <= 500:
            raise malformed("a request without a usable name")
        return ref

    async def look(self, ref: str, *, request: FilmRequest) -> FilmProgress:
        try:
            return _progress(await self._told(ref), request)
        except FilmGone:
            return FilmProgress(state=FilmState.GONE)

    async def fetch(self, ref: str, *, request: FilmRequest) -> AsyncGenerator[bytes, None]:
        address = urlsplit(_address(await self._told(ref)))
        if not self._is_theirs(address):
            raise malformed("a film at another host")
        path = f"{address.path}?{address.query}" if address.query else address.path
        origin = f"{address.scheme}://{address.netloc}"
        film = Call(base_url=origin, path=path, headers={}, is_about_job=True, gone=GONE_FROM_STORE)
        async for chunk in stream(film):
            yield chunk

    async def forget(self, ref: str) -> bool:
        return False

    async def _told(self, ref: str) -> dict[str, Any]:
        return await reply(self._call(f"/videos/{quote(ref, safe='')}", is_about_job=True))

    def _is_theirs(self, address: SplitResult) -> bool:
        own = urlsplit(self._route.base_url)
        if (address.scheme, address.netloc) == (own.scheme, own.netloc):
            return True
        return address.scheme == "https" and address.netloc in FILM_HOSTS

    def _call(self, path: str, **more: Any) -> Call:
        return Call(
            base_url=self._route.base_url,
            path=path,
            headers={"Authorization": f"Bearer {self._route.api_key}"},
            **more,
        )


def _body(request: FilmRequest, *, pairwise_id: str) -> dict[str, Any]:
    aspect_ratio, resolution = shape_of(request.size)
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "prompt": request.prompt,
        "duration": request.seconds,
        "aspect_ratio": aspect_ratio,
        "resolution": resolution,
        "user": pairwise_id,
    }
    if request.picture is not None:
        data = b64encode(request.picture.data).decode()
        body["image"] = {"url": f"data:{request.picture.media_type};base64,{data}"}
    return body


def _progress(body: dict[str, Any], request: FilmRequest) -> FilmProgress:
    status = string(body.get("status"), "a state")
    if status in _RUNNING:
        return FilmProgress(state=_RUNNING[status], percent=percent_of(body.get("progress")))
    if status == "expired":
        return FilmProgress(state=FilmState.GONE)
    usage = by_the_second(request)
    if status == "done" and _address(body):
        return FilmProgress(state=FilmState.DONE, percent=100, usage=usage)
    code = plain_code(optional_mapping(body.get("error"), "an error").get("code"))
    video = optional_mapping(body.get("video"), "a video")
    if is_refusal(code) or video.get("respect_moderation") is False:
        owed = usage if _cost(body) else None
        return FilmProgress(state=FilmState.REFUSED, usage=owed, error_code=code or FILTERED)
    if status not in ("done", "failed"):
        raise malformed("a request in no known state")
    return FilmProgress(state=FilmState.FAILED, error_code=code or "no_film")


def _address(body: dict[str, Any]) -> str:
    return string(optional_mapping(body.get("video"), "a video").get("url"), "an address")


def _cost(body: dict[str, Any]) -> bool:
    """Whether a request that made nothing is billed all the same: a film that was filtered is."""
    ticks = optional_mapping(body.get("usage"), "usage").get("cost_in_usd_ticks")
    return type(ticks) is int and ticks > 0
