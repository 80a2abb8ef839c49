"""`POST /v1/images/generations`, by OpenAI's SDK and by hand: pictures, charges and refusals."""

import asyncio
import json
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from asgiref.sync import sync_to_async
from openai import AsyncOpenAI
from PIL import Image

from bluegpt.api import picture_parameters
from bluegpt.core import clock
from bluegpt.credits.queries import verification
from bluegpt.credits.services import caps
from bluegpt.credits.types import CapPeriod
from bluegpt.privacy.models import Disclosure
from bluegpt.studio.adapters.drawn import WholePicture, read_whole
from bluegpt.studio.flows import drawing, pictures
from bluegpt.studio.flows.live import house
from bluegpt.studio.jobs import settle_interrupted
from bluegpt.studio.models import Call, Message
from tests.api.conftest import GRANTED_MICROCREDITS, WRITER, Holder, calls
from tests.providers import openai_schema

ADDRESS = "/v1/images/generations"
PAINTER, SKETCHER = "sandbox/painter", "sandbox/sketcher"


def body(text: str = "A red house", *, switches: str = "", **more: Any) -> Any:
    prompt = f"{text}\nsandbox: {switches}" if switches else text
    return {"model": PAINTER, "prompt": prompt, "quality": "low", "size": "1024x1024", **more}


def refused(response: httpx2.Response, status: int, code: str, param: str | None = None) -> None:
    said = response.json()
    openai_schema.check(said, "ErrorResponse")
    error = said["error"]
    assert (response.status_code, error["code"], error["param"]) == (status, code, param), said
    assert error["message"]


async def spent(holder: Holder) -> int:
    assert await sync_to_async(holder.held)() == 0
    return GRANTED_MICROCREDITS - await sync_to_async(holder.available)()


async def books_are_clean() -> bool:
    findings = await sync_to_async(lambda: list(verification.verify()))()
    return not [finding for finding in findings if finding.is_broken]


@pytest.mark.both_databases
@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
async def test_the_sdk_gets_whole_pictures_and_their_price(
    sdk: AsyncOpenAI, holder: Holder, format_: Any
) -> None:
    made = await sdk.images.generate(
        model=PAINTER, prompt="A red house", n=2, size="1536x1024", output_format=format_
    )

    assert made.data
    files = [b64decode(each.b64_json or "") for each in made.data]
    for file in files:
        with Image.open(BytesIO(file)) as picture:
            picture.load()
            assert (picture.format, picture.size) == (format_.upper(), (1536, 1024))
    assert files[0] != files[1]
    call = await Call.objects.aget()
    assert made.usage
    assert made.usage.output_tokens == call.image_output_tokens == 3_000
    assert (made.size, made.quality, made.output_format) == ("1536x1024", "medium", format_)
    assert await spent(holder) == call.charged_microcredits > 0
    assert call.charged_microcredits <= call.ceiling_microcredits
    assert (call.state, call.usage_source, call.cost_is_in_doubt) == ("complete", "final", False)
    assert await books_are_clean()


async def test_the_reply_is_what_openai_describes(http: httpx2.AsyncClient) -> None:
    response = await http.post(ADDRESS, json=body())

    said = response.json()
    openai_schema.check(said, "ImagesResponse")
    assert (
        response.headers["x-bluegpt-credits-charged"] == said["usage"]["bluegpt"]["charged_credits"]
    )
    assert said["usage"]["bluegpt"]["pictures"] == len(said["data"]) == 1
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.both_databases
async def test_pictures_billed_by_the_piece_need_no_count(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    response = await http.post(ADDRESS, json=body(model=SKETCHER, quality="auto", n=3))

    call = await Call.objects.aget()
    assert response.status_code == 200
    assert (call.pictures, call.usage_source, call.output_tokens) == (3, "final", 0)
    assert await spent(holder) == call.charged_microcredits == call.ceiling_microcredits > 0
    assert await books_are_clean()


async def test_what_leaves_is_disclosed_and_nothing_of_it_is_stored(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    await http.post(ADDRESS, json=body("A secret garden"))

    call = await Call.objects.aget()
    told = await Disclosure.objects.aget(person_id=holder.person_id)
    assert (told.recipient, told.purpose) == ("sandbox", "chat_answer")
    assert told.at <= clock.now()
    assert call.dispatched_at is not None
    assert not await Message.objects.aexists()
    assert house.find(call.id) is None  # nobody has a key to ask for them again
    assert "garden" not in json.dumps(await Call.objects.values().aget(), default=str)


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
async def test_each_file_says_that_a_model_made_it(
    http: httpx2.AsyncClient, tmp_path: Path, format_: str
) -> None:
    tool = shutil.which("exiftool")
    if tool is None:
        pytest.skip("exiftool is not installed")
    response = await http.post(ADDRESS, json=body("A secret garden", output_format=format_))

    file = tmp_path / f"drawn.{format_}"
    file.write_bytes(b64decode(response.json()["data"][0]["b64_json"]))
    ran = subprocess.run(  # noqa: ASYNC221  a tool of this machine, on a file of ours
        [tool, "-json", "-n", "-XMP:all", "-validate", "-warning", str(file)],
        capture_output=True,
        check=True,
    )
    [told] = json.loads(ran.stdout)
    assert told["DigitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert told.get("Warning") is None
    assert "garden" not in ran.stdout.decode()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("switches", "status", "code"),
    [
        ("error=500", 503, "provider_down"),
        ("error=429", 429, "provider_busy"),
        ("error=401", 503, "provider_misconfigured"),
        ("refuse", 400, "prompt_refused"),
        ("picture=wrong_size", 503, "malformed_reply"),
        ("picture=wrong_format", 503, "malformed_reply"),
        ("picture=corrupt", 503, "malformed_reply"),
        ("picture=cut_short", 503, "malformed_reply"),
        ("picture=fewer", 503, "malformed_reply"),
        ("malformed_after=0", 503, "malformed_reply"),
        ("cut_after=0", 503, "stream_cut"),
    ],
)
async def test_what_fails_costs_nothing(
    http: httpx2.AsyncClient, holder: Holder, switches: str, status: int, code: str
) -> None:
    response = await http.post(ADDRESS, json=body(switches=switches, n=2))

    refused(response, status, code)
    assert (await Call.objects.aget()).state == "failed"
    assert await spent(holder) == 0
    assert await books_are_clean()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("usage", "source"),
    [
        ("missing", "missing"),
        ("zero", "missing"),
        ("negative", "doubtful"),
        ("absurd", "doubtful"),
        ("contradictory", "doubtful"),
    ],
)
async def test_a_count_that_nobody_can_believe_is_looked_at_before_it_is_charged(
    http: httpx2.AsyncClient, holder: Holder, usage: str, source: str
) -> None:
    response = await http.post(ADDRESS, json=body(switches=f"usage={usage}"))

    said = response.json()["usage"]["bluegpt"]
    assert (response.status_code, said["is_in_doubt"], said["usage_source"]) == (200, True, source)
    call = await Call.objects.aget()
    assert (call.charged_microcredits, call.cost_is_in_doubt) == (0, True)
    assert await sync_to_async(holder.held)() == call.ceiling_microcredits
    assert await books_are_clean()


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"model": "nobody/nothing"}, 404, "unknown_model", "model"),
        ({"model": "openai/gpt-image-2"}, 400, "model_unavailable", "model"),
        ({"model": WRITER}, 400, "model_does_not_draw", "model"),
        ({"model": None}, 400, "invalid_parameter", "model"),
        ({"prompt": None}, 400, "invalid_parameter", "prompt"),
        ({"prompt": "  "}, 400, "empty_message", None),
        ({"n": 0}, 400, "invalid_parameter", "n"),
        ({"n": 9}, 400, "invalid_parameter", "n"),
        ({"n": True}, 400, "invalid_parameter", "n"),
        ({"size": "256x256"}, 400, "size_not_offered", "size"),
        ({"size": "x"}, 400, "size_not_offered", "size"),
        ({"quality": "hd"}, 400, "size_not_offered", "size"),
        ({"output_format": "gif"}, 400, "invalid_parameter", "output_format"),
        ({"background": "red"}, 400, "invalid_parameter", "background"),
        (
            {"background": "transparent", "output_format": "jpeg"},
            *(400, "invalid_parameter", "background"),
        ),
        ({"stream": "yes"}, 400, "invalid_parameter", "stream"),
        ({"stream": True, "n": 2}, 400, "invalid_parameter", "n"),
        ({"stream": True, "partial_images": 4}, 400, "invalid_parameter", "partial_images"),
        ({"partial_images": 1}, 400, "invalid_parameter", "stream"),
        ({"response_format": "url"}, 400, "unsupported_parameter", "response_format"),
        ({"colour": "red"}, 400, "unsupported_parameter", "colour"),
    ],
)
async def test_what_cannot_be_made_is_refused_and_nothing_begins(
    http: httpx2.AsyncClient, change: Any, status: int, code: str, param: str | None
) -> None:
    refused(await http.post(ADDRESS, json=body() | change), status, code, param)

    assert await calls() == 0


async def test_a_model_that_draws_answers_no_message(http: httpx2.AsyncClient) -> None:
    sent = {"model": PAINTER, "messages": [{"role": "user", "content": "Hello"}]}

    response = await http.post("/v1/chat/completions", json=sent)

    refused(response, 400, "model_does_not_converse", "model")
    assert await calls() == 0


@pytest.mark.both_databases
async def test_too_little_credit_is_said_before_anything_leaves(
    site: str, new_holder: Callable[..., Holder]
) -> None:
    poor = await sync_to_async(new_holder)(10)
    headers = {"Authorization": f"Bearer {poor.secret}"}
    async with httpx2.AsyncClient(base_url=site, headers=headers) as theirs:
        response = await theirs.post(ADDRESS, json=body())

    refused(response, 402, "insufficient_credits")
    assert await calls() == 0
    assert await sync_to_async(poor.available)() == 10


async def test_a_cap_counts_for_pictures_too(http: httpx2.AsyncClient, holder: Holder) -> None:
    await sync_to_async(caps.set_cap)(
        person_id=holder.person_id,
        key_id=holder.key.id,
        period=CapPeriod.DAY,
        limit_microcredits=1,
    )

    refused(await http.post(ADDRESS, json=body()), 402, "cap_reached")
    assert await spent(holder) == 0


@pytest.mark.both_databases
async def test_a_repeat_with_a_key_is_one_call_and_the_same_pictures(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    headers = {"Idempotency-Key": "one"}
    made = await asyncio.gather(
        *(http.post(ADDRESS, json=body(), headers=headers) for _number in range(4))
    )
    paid = await spent(holder)
    other = await http.post(ADDRESS, json=body("Else"), headers=headers)
    house.forget()
    late = await http.post(ADDRESS, json=body(), headers=headers)

    assert {response.status_code for response in made} == {200}
    assert len({response.text for response in made}) == 1
    assert await calls() == 1
    refused(other, 409, "idempotency_conflict")
    refused(late, 409, "answer_not_kept")
    assert await spent(holder) == paid > 0


async def test_pictures_that_wait_for_a_repeat_do_not_fill_the_memory(
    http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "KEPT_BYTES_MAX", 1)
    for key in ("one", "two"):
        await http.post(ADDRESS, json=body(key), headers={"Idempotency-Key": key})

    first = await http.post(ADDRESS, json=body("one"), headers={"Idempotency-Key": "one"})
    second = await http.post(ADDRESS, json=body("two"), headers={"Idempotency-Key": "two"})

    refused(first, 409, "answer_not_kept")
    assert second.status_code == 200


@pytest.mark.both_databases
async def test_hanging_up_ends_the_work_and_costs_nothing(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    asking = asyncio.create_task(http.post(ADDRESS, json=body(switches="stall_after=0")))
    while not await Call.objects.filter(dispatched_at__isnull=False).aexists():
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait([asking])
    while (await Call.objects.aget()).state == "live":
        await asyncio.sleep(0.01)

    assert (await Call.objects.aget()).state == "stopped"
    assert await spent(holder) == 0
    assert await books_are_clean()


@pytest.mark.both_databases
async def test_what_a_dead_process_left_is_given_back(
    http: httpx2.AsyncClient, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "start", lambda order, live, keeping: None)
    asking = asyncio.create_task(
        http.post(ADDRESS, json=body(), headers={"Idempotency-Key": "one"})
    )
    while not await calls():
        await asyncio.sleep(0.01)
    assert await sync_to_async(holder.held)() > 0

    await Call.objects.aupdate(lease_until=clock.now() - timedelta(seconds=1))
    await sync_to_async(settle_interrupted)()

    refused(await asking, 503, "answer_interrupted")
    assert (await Call.objects.aget()).state == "interrupted"
    assert await spent(holder) == 0
    assert await books_are_clean()


def test_every_parameter_that_openai_describes_has_a_fate() -> None:
    known = picture_parameters.HONOURED | picture_parameters.WITHOUT_BEARING
    known |= set(picture_parameters.NEUTRAL)

    assert openai_schema.request_fields("CreateImageRequest") <= known


async def test_the_list_says_what_a_model_makes(http: httpx2.AsyncClient) -> None:
    listed = {each["id"]: each["bluegpt"] for each in (await http.get("/v1/models")).json()["data"]}

    assert listed[WRITER]["makes"] == ["text"]
    assert listed[PAINTER]["makes"] == ["pictures"]
    assert listed[PAINTER]["sizes"]["1024x1024"] == ["low", "medium", "high"]


async def test_a_file_that_has_a_mark_is_passed_on_untouched(
    http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    look = read_whole

    def look_and_keep(data: bytes, **what: Any) -> WholePicture:
        sent.append(data)
        return look(data, **what)

    monkeypatch.setattr(drawing, "read_whole", look_and_keep)
    response = await http.post(ADDRESS, json=body(switches="picture=marked"))

    assert [b64decode(response.json()["data"][0]["b64_json"])] == sent
