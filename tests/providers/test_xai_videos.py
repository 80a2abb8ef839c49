"""The adapter of xAI's films: what it asks, whom it asks nothing, how a request ends."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.xai_videos import XaiVideos
from bluegpt.providers.errors import MalformedReply, ProviderMisconfigured
from bluegpt.providers.types.films import FilmRequest, FilmState
from bluegpt.providers.types.models import Route, Wire
from bluegpt.providers.types.turns import ImagePart
from tests.providers.films import fetched, film_model, film_request
from tests.providers.making import API_KEY, PAIRWISE_ID, clearance
from tests.providers.upstream import Refusal, Upstream, running

MODEL = film_model("xai", wire_name="grok-imagine-9", video_second=5)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running() as upstream:
        yield upstream
        await close_clients()


def adapter(upstream: Upstream) -> XaiVideos:
    base_url = f"{upstream.base_url}/v1"
    return XaiVideos(Route(wire=Wire.XAI_VIDEOS, base_url=base_url, api_key=API_KEY))


def request(**changes: Any) -> FilmRequest:
    return replace(film_request(MODEL), **changes)


def told(**body: Any) -> Refusal:
    return Refusal(status=200, body=orjson.dumps(body))


async def test_the_request_says_what_is_wanted(upstream: Upstream) -> None:
    upstream.refuse(told(request_id="req_1"))
    picture = ImagePart(media_type="image/png", data=b"png", width_px=1, height_px=1)

    ref = await adapter(upstream).submit(request(picture=picture), clearance=clearance("xai"))

    asked = upstream.asked[0]
    assert (ref, asked.path) == ("req_1", "/v1/videos/generations")
    assert asked.body == {
        "model": "grok-imagine-9",
        "prompt": "Hills",
        "duration": 4,
        "aspect_ratio": "16:9",
        "resolution": "360p",
        "user": PAIRWISE_ID,
        "image": {"url": f"data:image/png;base64,{b64encode(b'png').decode()}"},
    }


async def test_where_the_film_lies_is_told_no_key(upstream: Upstream) -> None:
    upstream.refuse(told(status="done", video={"url": f"{upstream.base_url}/films/1?t=2"}))
    upstream.play(b"film")

    assert await fetched(adapter(upstream), "req_1", request()) == b"film"

    looked, film = upstream.asked
    assert looked.headers["Authorization"] == f"Bearer {API_KEY}"
    assert film.path == "/films/1?t=2"
    assert "Authorization" not in film.headers


@pytest.mark.parametrize(
    "address",
    [
        "http://vidgen.x.ai/a.mp4",
        "https://vidgen.x.ai.example.org/a.mp4",
        "https://vidgen.x.ai@example.org/a.mp4",
        "https://vidgen.x.ai:8443/a.mp4",
        "http://127.0.0.1:1/a.mp4",
        "file:///etc/passwd",
        "",
    ],
)
async def test_an_address_elsewhere_is_never_asked(upstream: Upstream, address: str) -> None:
    upstream.refuse(told(status="done", video={"url": address}))

    with pytest.raises(MalformedReply):
        await fetched(adapter(upstream), "req_1", request())

    assert len(upstream.asked) == 1


async def test_a_film_that_moved_is_not_followed(upstream: Upstream) -> None:
    upstream.refuse(told(status="done", video={"url": f"{upstream.base_url}/films/1"}))
    upstream.refuse(Refusal(status=302, headers={"Location": "http://127.0.0.1:1/a"}))

    with pytest.raises(ProviderMisconfigured):
        await fetched(adapter(upstream), "req_1", request())


@pytest.mark.parametrize(
    ("body", "state", "code", "is_owed"),
    [
        ({"status": "pending"}, FilmState.RUNNING, "", False),
        ({"status": "queued"}, FilmState.QUEUED, "", False),
        ({"status": "expired"}, FilmState.GONE, "", False),
        (
            {"status": "failed", "error": {"code": "internal_error"}},
            FilmState.FAILED,
            "internal_error",
            False,
        ),
        (
            {"status": "failed", "error": {"code": "content_moderation"}},
            FilmState.REFUSED,
            "content_moderation",
            False,
        ),
        (
            {
                "status": "done",
                "video": {"url": "", "respect_moderation": False},
                "usage": {"cost_in_usd_ticks": 5},
            },
            FilmState.REFUSED,
            "filtered_by_moderation",
            True,
        ),
        ({"status": "done", "video": {}}, FilmState.FAILED, "no_film", False),
    ],
)
async def test_every_state_has_its_place(
    upstream: Upstream, body: Any, state: FilmState, code: str, is_owed: bool
) -> None:
    upstream.refuse(told(**body))

    progress = await adapter(upstream).look("req_1", request=request())

    assert (progress.state, progress.error_code) == (state, code)
    assert (progress.usage is not None) is is_owed


async def test_a_state_that_nobody_knows_is_malformed(upstream: Upstream) -> None:
    upstream.refuse(told(status="dreaming"))

    with pytest.raises(MalformedReply):
        await adapter(upstream).look("req_1", request=request())
