"""One question over HTTP and its answer as a stream: what every adapter does the same way.

A question is asked once: a POST that may have been billed is never repeated.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from django.conf import settings

from bluegpt.core.errors import BlueError
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.clients import client
from bluegpt.providers.adapters.reading import Reading
from bluegpt.providers.adapters.sse import SseReader
from bluegpt.providers.errors import MalformedReply, ProviderDown, ProviderMisconfigured, StreamCut
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import Complaint, complaint, http_failure
from bluegpt.providers.types.chat import ChatRequest, Delta
from bluegpt.providers.types.films import FilmRequest
from bluegpt.providers.types.pictures import PictureRequest

# What is read of a refusal's body, and for how long.
_REFUSAL_BYTES_MAX = 65_536
_REFUSAL_TIMEOUT_S = 5
# How long an ended stream may take to give its connection back to the pool.
_DRAIN_TIMEOUT_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One POST. `base_url` names the pool of connections; headers carry the key.

    `if_refused` holds, by the parameter that a 400 complains of, the body to send instead: the
    account may not have that right, and a question that was refused has made and cost nothing.
    """

    base_url: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any] | aiohttp.FormData = field(repr=False)
    if_refused: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)


def check(request: ChatRequest | PictureRequest | FilmRequest, clearance: object) -> None:
    """Refuse to send anything that the gate did not clear for this very recipient.

    Both errors are mistakes of ours, not of the person's.
    """
    if not isinstance(clearance, Clearance):
        raise TypeError("a provider is called with a clearance only")
    if clearance.recipient != request.model.recipient:
        raise ValueError("the clearance is for another recipient")
    if DataClass.CONTENT not in clearance.data_classes:
        raise ValueError("the clearance does not cover content")


async def converse(question: Question, reading: Reading) -> AsyncGenerator[Delta, None]:
    """Ask, and pass the answer on as it comes. Raises the errors of `providers.errors`.

    Closing the iterator closes the connection, which ends the provider's work at once.
    """
    response = await _open(question)
    try:
        sse = SseReader()
        # A model may think in silence: until its first word, the longer time-out holds.
        wait_s = settings.BLUEGPT.chat.first_byte_timeout_s
        has_begun = False
        while not reading.is_closed:
            chunk = await _next_bytes(response, wait_s, has_begun=has_begun)
            has_begun = True
            for delta in _deltas(sse, chunk, reading):
                if delta.text or delta.reasoning:
                    wait_s = settings.BLUEGPT.chat.between_events_timeout_s
                yield delta
            if not chunk:
                break
        last = reading.last()
        if last is not None:
            yield last
        if reading.fate is not None:
            raise reading.fate
        await _drain(response)
    finally:
        response.close()


def _deltas(sse: SseReader, chunk: bytes, reading: Reading) -> Iterator[Delta]:
    """What some bytes add to the answer; no bytes are the end of the stream."""
    for event in sse.feed(chunk) if chunk else sse.flush():
        try:
            delta = reading.read(event)
        except MalformedReply:
            if chunk:
                raise
            return  # half an event: the stream was cut inside it
        if delta is not None:
            yield delta
        if reading.is_closed:
            return


async def _open(question: Question) -> aiohttp.ClientResponse:
    """The response whose body is the stream. Raises what the provider's refusal means."""
    response = await post(question, question.body)
    if _is_stream(response):
        return response
    about = await read_complaint(response)
    instead = question.if_refused.get(about.param) if response.status == 400 else None
    if instead is not None:
        response = await post(question, instead)
        if _is_stream(response):
            return response
        about = await read_complaint(response)
    if response.status == 200 and not about.codes:
        raise malformed("a reply that is not a stream")
    raise http_failure(
        status=response.status,
        about=about,
        retry_after_s=retry_after_s(response.headers.get("Retry-After", "")),
    )


async def post(
    question: Question,
    body: Mapping[str, Any] | aiohttp.FormData,
    *,
    wait_s: float | None = None,
) -> aiohttp.ClientResponse:
    """Send it once, and wait for the first byte. Raises ProviderDown, ProviderMisconfigured.

    `wait_s` None is the time that a first word has.
    """
    headers = dict(question.headers)
    data: bytes | Mapping[str, Any] | aiohttp.FormData = body
    if isinstance(body, Mapping):
        headers["Content-Type"], data = "application/json", orjson.dumps(body)
    try:
        async with asyncio.timeout(wait_s or settings.BLUEGPT.chat.first_byte_timeout_s):
            return await client(question.base_url).post(
                question.base_url + question.path,
                data=data,
                headers=headers,
                allow_redirects=False,
            )
    except aiohttp.InvalidURL:
        raise noted(ProviderMisconfigured(), "the base URL cannot be used") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # Their own words may quote the address with what stands in it; the kind says enough.
        raise noted(ProviderDown(), type(error).__name__) from None


def _is_stream(response: aiohttp.ClientResponse) -> bool:
    return response.status == 200 and response.content_type not in {"application/json", "text/html"}


async def read_complaint(response: aiohttp.ClientResponse) -> Complaint:
    """What a response without a stream says, as far as it can be read; then it is closed."""
    body = b""
    try:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with asyncio.timeout(_REFUSAL_TIMEOUT_S):
                while len(body) < _REFUSAL_BYTES_MAX:
                    chunk = await response.content.readany()
                    if not chunk:
                        break
                    body += chunk
    finally:
        response.close()
    return _complaint(body)


def _complaint(body: bytes) -> Complaint:
    try:
        return complaint(orjson.loads(body))
    except orjson.JSONDecodeError:
        return complaint(None)


def retry_after_s(header: str) -> int | None:
    """Seconds to wait; dates, fractions and anything beyond a day are not worth the trouble."""
    return min(int(header), 86_400) if header.isascii() and header.isdigit() else None


async def _next_bytes(response: aiohttp.ClientResponse, wait_s: float, *, has_begun: bool) -> bytes:
    """What arrives next; empty at the end of the stream."""
    try:
        async with asyncio.timeout(wait_s):
            return await response.content.readany()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        broken = StreamCut() if has_begun else ProviderDown()
        raise noted(broken, type(error).__name__) from None


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read the few bytes after the closing event, so that the connection can be used again."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with asyncio.timeout(_DRAIN_TIMEOUT_S):
            while await response.content.readany():
                pass


def noted(error: BlueError, note: str) -> BlueError:
    """The error with a note for the operator; it never holds content."""
    error.add_note(note)
    return error
