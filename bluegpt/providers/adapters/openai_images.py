"""OpenAI's Images API. Source: OpenAI's API description, `POST /images/generations`."""

import asyncio
import binascii
from base64 import b64decode
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import orjson
from django.conf import settings

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import (
    Question,
    check,
    noted,
    post,
    read_complaint,
    retry_after_s,
)
from bluegpt.providers.adapters.reading import listed, mapping, string
from bluegpt.providers.errors import MalformedReply, StreamCut
from bluegpt.providers.rules.counts import malformed, reported
from bluegpt.providers.rules.drawing import billed, by_the_piece, estimate, is_by_the_piece
from bluegpt.providers.rules.failures import http_failure
from bluegpt.providers.rules.openai_usage import images_usage
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureFormat, PictureRequest
from bluegpt.providers.types.usage import Usage

# Eight large pictures as base64; more than that is no reply to anything that is asked here.
REPLY_BYTES_MAX = 128_000_000
_QUALITIES = frozenset({"low", "medium", "high"})
_BACKGROUNDS = frozenset({"transparent", "opaque"})


class OpenAIImages:
    """One request, one reply with all pictures in it. What was asked once is never asked again."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def draw(
        self, request: PictureRequest, *, clearance: Clearance
    ) -> AsyncGenerator[PartialPicture | Drawn, None]:
        """Make the pictures. Raises the errors of `providers.errors`."""
        check(request, clearance)
        question = Question(
            base_url=self._route.base_url,
            path="/images/generations",
            headers={"Authorization": f"Bearer {self._route.api_key}"},
            body=_body(request, clearance),
        )
        yield _drawn(await _reply(question), request)


def _body(request: PictureRequest, clearance: Clearance) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "prompt": request.prompt,
        "n": request.number,
        "size": request.size,
        "quality": request.quality,
        "background": request.background,
        "output_format": request.format.value,
        "user": clearance.pairwise_id,
    }
    if request.format is not PictureFormat.PNG:
        body["output_compression"] = 90
    return body


async def _reply(question: Question) -> dict[str, Any]:
    response = await post(question, question.body)
    if response.status != 200:
        raise http_failure(
            status=response.status,
            about=await read_complaint(response),
            retry_after_s=retry_after_s(response.headers.get("Retry-After", "")),
        )
    try:
        return mapping(orjson.loads(await _bytes(response)), "a reply")
    except orjson.JSONDecodeError:
        raise malformed("a reply that is not JSON") from None
    finally:
        response.close()


async def _bytes(response: aiohttp.ClientResponse) -> bytes:
    """The whole body, within its bound."""
    body = bytearray()
    try:
        while True:
            async with asyncio.timeout(settings.BLUEGPT.chat.between_events_timeout_s):
                chunk = await response.content.readany()
            if not chunk:
                return bytes(body)
            body += chunk
            if len(body) > REPLY_BYTES_MAX:
                raise malformed("a reply beyond all bounds")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise noted(StreamCut(), type(error).__name__) from None


def _drawn(body: dict[str, Any], request: PictureRequest) -> Drawn:
    files = tuple(_file(entry) for entry in listed(body.get("data"), "the pictures"))
    if len(files) != request.number:
        raise malformed("another number of pictures than was asked for")
    return Drawn(
        files=files,
        usage=_usage(body.get("usage"), request),
        quality=_word(body.get("quality"), _QUALITIES),
        background=_word(body.get("background"), _BACKGROUNDS),
    )


def _file(entry: object) -> bytes:
    """The bytes of one picture; an address instead of them is not followed."""
    try:
        data = b64decode(string(mapping(entry, "a picture").get("b64_json"), "a picture"))
    except (binascii.Error, ValueError):
        raise malformed("a picture that is not base64") from None
    if not data:
        raise malformed("a picture without bytes")
    return data


def _usage(told: object, request: PictureRequest) -> Usage:
    """The provider's count, or what takes its place where there is none to believe."""
    if is_by_the_piece(request.model):
        return by_the_piece(request)
    if told is None:
        return estimate(request)
    try:
        return billed(images_usage(mapping(told, "usage")), request, reported=reported(told))
    except MalformedReply:
        return estimate(request, doubted=reported(told) or (("unreadable", 0),))


def _word(value: object, known: frozenset[str]) -> str:
    return value if isinstance(value, str) and value in known else ""
