"""The sandbox films over Vertex AI's operations, driven by Google's SDK."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google import genai
from google.genai import errors as google_errors
from google.genai import types as google_types
from google.oauth2.credentials import Credentials

from tests.providers.films import SIZE, seen

# The SDK's own way of making its client of Google Cloud.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Inheritance class AiohttpClientSession:DeprecationWarning"
)


@pytest.fixture
async def sdk(url: str) -> AsyncIterator[Any]:
    client = genai.Client(
        vertexai=True,
        project="some",
        location="europe-west4",
        credentials=Credentials(token="any"),  # type: ignore[no-untyped-call]
        http_options=google_types.HttpOptions(base_url=url, api_version="v1"),
    )
    async with client.aio as sdk:
        yield sdk


async def begin(sdk: Any, told: str = "", **more: Any) -> Any:
    asked: dict[str, Any] = {
        "number_of_videos": 1,
        "duration_seconds": 4,
        "aspect_ratio": "16:9",
        "resolution": "360p",
    }
    return await sdk.models.generate_videos(
        model="cinema",
        source=google_types.GenerateVideosSource(prompt=f"Hills\nsandbox: job_ms=0 {told}"),
        config=google_types.GenerateVideosConfig(**(asked | more)),
    )


async def ended(sdk: Any, operation: Any) -> Any:
    async with asyncio.timeout(10):
        while not operation.done:
            await asyncio.sleep(0.01)
            operation = await sdk.operations.get(operation)
    return operation


@pytest.mark.parametrize("has_sound", [True, False])
async def test_a_film_comes_with_sound_or_without(sdk: Any, has_sound: bool) -> None:
    done = await ended(sdk, await begin(sdk, generate_audio=has_sound))

    [made] = done.response.generated_videos
    looked_at = seen(made.video.video_bytes)
    assert made.video.mime_type == "video/mp4"
    assert (looked_at.size, looked_at.seconds, looked_at.has_sound) == (SIZE, 4.0, has_sound)


async def test_what_is_filtered_has_no_film_and_says_so(sdk: Any) -> None:
    done = await ended(sdk, await begin(sdk, "film=rejected"))

    assert not done.response.generated_videos
    assert done.response.rai_media_filtered_count == 1


async def test_a_failure_is_an_error_of_the_operation(sdk: Any) -> None:
    assert (await ended(sdk, await begin(sdk, "film=failed"))).error["code"] == 13


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ("", {"duration_seconds": 5}),
        ("", {"resolution": "144p"}),
        ("", {"number_of_videos": 4}),
        ("refuse", {}),
        ("film=upside_down", {}),
        ("error=500", {}),
    ],
)
async def test_what_google_refuses_is_refused(sdk: Any, told: str, more: Any) -> None:
    with pytest.raises(google_errors.APIError) as refused:
        await begin(sdk, told, **more)

    assert refused.value.code in (400, 500)
