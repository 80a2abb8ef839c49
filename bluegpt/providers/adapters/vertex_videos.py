"""Veo on Vertex AI: an operation that runs long. Source: Google's reference, google-genai.

There is no usage: what is billed is the seconds that were asked for. The film lies inside the
operation's reply, where Google keeps it for a while; it cannot be asked to delete it.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters import google_tokens
from bluegpt.providers.adapters.conversation import check
from bluegpt.providers.adapters.film_wire import Call, Told, inner_film, reply, skimmed
from bluegpt.providers.adapters.reading import listed, optional_mapping, string
from bluegpt.providers.errors import FilmGone, ProviderMisconfigured
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import complaint
from bluegpt.providers.rules.filming import by_the_second, shape_of
from bluegpt.providers.types.films import FilmProgress, FilmRequest, FilmState
from bluegpt.providers.types.models import Route, Sound

_FILM = "bytesBase64Encoded"
FILTERED = "rai_media_filtered"


class VertexVideos:
    """Nobody is named: the API has no field for who asks."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def submit(self, request: FilmRequest, *, clearance: Clearance) -> str:
        check(request, clearance)
        call = await self._call(request, "predictLongRunning", _body(request))
        with self._minding_the_key():
            ref = string((await reply(call)).get("name"), "the name of an operation")
        if not 0 < len(ref) <= 500:
            raise malformed("an operation without a usable name")
        return ref

    async def look(self, ref: str, *, request: FilmRequest) -> FilmProgress:
        try:
            operation = await self._operation(ref, request)
            with self._minding_the_key():
                told = await skimmed(operation, key=_FILM)
        except FilmGone:
            return FilmProgress(state=FilmState.GONE)
        return _progress(told, request)

    async def fetch(self, ref: str, *, request: FilmRequest) -> AsyncGenerator[bytes, None]:
        async for chunk in inner_film(await self._operation(ref, request), key=_FILM):
            yield chunk

    async def forget(self, ref: str) -> bool:
        return False

    async def _operation(self, ref: str, request: FilmRequest) -> Call:
        body = {"operationName": ref}
        return await self._call(request, "fetchPredictOperation", body, is_about_job=True)

    async def _call(
        self, request: FilmRequest, verb: str, body: dict[str, Any], *, is_about_job: bool = False
    ) -> Call:
        file = self._route.credentials_file
        token = await google_tokens.access_token(file) if file else self._route.api_key
        model = quote(request.model.wire_name, safe="")
        return Call(
            base_url=self._route.base_url,
            path=f"/publishers/google/models/{model}:{verb}",
            headers={"Authorization": f"Bearer {token}"},
            method="POST",
            body=body,
            is_about_job=is_about_job,
        )

    @contextmanager
    def _minding_the_key(self) -> Iterator[None]:
        """A key that is refused is not used again."""
        try:
            yield
        except ProviderMisconfigured:
            google_tokens.forget(self._route.credentials_file)
            raise


def _body(request: FilmRequest) -> dict[str, Any]:
    assert request.model.filming is not None
    aspect_ratio, resolution = shape_of(request.size)
    instance: dict[str, Any] = {"prompt": request.prompt}
    if request.picture is not None:
        data = b64encode(request.picture.data).decode()
        instance["image"] = {_FILM: data, "mimeType": request.picture.media_type}
    parameters: dict[str, Any] = {
        "sampleCount": 1,
        "durationSeconds": request.seconds,
        "aspectRatio": aspect_ratio,
        "resolution": resolution,
    }
    if request.model.filming.sound is Sound.CHOICE:
        parameters["generateAudio"] = request.with_sound
    return {"instances": [instance], "parameters": parameters}


def _progress(told: Told, request: FilmRequest) -> FilmProgress:
    body = told.body
    if body.get("done") is not True:
        return FilmProgress(state=FilmState.RUNNING)
    error = optional_mapping(body.get("error"), "an error")
    if error:
        about = complaint({"error": error})
        number = error.get("code")
        code = f"rpc_{number}" if type(number) is int and 0 <= number < 100 else "rpc"
        state = FilmState.REFUSED if about.is_about_safety else FilmState.FAILED
        return FilmProgress(state=state, error_code=code)
    response = optional_mapping(body.get("response"), "a response")
    if told.has_film:
        usage = by_the_second(request)
        return FilmProgress(state=FilmState.DONE, percent=100, usage=usage)
    if response.get("raiMediaFilteredCount"):
        return FilmProgress(state=FilmState.REFUSED, error_code=FILTERED)
    code = "film_elsewhere" if listed(response.get("videos"), "videos") else "no_film"
    return FilmProgress(state=FilmState.FAILED, error_code=code)
