"""`/v1/videos`, by OpenAI's SDK and by hand: a film asked for, looked at, fetched, deleted."""

import asyncio
from uuid import UUID

import httpx2
import pytest
from asgiref.sync import sync_to_async
from openai import AsyncOpenAI, NotFoundError

from bluegpt.studio.flows.filming import walk
from bluegpt.studio.models import Asset, Call, Creation
from tests.api.conftest import GRANTED_MICROCREDITS, Holder
from tests.studio.test_attachments import png

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),
]
MODEL = "sandbox/projector"
ADDRESS = "/v1/videos"
BODY = {"model": MODEL, "prompt": "A lighthouse\nsandbox: job_ms=0", "size": "640x360"}
PRICE = 4_800_000


async def _made() -> None:
    """What the worker does, without its pauses."""
    film = (await Creation.objects.order_by("-id").afirst()).id  # type: ignore[union-attr]
    for _look in range(400):
        if await walk(film) is None:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never ends")


async def test_the_sdk_asks_looks_fetches_and_deletes(sdk: AsyncOpenAI, holder: Holder) -> None:
    asked = await sdk.videos.create(
        model=MODEL,
        prompt=BODY["prompt"],
        seconds="4",
        size="640x360",  # type: ignore[arg-type]
    )
    assert (asked.object, asked.status, asked.seconds, asked.size) == (
        *("video", "queued", "4"),
        "640x360",
    )

    await _made()
    done = await sdk.videos.retrieve(asked.id)
    film = (await sdk.videos.download_content(asked.id)).read()
    small = (await sdk.videos.download_content(asked.id, variant="thumbnail")).read()

    assert (done.status, done.progress, done.error) == ("completed", 100, None)
    assert film[4:8] == b"ftyp"
    assert small[:4] == b"RIFF"
    call = await Call.objects.aget()
    assert call.charged_microcredits == PRICE
    assert await sync_to_async(holder.available)() == GRANTED_MICROCREDITS - PRICE
    assert (await Asset.objects.aget()).person_id == holder.person_id  # it is in their gallery
    assert (await sdk.videos.delete(asked.id)).deleted
    with pytest.raises(NotFoundError):
        await sdk.videos.retrieve(asked.id)


async def test_a_film_begins_with_a_picture_of_a_form(sdk: AsyncOpenAI, holder: Holder) -> None:
    asked = await sdk.videos.create(
        model=MODEL,
        prompt=BODY["prompt"],
        size="640x360",  # type: ignore[arg-type]
        input_reference=("sea.png", png(), "image/png"),
    )

    given = await Asset.objects.aget(origin="given")
    creation = await Creation.objects.aget(id=UUID(asked.id.removeprefix("video_")))
    assert creation.input_ids == [str(given.id)]


async def test_a_film_that_fails_says_why_and_costs_nothing(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    body = BODY | {"prompt": "Unwanted\nsandbox: job_ms=0 film=rejected"}
    asked = (await http.post(ADDRESS, json=body)).json()
    assert (await http.delete(f"{ADDRESS}/{asked['id']}")).status_code == 409
    await _made()

    said = (await http.get(f"{ADDRESS}/{asked['id']}")).json()

    assert (said["status"], said["error"]["code"]) == ("failed", "film_refused")
    assert said["error"]["message"]
    assert said["bluegpt"]["charged_microcredits"] == 0
    assert (await http.get(f"{ADDRESS}/{asked['id']}/content")).status_code == 404
    assert await sync_to_async(holder.held)() == 0


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"model": "sandbox/painter"}, 400, "model_does_not_film"),
        ({"model": "no/such"}, 404, "unknown_model"),
        ({"seconds": "5"}, 400, "film_not_offered"),
        ({"seconds": "long"}, 400, "invalid_parameter"),
        ({"loop": True}, 400, "unsupported_parameter"),
        ({"prompt": 7}, 400, "invalid_parameter"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    http: httpx2.AsyncClient, wrong: dict[str, object], status: int, code: str
) -> None:
    response = await http.post(ADDRESS, json=BODY | wrong)

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert not await Call.objects.aexists()


async def test_keys_against_repeats_and_strangers_ids_are_refused(
    http: httpx2.AsyncClient,
) -> None:
    keyed = await http.post(ADDRESS, json=BODY, headers={"Idempotency-Key": "once"})
    assert keyed.json()["error"]["code"] == "unsupported_parameter"
    for video_id in ("nothing", f"video_{'0' * 32}"):
        assert (await http.get(f"{ADDRESS}/{video_id}")).status_code == 404
        assert (await http.delete(f"{ADDRESS}/{video_id}")).status_code == 404
    assert (await http.post(f"{ADDRESS}/nothing")).status_code == 405
