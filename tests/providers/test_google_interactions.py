"""The adapter of Google's interactions: what it asks, what it believes, whom it asks nothing."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters import film_wire
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.google_interactions import GoogleInteractions
from bluegpt.providers.errors import FilmGone, MalformedReply, ProviderMisconfigured
from bluegpt.providers.types.films import FilmAct, FilmRequest, FilmState
from bluegpt.providers.types.models import Route, Wire
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import UsageSource
from tests.providers.films import fetched, film_model, film_request
from tests.providers.making import API_KEY, clearance
from tests.providers.upstream import Refusal, Upstream, running

MODEL = film_model("google", wire_name="gemini-omni-9", input=1, video_output=2, output=3)
FILM = bytes(range(256)) * 40
USAGE = {
    "total_input_tokens": 60,
    "total_output_tokens": 20_000,
    "output_tokens_by_modality": [
        {"modality": "video", "tokens": 19_000},
        {"modality": "text", "tokens": 1_000},
    ],
    "total_thought_tokens": 300,
}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running() as upstream:
        yield upstream
        await close_clients()


def adapter(upstream: Upstream) -> GoogleInteractions:
    return GoogleInteractions(
        Route(wire=Wire.GOOGLE_INTERACTIONS, base_url=upstream.base_url, api_key=API_KEY)
    )


def request(**changes: Any) -> FilmRequest:
    return replace(film_request(MODEL), **changes)


def told(film: Any = None, **more: Any) -> Refusal:
    """A reply about an interaction that has ended with that film."""
    steps = [{"type": "model_output", "content": [{"type": "video", **film}]}] if film else []
    body = {"id": "int_1", "status": "completed", "steps": steps, "usage": USAGE} | more
    return Refusal(status=200, body=orjson.dumps(body))


INSIDE = {"data": b64encode(FILM).decode(), "mime_type": "video/mp4"}


async def test_the_request_says_what_is_wanted_and_names_nobody(upstream: Upstream) -> None:
    upstream.refuse(told())
    picture = ImagePart(media_type="image/png", data=b"png", width_px=1, height_px=1)

    ref = await adapter(upstream).submit(
        request(picture=picture), clearance=clearance("google", pairwise_id="pw_somebody")
    )

    asked = upstream.asked[0]
    assert ref == "int_1"
    assert (asked.path, asked.headers["x-goog-api-key"]) == ("/v1beta/interactions", API_KEY)
    assert asked.body == {
        "model": "gemini-omni-9",
        "input": [
            {"type": "text", "text": "Hills"},
            {"type": "image", "data": b64encode(b"png").decode(), "mime_type": "image/png"},
        ],
        "response_format": {
            "type": "video",
            "aspect_ratio": "16:9",
            "resolution": "360p",
            "delivery": "uri",
            "duration": "4s",
        },
        "background": True,
        "store": True,
    }
    assert b"pw_somebody" not in asked.raw


async def test_a_model_of_one_length_is_told_none(upstream: Upstream) -> None:
    upstream.refuse(told())
    assert MODEL.filming is not None
    one = replace(MODEL, filming=replace(MODEL.filming, seconds=(10,)))

    await adapter(upstream).submit(request(model=one), clearance=clearance("google"))

    assert "duration" not in upstream.asked[0].body["response_format"]


async def test_a_remix_is_an_edit_of_what_went_before(upstream: Upstream) -> None:
    upstream.refuse(told())

    await adapter(upstream).submit(
        request(act=FilmAct.REMIX, source_ref="int_0"), clearance=clearance("google")
    )

    asked = upstream.asked[0].body
    assert asked["previous_interaction_id"] == "int_0"
    assert asked["generation_config"] == {"video_config": {"task": "edit"}}


async def test_a_film_inside_the_reply_is_passed_on(upstream: Upstream) -> None:
    upstream.refuse(told(INSIDE))

    progress = await adapter(upstream).look("int_1", request=request())
    film = await fetched(adapter(upstream), "int_1", request())

    assert progress.state is FilmState.DONE
    assert film == FILM


async def test_tokens_are_those_that_google_counts(upstream: Upstream) -> None:
    upstream.refuse(told(INSIDE))

    usage = (await adapter(upstream).look("int_1", request=request())).usage

    assert usage is not None
    assert (usage.source, usage.input_tokens) == (UsageSource.FINAL, 60)
    assert (usage.video_output_tokens, usage.output_tokens) == (19_000, 20_300)
    assert (usage.reasoning_tokens, usage.text_output_tokens) == (300, 1_000)


@pytest.mark.parametrize(
    ("count", "source"),
    [
        (None, UsageSource.MISSING),
        ({}, UsageSource.DOUBTFUL),
        (USAGE | {"output_tokens_by_modality": []}, UsageSource.MISSING),
        (USAGE | {"total_input_tokens": 0}, UsageSource.MISSING),
        (USAGE | {"total_output_tokens": -1}, UsageSource.DOUBTFUL),
        (USAGE | {"total_output_tokens": 5}, UsageSource.DOUBTFUL),
        (USAGE | {"total_output_tokens": 48_001}, UsageSource.DOUBTFUL),
        (USAGE | {"total_input_tokens": 10**9}, UsageSource.DOUBTFUL),
        (USAGE | {"output_tokens_by_modality": ["video"]}, UsageSource.DOUBTFUL),
        ([], UsageSource.DOUBTFUL),
    ],
)
async def test_a_count_that_cannot_be_believed_is_ours_and_marked(
    upstream: Upstream, count: Any, source: UsageSource
) -> None:
    upstream.refuse(told(INSIDE, usage=count))

    usage = (await adapter(upstream).look("int_1", request=request())).usage

    assert usage is not None
    assert usage.source is source
    assert (usage.input_tokens, usage.video_output_tokens) == (200, 24_000)
    assert bool(usage.reported) is (source is UsageSource.DOUBTFUL)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://films.example.org/v1beta/files/a:download",
        "file:///etc/passwd",
        "//films.example.org/a",
        "gs://bucket/a.mp4",
    ],
)
async def test_an_address_elsewhere_is_never_asked(upstream: Upstream, address: str) -> None:
    upstream.refuse(told({"uri": address}))

    with pytest.raises(MalformedReply):
        await fetched(adapter(upstream), "int_1", request())

    assert len(upstream.asked) == 1


async def test_a_film_that_moved_is_not_followed(upstream: Upstream) -> None:
    upstream.refuse(told({"uri": f"{upstream.base_url}/v1beta/files/a:download?alt=media"}))
    upstream.refuse(Refusal(status=302, headers={"Location": "http://127.0.0.1:1/a"}))

    with pytest.raises(ProviderMisconfigured):
        await fetched(adapter(upstream), "int_1", request())

    assert [asked.path for asked in upstream.asked][1] == "/v1beta/files/a:download?alt=media"


async def test_a_film_beyond_all_bounds_is_not_read_to_its_end(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_wire, "FILM_BYTES_MAX", 5_000)
    upstream.refuse(told(INSIDE))

    with pytest.raises(MalformedReply):
        await fetched(adapter(upstream), "int_1", request())


@pytest.mark.parametrize(
    ("reply", "state", "code"),
    [
        ({"status": "failed"}, FilmState.FAILED, "failed"),
        ({"status": "cancelled"}, FilmState.FAILED, "cancelled"),
        ({"status": "budget_exceeded"}, FilmState.FAILED, "budget_exceeded"),
        ({"status": "completed"}, FilmState.FAILED, "no_film"),
        (
            {"status": "failed", "errors": [{"code": "https://errors/prohibited_content"}]},
            FilmState.REFUSED,
            "prohibited_content",
        ),
        (
            {"status": "failed", "errors": [{"code": "a sentence about Hills"}]},
            FilmState.FAILED,
            "failed",
        ),
        ({"status": "queued"}, FilmState.QUEUED, ""),
        ({"status": "in_progress"}, FilmState.RUNNING, ""),
    ],
)
async def test_every_state_has_its_place(
    upstream: Upstream, reply: Any, state: FilmState, code: str
) -> None:
    upstream.refuse(told(**reply))

    progress = await adapter(upstream).look("int_1", request=request())

    assert (progress.state, progress.error_code, progress.usage) == (state, code, None)


async def test_to_forget_stops_what_runs_and_deletes_the_file_too(upstream: Upstream) -> None:
    upstream.refuse(
        told({"uri": f"{upstream.base_url}/v1beta/files/a:download"}, status="in_progress")
    )

    assert await adapter(upstream).forget("int_1")

    assert [(asked.method, asked.path) for asked in upstream.asked] == [
        ("GET", "/v1beta/interactions/int_1"),
        ("POST", "/v1beta/interactions/int_1/cancel"),
        ("DELETE", "/v1beta/files/a"),
        ("DELETE", "/v1beta/interactions/int_1"),
    ]


async def test_an_interaction_that_may_not_be_deleted_is_not_forgotten(upstream: Upstream) -> None:
    upstream.refuse(told({"uri": f"{upstream.base_url}/v1beta/files/a:download"}))
    upstream.refuse(Refusal(status=403, body=b"{}"))

    with pytest.raises(ProviderMisconfigured):
        await adapter(upstream).forget("int_1")

    assert len(upstream.asked) == 3, "a file that cannot be found is passed over"


async def test_what_is_not_there_needs_no_forgetting(upstream: Upstream) -> None:
    upstream.refuse(Refusal(status=404, body=b"{}"))

    assert await adapter(upstream).forget("int_1")
    with pytest.raises(FilmGone):
        await fetched(adapter(upstream), "int_1", request())


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"id": 7}', b'{"id": ""}', b"{}"])
async def test_a_reply_that_is_no_interaction_is_malformed(upstream: Upstream, body: bytes) -> None:
    upstream.refuse(Refusal(status=200, body=body))

    with pytest.raises(BlueError) as failed:
        await adapter(upstream).submit(request(), clearance=clearance("google"))

    assert failed.value.code == "malformed_reply"
