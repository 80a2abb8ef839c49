"""OpenAI's images with pictures to work from, and with partial ones on the way."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import pytest
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.openai_images import OpenAIImages
from bluegpt.providers.types.models import DrawingSkills, Route, Wire
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import UsageSource
from tests.providers.harness import hurry
from tests.providers.making import API_KEY, PAIRWISE_ID, clearance, model
from tests.providers.openai_schema import check, check_request, request_fields
from tests.providers.speakers import event
from tests.providers.test_openai_images import CANVASES, FILE, TOLD, reply, request
from tests.providers.upstream import Cut, Refusal, Stall, Step, Upstream, running

GIVEN = (
    ImagePart(media_type="image/png", data=b"\x89PNG one", width_px=64, height_px=64),
    ImagePart(media_type="image/jpeg", data=b"\xff\xd8 two", width_px=64, height_px=32),
)
CHOSEN = {"size": "1024x1024", "quality": "low", "background": "opaque", "output_format": "png"}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running() as upstream:
        yield upstream
        await close_clients()


def partial(place: int, file: bytes = b"unfinished", *, kind: str = "image_generation") -> bytes:
    body = {
        "type": f"{kind}.partial_image",
        "b64_json": b64encode(file).decode(),
        "partial_image_index": place,
        "created_at": 1,
        **CHOSEN,
    }
    check(body, "ImageGenPartialImageEvent" if "gen" in kind else "ImageEditPartialImageEvent")
    return event(body, str(body["type"]))


def done(usage: Any = TOLD, *, kind: str = "image_generation") -> bytes:
    body = {
        "type": f"{kind}.completed",
        "b64_json": b64encode(FILE).decode(),
        "created_at": 1,
        **CHOSEN,
    }
    return event(body | ({} if usage is None else {"usage": usage}), str(body["type"]))


async def steps_of(
    upstream: Upstream, asked: PictureRequest, *, is_portable: bool = False
) -> list[PartialPicture | Drawn]:
    route = Route(
        wire=Wire.OPENAI_IMAGES,
        base_url=f"{upstream.base_url}/v1",
        api_key=API_KEY,
        is_portable=is_portable,
    )
    drawing = OpenAIImages(route).draw(asked, clearance=clearance())
    return [step async for step in drawing]


def parts_of(asked: Any) -> list[tuple[str, str | None, str, bytes]]:
    """Name, file name, type and content of each part of a form."""
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    form = message_from_bytes(head + asked.raw)
    found = []
    for part in form.get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append((str(name), part.get_filename(), part.get_content_type(), content))
    return found


async def test_an_edit_is_a_form_with_the_pictures_and_the_mask(upstream: Upstream) -> None:
    upstream.refuse(reply())

    [drawn] = await steps_of(upstream, request(references=GIVEN, mask=b"\x89PNG mask"))

    assert isinstance(drawn, Drawn)
    assert drawn.files == (FILE,)
    [asked] = upstream.asked
    assert asked.path == "/v1/images/edits"
    parts = parts_of(asked)
    files = [part for part in parts if part[1] is not None]
    assert files == [
        ("image[]", "1.png", "image/png", GIVEN[0].data),
        ("image[]", "2.jpeg", "image/jpeg", GIVEN[1].data),
        ("mask", "mask.png", "image/png", b"\x89PNG mask"),
    ]
    words = {name: content.decode() for name, file, _type, content in parts if file is None}
    assert words["user"] == PAIRWISE_ID
    assert words["n"] == "1"
    assert {*words, "image", "mask"} <= request_fields("CreateImageEditRequest")
    typed: dict[str, Any] = words | {"n": int(words["n"]), "image": "binary"}
    check_request("CreateImageEditRequest", typed)


async def test_partial_pictures_come_on_the_way_and_the_count_at_the_end(
    upstream: Upstream,
) -> None:
    upstream.play(partial(0, b"first"), partial(1, b"second"), done())

    first, second, last = await steps_of(upstream, request(partials=2))

    assert first == PartialPicture(place=0, data=b"first")
    assert second == PartialPicture(place=0, data=b"second")
    assert isinstance(last, Drawn)
    assert (last.files, last.usage.image_output_tokens) == ((FILE,), 270)
    [asked] = upstream.asked
    assert (asked.body["stream"], asked.body["partial_images"]) == (True, 2)
    check_request("CreateImageRequest", asked.body)


async def test_an_edit_is_streamed_too(upstream: Upstream) -> None:
    upstream.play(partial(0, kind="image_edit"), done(kind="image_edit"))

    steps = await steps_of(upstream, request(references=GIVEN[:1], partials=1))

    assert [type(step) for step in steps] == [PartialPicture, Drawn]
    words = {name: content for name, _file, _type, content in parts_of(upstream.asked[0])}
    assert (words["stream"], words["partial_images"]) == (b"true", b"1")


async def test_several_with_partial_ones_are_several_requests_whose_counts_add_up(
    upstream: Upstream,
) -> None:
    upstream.play(partial(0), done())

    asked = request(number=3, partials=1, input_tokens=240, output_tokens=900)
    steps = await steps_of(upstream, asked)

    assert [one.body["n"] for one in upstream.asked] == [1, 1, 1]
    places = sorted(step.place for step in steps if isinstance(step, PartialPicture))
    assert places == [0, 1, 2]
    last = steps[-1]
    assert isinstance(last, Drawn)
    assert (len(last.files), last.usage.image_output_tokens) == (3, 3 * 270)
    assert last.usage.source is UsageSource.FINAL


async def test_several_edits_are_one_request_without_partial_ones(upstream: Upstream) -> None:
    two = [{"b64_json": b64encode(FILE).decode()}] * 2
    upstream.refuse(reply(data=two))

    [drawn] = await steps_of(upstream, request(number=2, partials=3, references=GIVEN))

    assert isinstance(drawn, Drawn)
    assert len(drawn.files) == 2
    assert b"partial_images" not in upstream.asked[0].raw


async def test_a_server_that_does_not_stream_may_answer_whole(upstream: Upstream) -> None:
    upstream.refuse(reply())

    [drawn] = await steps_of(upstream, request(partials=1))

    assert isinstance(drawn, Drawn)


async def test_seeds_and_styles_are_sent_to_models_that_have_them_only(
    upstream: Upstream,
) -> None:
    upstream.refuse(reply())
    asked = request(seed=7, style="vivid")
    knows = DrawingSkills(styles=("vivid",), has_seeds=True)

    await steps_of(upstream, asked)
    await steps_of(upstream, replace(asked, model=model(canvases=CANVASES, drawing=knows)))

    plain, told = (one.body for one in upstream.asked)
    assert not {"seed", "style"} & plain.keys()
    assert (told["seed"], told["style"]) == (7, "vivid")


async def test_a_compatible_server_gets_the_fields_that_all_of_them_know(
    upstream: Upstream,
) -> None:
    upstream.refuse(reply(None))

    await steps_of(upstream, request(), is_portable=True)

    assert upstream.asked[0].body == {
        "model": "some-model",
        "prompt": "A red house",
        "n": 1,
        "user": PAIRWISE_ID,
        "response_format": "b64_json",
        "size": "1024x1024",
    }


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ((partial(0),), "stream_cut"),
        ((partial(0), done()[:-20]), "stream_cut"),
        ((partial(0), Cut()), "stream_cut"),
        ((partial(0), Stall()), "stream_cut"),
        ((b"data: {half\n\n",), "malformed_reply"),
        ((event({"type": "image_generation.completed", "b64_json": ""}),), "malformed_reply"),
        ((event({"type": "error", "error": {"code": "server_error"}}, "error"),), "provider_down"),
        ((event({"type": "error", "error": {"code": "moderation_blocked"}}),), "prompt_refused"),
    ],
)
async def test_a_stream_that_ends_badly_is_told_apart(
    upstream: Upstream, settings: Settings, script: tuple[Step, ...], code: str
) -> None:
    hurry(settings)
    upstream.play(*script)

    with pytest.raises(BlueError) as failed:
        await steps_of(upstream, request(partials=1))

    assert failed.value.code == code


async def test_one_of_several_that_fails_ends_the_others(upstream: Upstream) -> None:
    upstream.refuse(Refusal(status=500))
    upstream.play(partial(0), Stall())

    with pytest.raises(BlueError) as failed:
        await steps_of(upstream, request(number=2, partials=1))

    assert failed.value.code == "provider_down"


async def test_closing_the_steps_closes_every_connection(upstream: Upstream) -> None:
    upstream.play(partial(0), Stall())
    route = Route(wire=Wire.OPENAI_IMAGES, base_url=f"{upstream.base_url}/v1", api_key=API_KEY)
    steps = OpenAIImages(route).draw(request(number=2, partials=1), clearance=clearance())
    assert isinstance(await anext(steps), PartialPicture)

    await steps.aclose()

    await asyncio.wait_for(upstream.gone.wait(), 5)
