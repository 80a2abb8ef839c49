"""The sandbox films over Google's interactions, driven by Google's SDK."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from google import genai
from google.genai import types as google_types
from PIL import Image

from tests.providers.films import SIZE, seen
from tests.providers.sandbox.clients import KEY


@pytest.fixture
async def sdk(url: str) -> AsyncIterator[Any]:
    options = google_types.HttpOptions(base_url=url)
    async with genai.Client(api_key="any", http_options=options).aio as sdk:
        yield sdk


async def begin(sdk: Any, told: str = "", **form: Any) -> Any:
    asked = {"type": "video", "resolution": "360p", "duration": "4s", "aspect_ratio": "16:9"}
    return await sdk.interactions.create(
        model="lantern",
        input=f"Hills\nsandbox: job_ms=0 {told}",
        background=True,
        store=True,
        response_format=asked | form,
    )


async def ended(sdk: Any, interaction: Any) -> Any:
    async with asyncio.timeout(10):
        while interaction.status in ("queued", "in_progress"):
            await asyncio.sleep(0.01)
            interaction = await sdk.interactions.get(interaction.id)
    return interaction


async def test_a_film_comes_inside_the_reply_with_its_count(sdk: Any) -> None:
    done = await ended(sdk, await begin(sdk, delivery="inline"))

    film = done.steps[0].content[0]
    assert done.status == "completed"
    assert film.mime_type == "video/mp4"
    looked_at = seen(b64decode(film.data))
    assert (looked_at.size, looked_at.seconds, looked_at.has_sound) == (SIZE, 4.0, True)
    assert done.usage.output_tokens_by_modality[0].modality == "video"
    assert done.usage.total_output_tokens == 4 * 1_900


async def test_a_film_lies_at_an_address_until_it_is_deleted(sdk: Any) -> None:
    done = await ended(sdk, await begin(sdk, delivery="uri", aspect_ratio="9:16"))
    address = done.steps[0].content[0].uri

    async with aiohttp.ClientSession() as session:
        async with session.get(address, headers=KEY) as response:
            film = await response.read()
        file = address.partition(":download")[0]
        async with session.delete(file, headers=KEY) as response:
            assert response.status == 200
        async with session.get(address, headers=KEY) as response:
            assert response.status == 403

    assert seen(film).size == "360x640"


async def test_a_picture_is_where_it_begins(sdk: Any) -> None:
    picture = BytesIO()
    Image.new("RGB", (64, 64), "#d00000").save(picture, "PNG")
    data = b64encode(picture.getvalue()).decode()

    begun = await sdk.interactions.create(
        model="lantern",
        input=[
            {"type": "text", "text": "Red\nsandbox: job_ms=0"},
            {"type": "image", "data": data, "mime_type": "image/png"},
        ],
        background=True,
        store=True,
        response_format={"type": "video", "resolution": "360p", "duration": "4s"},
    )

    assert (await ended(sdk, begun)).status == "completed"


async def test_what_runs_can_be_cancelled_and_what_is_deleted_is_gone(sdk: Any) -> None:
    begun = await begin(sdk, "job_ms=600000")

    cancelled = await sdk.interactions.cancel(begun.id)
    await sdk.interactions.delete(begun.id)

    assert cancelled.status == "cancelled"
    with pytest.raises(Exception, match="Error code: 404"):
        await sdk.interactions.get(begun.id)


@pytest.mark.parametrize(
    ("told", "form"),
    [
        ("", {"duration": "90s"}),
        ("", {"resolution": "144p"}),
        ("", {"aspect_ratio": "1:1"}),
        ("refuse", {}),
        ("film=upside_down", {}),
        ("error=500", {}),
    ],
)
async def test_what_google_refuses_is_refused(sdk: Any, told: str, form: Any) -> None:
    # The SDK's errors of interactions are private to it: their sentence has to do.
    with pytest.raises(Exception, match=r"Error code: (400|500)"):
        await begin(sdk, told, **form)
