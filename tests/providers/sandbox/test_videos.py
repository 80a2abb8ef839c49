"""The sandbox films: real films over OpenAI's wire, by OpenAI's SDK and description."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import openai
import orjson
import pytest
from openai import AsyncOpenAI
from openai.types import Video
from PIL import Image

from tests.providers import openai_schema
from tests.providers.films import SIZE, Seen, seen

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
async def sdk(url: str) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as sdk:
        yield sdk


def square() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (64, 64)).save(picture, "PNG")
    return picture.getvalue()


async def begin(sdk: AsyncOpenAI, told: str = "", **more: Any) -> Video:
    asked: dict[str, Any] = {
        "model": "projector",
        "prompt": f"Hills\nsandbox: job_ms=0 {told}",
        "seconds": "4",
        "size": SIZE,
    }
    begun: Video = await sdk.videos.create(**(asked | more))
    return begun


async def ended(sdk: AsyncOpenAI, video: Video) -> Video:
    async with asyncio.timeout(10):
        while video.status in ("queued", "in_progress"):
            await asyncio.sleep(0.01)
            video = await sdk.videos.retrieve(video.id)
    return video


async def film_of(sdk: AsyncOpenAI, video: Video) -> bytes:
    content = await sdk.videos.download_content((await ended(sdk, video)).id)
    return bytes(await content.aread())


async def test_a_film_plays_has_sound_and_the_size_that_was_asked_for(sdk: AsyncOpenAI) -> None:
    begun = await begin(sdk)

    film = await film_of(sdk, begun)

    assert seen(film) == Seen(
        size=SIZE,
        seconds=4.0,
        has_sound=True,
        codecs=frozenset({"h264", "aac"}),
        first_boxes=(b"ftyp", b"moov"),
    )


@pytest.mark.parametrize("size", ["1280x720", "720x1280"])
async def test_a_jobs_words_are_those_of_the_description(sdk: AsyncOpenAI, size: str) -> None:
    begun = await begin(sdk, size=size)
    done = await ended(sdk, begun)

    for told in (begun, done):
        openai_schema.check(told.model_dump(), "VideoResource")
    assert (done.progress, done.seconds, done.size) == (100, "4", size)
    assert done.expires_at
    assert done.completed_at


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed here")
async def test_ffprobe_reads_the_film_too(sdk: AsyncOpenAI, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(await film_of(sdk, await begin(sdk)))
    asked = ("-v", "error", "-show_streams", "-show_format", "-of", "json", str(file))

    probe = await asyncio.create_subprocess_exec(
        "ffprobe", *asked, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, complaints = await probe.communicate()

    facts = orjson.loads(told)
    assert complaints == b""
    assert [stream["codec_name"] for stream in facts["streams"]] == ["h264", "aac"]
    assert float(facts["format"]["duration"]) == pytest.approx(4, abs=0.1)


async def test_the_picture_moves(sdk: AsyncOpenAI) -> None:
    film = await film_of(sdk, await begin(sdk))

    with av.open(BytesIO(film), "r") as file:
        frames = [bytes(frame.planes[0]) for frame in file.decode(video=0)]
    assert frames[0] != frames[len(frames) // 2] != frames[-1]


async def test_progress_is_the_time_that_has_passed(sdk: AsyncOpenAI) -> None:
    begun = await begin(sdk, "job_ms=600000")

    looked = await sdk.videos.retrieve(begun.id)

    assert (looked.status, looked.progress) == ("queued", 0)
    with pytest.raises(openai.ConflictError):
        await sdk.videos.download_content(begun.id)


async def test_a_film_begins_with_the_picture_that_was_given(sdk: AsyncOpenAI) -> None:
    picture = BytesIO()
    Image.new("RGB", (640, 360), "#d00000").save(picture, "PNG")

    begun = await begin(sdk, input_reference=("red.png", picture.getvalue(), "image/png"))

    with av.open(BytesIO(await film_of(sdk, begun)), "r") as file:
        first = next(file.decode(video=0)).to_image()  # type: ignore[no-untyped-call]
    red, green, blue = first.getpixel((320, 300))
    assert red > 150 > max(green, blue)


async def test_a_remix_and_an_extension_come_from_their_source(sdk: AsyncOpenAI) -> None:
    source = await ended(sdk, await begin(sdk))

    remixed = await sdk.videos.remix(source.id, prompt="Dunes\nsandbox: job_ms=0")
    # The SDK's own `extend` takes files only, so the request is written out.
    order = {"prompt": "On\nsandbox: job_ms=0", "seconds": "4", "video": {"id": source.id}}
    extended = await sdk.post("/videos/extensions", body=order, cast_to=Video)

    assert remixed.remixed_from_video_id == source.id
    assert seen(await film_of(sdk, remixed)).seconds == 4.0
    assert seen(await film_of(sdk, extended)).seconds == 8.0


async def test_the_jobs_are_listed_newest_first_page_by_page(sdk: AsyncOpenAI) -> None:
    begun = [(await begin(sdk, size="1280x720")).id for _film in range(3)]

    listed = [video.id async for video in await sdk.videos.list(limit=2)]
    page = await sdk.videos.list(limit=2, order="asc")

    assert listed == begun[::-1]
    openai_schema.check(page.model_dump(), "VideoListResource")
    assert [video.id for video in page.data] == begun[:2]


async def test_what_is_deleted_is_gone(sdk: AsyncOpenAI) -> None:
    begun = await begin(sdk)

    assert (await sdk.videos.delete(begun.id)).deleted
    with pytest.raises(openai.NotFoundError):
        await sdk.videos.retrieve(begun.id)


async def test_faults_are_real(sdk: AsyncOpenAI) -> None:
    assert seen(await film_of(sdk, await begin(sdk, "film=wrong_size"))).size == "624x360"
    assert not seen(await film_of(sdk, await begin(sdk, "film=silent"))).has_sound
    for fault in ("corrupt", "cut_short"):
        with pytest.raises((av.FFmpegError, AssertionError)):
            seen(await film_of(sdk, await begin(sdk, f"film={fault}")))
    failed = await ended(sdk, await begin(sdk, "film=failed"))
    assert failed.error
    assert failed.error.code == "video_generation_failed"
    rejected = await ended(sdk, await begin(sdk, "film=rejected"))
    assert rejected.error
    assert rejected.error.code == "moderation_blocked"


async def test_a_film_that_expired_is_not_found(sdk: AsyncOpenAI) -> None:
    done = await ended(sdk, await begin(sdk, "film=expired"))

    assert done.status == "completed"
    with pytest.raises(openai.NotFoundError):
        await sdk.videos.download_content(done.id)


async def test_a_job_that_is_stuck_says_so_for_ever(sdk: AsyncOpenAI) -> None:
    begun = await begin(sdk, "film=stuck")

    looks = {(await sdk.videos.retrieve(begun.id)).progress for _look in range(3)}

    assert looks == {60}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model": "writer"}, "model_not_found"),
        ({"seconds": "5"}, "invalid_value"),
        ({"size": "10x10"}, "invalid_value"),
        ({"prompt": " "}, "invalid_value"),
        ({"extra_body": {"colour": "red"}}, "unknown_parameter"),
        ({"input_reference": ("a.png", b"no picture", "image/png")}, "invalid_value"),
        ({"input_reference": ("a.png", square(), "image/png")}, "invalid_value"),
        ({"prompt": "sandbox: refuse"}, "moderation_blocked"),
        ({"prompt": "sandbox: film=upside_down"}, "sandbox_switch"),
    ],
)
async def test_what_openai_refuses_is_refused(
    sdk: AsyncOpenAI, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        await begin(sdk, **change)

    assert refused.value.code == code
