"""`stream: true` for pictures: unfinished ones on the way, the whole one at the end."""

import asyncio
import gc
from base64 import b64decode
from io import BytesIO
from typing import Any

import httpx2
import pytest
from asgiref.sync import sync_to_async
from openai import AsyncOpenAI
from PIL import Image

from bluegpt.studio.models import Call
from tests.api.conftest import Holder, calls, events, upstream_state
from tests.api.test_pictures import ADDRESS, PAINTER, body, books_are_clean, refused, spent
from tests.providers import openai_schema

STREAMED = {"stream": True, "partial_images": 2}


def picture(event: Any) -> tuple[str | None, tuple[int, int]]:
    data = event["b64_json"] if isinstance(event, dict) else event.b64_json
    with Image.open(BytesIO(b64decode(data))) as opened:
        opened.load()
        return opened.format, opened.size


@pytest.mark.both_databases
async def test_the_sdk_hears_unfinished_pictures_and_then_the_whole_one(
    sdk: AsyncOpenAI, holder: Holder
) -> None:
    stream = await sdk.images.generate(
        model=PAINTER,
        prompt="A red house",
        size="1024x1024",
        quality="low",
        output_format="webp",
        stream=True,
        partial_images=2,
    )
    heard = [event async for event in stream]

    names = [event.type for event in heard]
    assert names == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    assert [picture(event) for event in heard] == [("WEBP", (1024, 1024))] * 3
    call = await Call.objects.aget()
    assert heard[-1].type == "image_generation.completed"
    assert heard[-1].usage.output_tokens == call.image_output_tokens > 0
    assert await spent(holder) == call.charged_microcredits > 0
    assert await books_are_clean()


async def test_the_events_are_what_openai_describes_and_marked(http: httpx2.AsyncClient) -> None:
    response = await http.post(ADDRESS, json=body() | STREAMED)

    *unfinished, last = events(response.text)
    assert response.headers["content-type"] == "text/event-stream"
    openai_schema.check(last, "ImageGenCompletedEvent")
    assert [event["partial_image_index"] for event in unfinished] == [0, 1]
    for event in unfinished:
        openai_schema.check(event, "ImageGenPartialImageEvent")
    for event in (*unfinished, last):
        assert b"trainedAlgorithmicMedia" in b64decode(event["b64_json"])


async def test_an_edit_is_streamed_by_its_own_name(http: httpx2.AsyncClient) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "PNG")
    fields = {name: str(value) for name, value in body().items()} | {"stream": "true"}
    files = {"image": ("photo.png", out.getvalue(), "image/png")}
    response = await http.post("/v1/images/edits", data=fields, files=files)

    [last] = events(response.text)
    openai_schema.check(last, "ImageEditCompletedEvent")


@pytest.mark.both_databases
async def test_a_refusal_before_the_first_picture_is_a_status(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    response = await http.post(ADDRESS, json=body(switches="error=500") | STREAMED)

    refused(response, 503, "provider_down")
    assert await spent(holder) == 0


@pytest.mark.both_databases
async def test_hanging_up_ends_the_work_and_costs_nothing(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    sent = body(switches="stall_after=0") | STREAMED
    asking = asyncio.create_task(http.post(ADDRESS, json=sent))
    while not await Call.objects.filter(dispatched_at__isnull=False).aexists():
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait([asking])
    gc.collect()
    while (await Call.objects.aget()).state == "live":
        await asyncio.sleep(0.01)

    assert (await Call.objects.aget()).state == "stopped"
    assert await upstream_state() != "running"
    assert await spent(holder) == 0
    assert await calls() == 1
    assert await sync_to_async(holder.held)() == 0
