"""Replies with pictures in them, whole or event by event: what every adapter reads the same way."""

import asyncio
import binascii
from base64 import b64decode
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import aiohttp
import orjson
from django.conf import settings

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.conversation import (
    Question,
    noted,
    post,
    read_complaint,
    retry_after_s,
)
from bluegpt.providers.adapters.reading import mapping, parsed, string
from bluegpt.providers.adapters.sse import SseReader
from bluegpt.providers.errors import MalformedReply, PromptRefused, StreamCut
from bluegpt.providers.rules.counts import malformed, reported
from bluegpt.providers.rules.drawing import billed, by_the_piece, estimate, is_by_the_piece
from bluegpt.providers.rules.failures import (
    Complaint,
    complaint,
    http_failure,
    safety_code,
    stream_failure,
)
from bluegpt.providers.types.pictures import PictureRequest
from bluegpt.providers.types.usage import Usage

# Eight large pictures as base64; more than that is no reply to anything that is asked here.
REPLY_BYTES_MAX = 128_000_000
# One of them, in an event of its own.
EVENT_BYTES_MAX = 64_000_000
# With which a sentence about safety is believed: other failures may have such words in them too.
_REFUSALS = frozenset({400, 403, 422})


async def opened(question: Question) -> aiohttp.ClientResponse:
    """The response to a question that is asked once. Raises what the provider's refusal means."""
    wait_s = settings.BLUEGPT.chat.picture_timeout_s
    response = await post(question, question.body, wait_s=wait_s)
    if response.status == 200:
        return response
    about = await read_complaint(response)
    retry_s = retry_after_s(response.headers.get("Retry-After", ""))
    raise _refusal(about, response.status) or http_failure(
        status=response.status, about=about, retry_after_s=retry_s
    )


async def whole(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The JSON object of a reply, within its bound. Raises MalformedReply, StreamCut."""
    body = bytearray()
    try:
        while chunk := await _next(response):
            body += chunk
            if len(body) > REPLY_BYTES_MAX:
                raise malformed("a reply beyond all bounds")
        return mapping(orjson.loads(body), "a reply")
    except orjson.JSONDecodeError:
        raise malformed("a reply that is not JSON") from None
    finally:
        response.close()


async def events(response: aiohttp.ClientResponse) -> AsyncGenerator[dict[str, Any], None]:
    """The events of a reply that is streamed. Raises MalformedReply, StreamCut, and its errors."""
    sse, size_bytes = SseReader(event_bytes_max=EVENT_BYTES_MAX), 0
    try:
        while chunk := await _next(response):
            size_bytes += len(chunk)
            if size_bytes > REPLY_BYTES_MAX:
                raise malformed("a reply beyond all bounds")
            for event in sse.feed(chunk):
                if event.data == b"[DONE]":
                    return
                body = parsed(event.data)
                if event.name == "error" or body.get("error") is not None:
                    about = complaint(body)
                    raise _refusal(about, 400) or stream_failure(about)
                yield body
    finally:
        response.close()


def is_stream(response: aiohttp.ClientResponse) -> bool:
    """Whether events come, and not one reply from a server that knows no other."""
    return response.content_type == "text/event-stream"


def decoded(told: object) -> bytes:
    """The bytes of one picture as base64, with or without what a data URL has before it."""
    text = string(told, "a picture")
    try:
        data = b64decode(text.partition("base64,")[2] if text.startswith("data:") else text)
    except (binascii.Error, ValueError):
        raise malformed("a picture that is not base64") from None
    if not data:
        raise malformed("a picture without bytes")
    return data


def counted(
    told: object, request: PictureRequest, read: Callable[[Mapping[str, Any]], Usage]
) -> Usage:
    """The provider's count, or what takes its place where there is none to believe."""
    if is_by_the_piece(request.model):
        return by_the_piece(request)
    if told is None:
        return estimate(request)
    try:
        return billed(read(mapping(told, "usage")), request, reported=reported(told))
    except MalformedReply:
        return estimate(request, doubted=reported(told) or (("unreadable", 0),))


async def _next(response: aiohttp.ClientResponse) -> bytes:
    """What arrives next; empty at the end. Between two signs a whole picture may be drawn."""
    try:
        async with asyncio.timeout(settings.BLUEGPT.chat.picture_timeout_s):
            return await response.content.readany()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise noted(StreamCut(), type(error).__name__) from None


def _refusal(about: Complaint, status: int) -> BlueError | None:
    """The refusal of a safety system, None when it was none."""
    code = safety_code(about.codes)
    if status in _REFUSALS and (code or about.is_about_safety):
        return noted(PromptRefused(provider_code=code), f"HTTP {status} {code}".rstrip())
    return None
