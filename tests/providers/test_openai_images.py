"""The adapter of OpenAI's images: what it asks, what it believes, how it fails."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.core.personal_data import DataClass
from bluegpt.providers.adapters import picture_replies
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.openai_images import OpenAIImages
from bluegpt.providers.types.models import Canvas, ProviderRate, Route, Wire
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureFormat, PictureRequest
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.harness import hurry
from tests.providers.making import API_KEY, PAIRWISE_ID, clearance, model
from tests.providers.openai_schema import check_request
from tests.providers.upstream import Cut, Refusal, Stall, Upstream, running

BY_PIECE = (ProviderRate(meter="image", from_context_tokens=0, nanousd_per_million=5),)
CANVASES = (Canvas(size="1024x1024", tokens_max=(("low", 300), ("high", 4_000))),)
FILE = b"\x89PNG as it came"
TOLD = {
    "input_tokens": 60,
    "input_tokens_details": {"text_tokens": 50, "image_tokens": 10},
    "output_tokens": 280,
    "output_tokens_details": {"image_tokens": 270, "text_tokens": 10},
    "total_tokens": 340,
}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running() as upstream:
        yield upstream
        await close_clients()


def request(**changes: Any) -> PictureRequest:
    asked = PictureRequest(
        model=model(canvases=CANVASES),
        prompt="A red house",
        number=1,
        size="1024x1024",
        quality="low",
        background="auto",
        format=PictureFormat.PNG,
        input_tokens=80,
        output_tokens=300,
    )
    return replace(asked, **changes)


def reply(usage: Any = TOLD, *, data: Any = None, **more: Any) -> Refusal:
    files = [{"b64_json": b64encode(FILE).decode()}] if data is None else data
    body = {"created": 1, "data": files, "quality": "low", "background": "opaque", **more}
    if usage is not None:
        body["usage"] = usage
    return Refusal(status=200, body=json.dumps(body).encode())


async def draw(upstream: Upstream, asked: PictureRequest | None = None) -> Drawn:
    route = Route(wire=Wire.OPENAI_IMAGES, base_url=f"{upstream.base_url}/v1", api_key=API_KEY)
    return await drawn_by(OpenAIImages(route).draw(asked or request(), clearance=clearance()))


async def drawn_by(steps: AsyncGenerator[PartialPicture | Drawn, None]) -> Drawn:
    last = [step async for step in steps][-1]
    assert isinstance(last, Drawn)
    return last


async def test_a_picture_comes_as_it_is_with_its_count_by_class(upstream: Upstream) -> None:
    upstream.refuse(reply())

    drawn = await draw(upstream)

    assert (drawn.files, drawn.quality, drawn.background) == ((FILE,), "low", "opaque")
    assert drawn.usage == Usage(
        input_tokens=50,
        image_input_tokens=10,
        output_tokens=280,
        image_output_tokens=270,
        source=UsageSource.FINAL,
    )
    assert FILE.decode("latin-1") not in repr(drawn)


@pytest.mark.parametrize("format_", list(PictureFormat))
async def test_the_body_is_valid_by_the_published_description(
    upstream: Upstream, format_: PictureFormat
) -> None:
    upstream.refuse(reply())

    await draw(upstream, request(format=format_))

    asked = upstream.asked[0]
    check_request("CreateImageRequest", asked.body)
    assert asked.path == "/v1/images/generations"
    assert asked.headers["Authorization"] == f"Bearer {API_KEY}"
    assert asked.body["user"] == PAIRWISE_ID
    assert asked.body["output_format"] == format_.value


async def test_without_details_all_output_was_drawn(upstream: Upstream) -> None:
    told = {name: TOLD[name] for name in ("input_tokens", "output_tokens")}
    upstream.refuse(reply(told))

    drawn = await draw(upstream)

    assert (drawn.usage.image_output_tokens, drawn.usage.text_output_tokens) == (280, 0)


@pytest.mark.parametrize(
    ("told", "source"),
    [
        (None, UsageSource.MISSING),
        (TOLD | {"output_tokens": 0, "output_tokens_details": None}, UsageSource.MISSING),
        (TOLD | {"output_tokens": -1}, UsageSource.DOUBTFUL),
        (TOLD | {"output_tokens": 1.5}, UsageSource.DOUBTFUL),
        (TOLD | {"output_tokens": 10}, UsageSource.DOUBTFUL),
        (TOLD | {"output_tokens": 10**30}, UsageSource.DOUBTFUL),
        (TOLD | {"input_tokens": 10**9}, UsageSource.DOUBTFUL),
        (TOLD | {"output_tokens": 601, "output_tokens_details": None}, UsageSource.DOUBTFUL),
        ([], UsageSource.DOUBTFUL),
    ],
)
async def test_a_count_that_cannot_be_believed_is_ours_and_marked(
    upstream: Upstream, told: Any, source: UsageSource
) -> None:
    upstream.refuse(reply(told))

    usage = (await draw(upstream)).usage

    assert usage.source is source
    assert (usage.input_tokens, usage.image_output_tokens) == (80, 300)
    assert bool(usage.reported) is (source is UsageSource.DOUBTFUL)


async def test_what_is_billed_by_the_piece_is_counted_by_the_piece(upstream: Upstream) -> None:
    upstream.refuse(reply(None, data=[{"b64_json": b64encode(FILE).decode()}] * 2))

    drawn = await draw(upstream, request(number=2, model=model(canvases=CANVASES, rates=BY_PIECE)))

    assert drawn.usage == Usage(pictures=2, source=UsageSource.FINAL)


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (400, {"code": "moderation_blocked", "message": "no"}, "prompt_refused"),
        (400, {"code": "content_policy_violation", "message": "no"}, "prompt_refused"),
        (401, {"code": "invalid_api_key", "message": "no"}, "provider_misconfigured"),
        (403, {"code": "model_not_verified", "message": "no"}, "provider_misconfigured"),
        (404, {"code": "model_not_found", "message": "no"}, "model_unavailable"),
        (429, {"code": "rate_limit_exceeded", "message": "no"}, "provider_busy"),
        (429, {"code": "insufficient_quota", "message": "no"}, "provider_misconfigured"),
        (500, {"message": "no"}, "provider_down"),
        (503, {"message": "no"}, "provider_busy"),
        (302, {}, "provider_misconfigured"),
    ],
)
async def test_a_refusal_means_what_it_means_in_conversations(
    upstream: Upstream, status: int, error: Any, code: str
) -> None:
    upstream.refuse(Refusal(status=status, body=orjson.dumps({"error": error})))

    with pytest.raises(BlueError) as failed:
        await draw(upstream)

    assert failed.value.code == code
    assert len(upstream.asked) == 1  # what was asked once is never asked again


@pytest.mark.parametrize(
    "script",
    [
        reply(data=[]),
        reply(data=[{"b64_json": "x"}]),
        reply(data=[{"b64_json": ""}]),
        reply(data=[{"url": "https://example.org/a.png"}]),
        reply(data=[{"b64_json": 7}]),
        reply(data={"b64_json": "eA=="}),
        reply(data=["eA=="]),
        Refusal(status=200, body=b"[]"),
        Refusal(status=200, body=b'{"data": ['),
        Refusal(status=200, body=b"<html>", content_type="text/html"),
    ],
)
async def test_a_reply_that_is_not_the_pictures_asked_for_is_malformed(
    upstream: Upstream, script: Refusal
) -> None:
    upstream.refuse(script)

    with pytest.raises(BlueError) as failed:
        await draw(upstream)

    assert failed.value.code == "malformed_reply"


async def test_a_reply_without_end_is_not_read_to_its_end(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_replies, "REPLY_BYTES_MAX", 1_000)
    upstream.play(b"x" * 600, b"x" * 600)

    with pytest.raises(BlueError) as failed:
        await draw(upstream)

    assert failed.value.code == "malformed_reply"


@pytest.mark.parametrize("end", [Cut(), Stall()])
async def test_a_reply_that_breaks_off_or_falls_silent_is_cut(
    upstream: Upstream, settings: Settings, end: Cut | Stall
) -> None:
    hurry(settings)
    upstream.play(b'{"data": [', end)

    with pytest.raises(BlueError) as failed:
        await draw(upstream)

    assert failed.value.code == "stream_cut"


async def test_cancelling_closes_the_connection(upstream: Upstream) -> None:
    upstream.play(b'{"data": [', Stall())
    drawing = asyncio.create_task(draw(upstream))
    await upstream.stalled.wait()

    drawing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await drawing
    await asyncio.wait_for(upstream.gone.wait(), 5)
    assert len(upstream.asked) == 1, "what was cancelled is not asked again"


@pytest.mark.parametrize(
    "other", [clearance("google"), clearance(data_classes=frozenset({DataClass.METERING}))]
)
async def test_nothing_leaves_without_a_fitting_clearance(upstream: Upstream, other: Any) -> None:
    route = Route(wire=Wire.OPENAI_IMAGES, base_url=upstream.base_url, api_key=API_KEY)

    with pytest.raises(ValueError, match="clearance"):
        await drawn_by(OpenAIImages(route).draw(request(), clearance=other))

    assert upstream.asked == []
