"""Film jobs over HTTP: short replies that are bounded, and films that are passed on as they come.

Nothing here follows a redirect or an address that a reply holds: where a wire has such addresses,
its adapter says which hosts it believes.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from django.conf import settings

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.clients import client
from bluegpt.providers.adapters.conversation import noted, read_complaint, retry_after_s
from bluegpt.providers.adapters.long_strings import Base64Pieces, LongStrings
from bluegpt.providers.adapters.reading import mapping
from bluegpt.providers.errors import (
    FilmGone,
    PromptRefused,
    ProviderDown,
    ProviderMisconfigured,
    RequestRejected,
    StreamCut,
)
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import Complaint, http_failure, safety_code

FILM_BYTES_MAX = 2_000_000_000
REPLY_BYTES_MAX = 1_000_000
_CHUNK_BYTES = 65_536
GONE = (404, 410)
# Stores that tell a file which is not there from one that is not yours to nobody.
GONE_FROM_STORE = (403, *GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `base_url` names the pool of connections; headers carry the key."""

    base_url: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    method: str = "GET"
    body: Mapping[str, Any] | aiohttp.FormData | None = field(default=None, repr=False)
    is_about_job: bool = False  # a 404 then means that the job is gone, and not the model
    gone: tuple[int, ...] = GONE


async def reply(call: Call) -> dict[str, Any]:
    """The JSON object that it is answered with. Raises the errors of `providers.errors`."""
    body = bytearray()
    async for chunk in stream(call, most=REPLY_BYTES_MAX):
        body += chunk
    return parsed(bytes(body))


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a reply. Raises MalformedReply."""
    try:
        return mapping(orjson.loads(body), "a reply")
    except orjson.JSONDecodeError:
        raise malformed("a reply that is not JSON") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reply without its long strings, and whether the wanted one was among them."""

    body: dict[str, Any]
    has_film: bool


async def skimmed(call: Call, *, key: str) -> Told:
    """A reply that may hold a film under `key`, without the film. Raises as `reply` does."""
    strings = LongStrings(key)
    async for chunk in stream(call):
        strings.feed(chunk)
    return Told(body=mapping(strings.parsed(), "a reply"), has_film=strings.found)


async def inner_film(call: Call, *, key: str) -> AsyncGenerator[bytes, None]:
    """The film that a reply holds as base64 under `key`. Raises MalformedReply without one."""
    strings, pieces = LongStrings(key), Base64Pieces()
    async for chunk in stream(call):
        if film := pieces.feed(strings.feed(chunk)):
            yield film
    strings.parsed()  # a reply that breaks off holds no whole film
    if last := pieces.last():
        yield last
    if not strings.found:
        raise malformed("a reply without a film")


async def stream(call: Call, *, most: int = 0) -> AsyncGenerator[bytes, None]:
    """The bytes of the answer as they come, at most so many; 0 is what a film may have.

    Closing the iterator closes the connection.
    """
    most = most or FILM_BYTES_MAX
    response = await _send(call)
    if response.status not in (200, 201):
        raise _failure(call, response, await read_complaint(response))
    try:
        length = response.content_length
        if length is not None and length > most:
            raise malformed("a reply beyond all bounds")
        came = 0
        while chunk := await _next(response):
            came += len(chunk)
            if came > most:
                raise malformed("a reply beyond all bounds")
            yield chunk
        if came == 0:
            raise malformed("a reply without a body")
    finally:
        response.close()


async def _next(response: aiohttp.ClientResponse) -> bytes:
    try:
        async with asyncio.timeout(settings.BLUEGPT.chat.between_events_timeout_s):
            return await response.content.read(_CHUNK_BYTES)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise noted(StreamCut(), type(error).__name__) from None


async def _send(call: Call) -> aiohttp.ClientResponse:
    """Send it once, and wait for the first byte. Raises ProviderDown, ProviderMisconfigured."""
    headers = dict(call.headers)
    data: bytes | Mapping[str, Any] | aiohttp.FormData | None = call.body
    if isinstance(call.body, Mapping):
        data, headers["Content-Type"] = orjson.dumps(call.body), "application/json"
    try:
        async with asyncio.timeout(settings.BLUEGPT.chat.first_byte_timeout_s):
            return await client(call.base_url).request(
                call.method,
                call.base_url + call.path,
                data=data,
                headers=headers,
                allow_redirects=False,
            )
    except aiohttp.InvalidURL:
        raise noted(ProviderMisconfigured(), "the base URL cannot be used") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # Their own words may quote the address with what stands in it; the kind says enough.
        raise noted(ProviderDown(), type(error).__name__) from None


def _failure(call: Call, response: aiohttp.ClientResponse, about: Complaint) -> BlueError:
    if call.is_about_job and response.status in call.gone:
        return noted(FilmGone(), f"HTTP {response.status}")
    error = http_failure(
        status=response.status,
        about=about,
        retry_after_s=retry_after_s(response.headers.get("Retry-After", "")),
    )
    if about.is_about_safety and isinstance(error, RequestRejected):
        code = safety_code(about.codes) or next(iter(about.codes), "")
        return noted(PromptRefused(provider_code=code), f"HTTP {response.status} {code}")
    return error
