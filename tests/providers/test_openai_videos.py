"""The adapter of OpenAI's videos: what it asks, what it believes, how a job ends."""

from collections.abc import AsyncIterator
from dataclasses import replace
from email.parser import BytesParser
from typing import Any

import orjson
import pytest

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters import film_wire
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.openai_videos import OpenAIVideos
from bluegpt.providers.errors import MalformedReply, ProviderMisconfigured
from bluegpt.providers.types.films import FilmAct, FilmRequest, FilmState
from bluegpt.providers.types.models import Route, Wire
from bluegpt.providers.types.turns import ImagePart
from tests.providers import openai_schema
from tests.providers.films import fetched, film_model, film_request
from tests.providers.making import API_KEY, PAIRWISE_ID, clearance
from tests.providers.upstream import Asked, Refusal, Upstream, running

MODEL = film_model("openai", wire_name="sora-9", video_second=5)
PICTURE = ImagePart(media_type="image/png", data=b"png", width_px=1280, height_px=720)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running() as upstream:
        yield upstream
        await close_clients()


def adapter(upstream: Upstream) -> OpenAIVideos:
    base_url = f"{upstream.base_url}/v1"
    return OpenAIVideos(Route(wire=Wire.OPENAI_VIDEOS, base_url=base_url, api_key=API_KEY))


def request(**changes: Any) -> FilmRequest:
    return replace(film_request(MODEL), size="1280x720", **changes)


def told(**body: Any) -> Refusal:
    return Refusal(status=200, body=orjson.dumps({"id": "video_1", "status": "queued"} | body))


def form_of(asked: Asked) -> dict[str, Any]:
    """The fields of a form: words as words, files as their bytes."""
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + asked.raw).get_payload()
    assert isinstance(parts, list)
    fields: dict[str, Any] = {}
    for part in parts:
        name = str(part.get_param("name", header="Content-Disposition"))  # type: ignore[union-attr]
        data = part.get_payload(decode=True)  # type: ignore[union-attr]
        assert isinstance(data, bytes)
        is_file = part.get_filename() is not None  # type: ignore[union-attr]
        fields[name] = data if is_file else data.decode()
    return fields


async def test_a_form_begins_a_film_with_fields_that_are_described(upstream: Upstream) -> None:
    upstream.refuse(told())

    ref = await adapter(upstream).submit(request(picture=PICTURE), clearance=clearance())

    asked = upstream.asked[0]
    form = form_of(asked)
    assert (ref, asked.path) == ("video_1", "/v1/videos")
    assert asked.headers["Authorization"] == f"Bearer {API_KEY}"
    assert form == {
        "model": "sora-9",
        "prompt": "Hills",
        "seconds": "4",
        "size": "1280x720",
        "input_reference": b"png",
    }
    assert form.keys() <= openai_schema.request_fields("CreateVideoMultipartBody")
    openai_schema.check(form | {"input_reference": "png"}, "CreateVideoMultipartBody")
    assert PAIRWISE_ID.encode() not in asked.raw, "no field says who asks"


async def test_a_remix_and_an_extension_name_their_source(upstream: Upstream) -> None:
    upstream.refuse(told())

    for act in (FilmAct.REMIX, FilmAct.EXTEND):
        await adapter(upstream).submit(request(act=act, source_ref="a/../b"), clearance=clearance())

    remix, extension = upstream.asked
    assert remix.path == "/v1/videos/a%2F..%2Fb/remix"
    openai_schema.check_request("CreateVideoRemixBody", remix.body)
    assert extension.path == "/v1/videos/extensions"
    assert extension.body == {"prompt": "Hills", "seconds": "4", "video": {"id": "a/../b"}}


@pytest.mark.parametrize(
    ("body", "state", "percent", "code"),
    [
        ({"status": "queued", "progress": 0}, FilmState.QUEUED, 0, ""),
        ({"status": "in_progress", "progress": 41}, FilmState.RUNNING, 41, ""),
        ({"status": "in_progress", "progress": 100}, FilmState.RUNNING, 99, ""),
        ({"status": "in_progress", "progress": "soon"}, FilmState.RUNNING, None, ""),
        ({"status": "completed"}, FilmState.DONE, 100, ""),
        ({"status": "failed"}, FilmState.FAILED, None, ""),
        ({"status": "failed", "error": {"code": "too_busy"}}, FilmState.FAILED, None, "too_busy"),
        (
            {"status": "failed", "error": {"code": "moderation_blocked", "message": "Hills"}},
            FilmState.REFUSED,
            None,
            "moderation_blocked",
        ),
        (
            {"status": "failed", "error": {"code": "a sentence of Hills"}},
            FilmState.FAILED,
            None,
            "",
        ),
        ({"status": "failed", "error": {"code": "x" * 60}}, FilmState.FAILED, None, "x" * 40),
    ],
)
async def test_every_state_has_its_place(
    upstream: Upstream, body: Any, state: FilmState, percent: int | None, code: str
) -> None:
    upstream.refuse(told(**body))

    progress = await adapter(upstream).look("video_1", request=request())

    assert (progress.state, progress.percent, progress.error_code) == (state, percent, code)
    assert (progress.usage is not None) is (state is FilmState.DONE)


@pytest.mark.parametrize(
    "reply",
    [
        Refusal(status=200, body=b"[]"),
        Refusal(status=200, body=b"{"),
        Refusal(status=200, body=b""),
        told(status="dreaming"),
        told(status=None),
        told(status=7),
        told(status="failed", error="no"),
    ],
)
async def test_a_reply_that_is_no_job_is_malformed(upstream: Upstream, reply: Refusal) -> None:
    upstream.refuse(reply)

    with pytest.raises(BlueError) as failed:
        await adapter(upstream).look("video_1", request=request())

    assert failed.value.code == "malformed_reply"


@pytest.mark.parametrize("ref", ["", "x" * 501, None, 7])
async def test_a_job_without_a_usable_name_is_malformed(upstream: Upstream, ref: Any) -> None:
    upstream.refuse(told(id=ref))

    with pytest.raises(MalformedReply):
        await adapter(upstream).submit(request(), clearance=clearance())


async def test_a_film_that_moved_is_not_followed(upstream: Upstream) -> None:
    upstream.refuse(Refusal(status=302, headers={"Location": "http://169.254.169.254/"}))

    with pytest.raises(ProviderMisconfigured):
        await fetched(adapter(upstream), "video_1", request())

    assert [asked.path for asked in upstream.asked] == ["/v1/videos/video_1/content"]


async def test_bytes_have_their_bounds(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_wire, "FILM_BYTES_MAX", 1_000)
    monkeypatch.setattr(film_wire, "REPLY_BYTES_MAX", 1_000)
    upstream.play(b"x" * 600, b"x" * 600)

    with pytest.raises(MalformedReply):
        await fetched(adapter(upstream), "video_1", request())
    with pytest.raises(MalformedReply):
        await adapter(upstream).look("video_1", request=request())


async def test_a_film_of_nothing_is_none(upstream: Upstream) -> None:
    upstream.refuse(Refusal(status=200, body=b"", content_type="video/mp4"))

    with pytest.raises(MalformedReply):
        await fetched(adapter(upstream), "video_1", request())
