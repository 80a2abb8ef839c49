"""The sandbox draws: real pictures, over OpenAI's wire, by OpenAI's SDK and description."""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI
from openai.types import ImagesResponse
from PIL import Image, UnidentifiedImageError

from bluegpt.core import clock
from bluegpt.providers.adapters.sandbox import picture_routes
from bluegpt.providers.adapters.sandbox.fields import known
from tests.providers import openai_schema


@pytest.fixture
async def sdk(url: str) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as sdk:
        yield sdk


async def draw(sdk: AsyncOpenAI, switches: str = "", **more: Any) -> ImagesResponse:
    asked: dict[str, Any] = {"model": "painter", "prompt": f"Hills\nsandbox: {switches}"} | more
    made: ImagesResponse = await sdk.images.generate(**asked)
    return made


def file_of(made: ImagesResponse) -> bytes:
    assert made.data
    return b64decode(made.data[0].b64_json or "")


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("size", ["1024x1024", "1536x1024", "1024x1536"])
async def test_a_picture_has_the_format_and_the_size_that_were_asked_for(
    sdk: AsyncOpenAI, format_: str, size: str
) -> None:
    made = await draw(sdk, output_format=format_, size=size, quality="high")

    with Image.open(BytesIO(file_of(made))) as picture:
        picture.load()
        assert (picture.format, f"{picture.width}x{picture.height}") == (format_.upper(), size)
    openai_schema.check(made.model_dump(exclude_none=True), "ImagesResponse")
    assert made.usage
    assert made.usage.output_tokens == (4_000 if size == "1024x1024" else 6_000)


async def test_the_same_words_give_the_same_picture(sdk: AsyncOpenAI) -> None:
    first, again, other = [
        file_of(await draw(sdk, prompt=prompt)) for prompt in ("Hills", "Hills", "Dunes")
    ]

    assert first == again != other


async def test_a_transparent_picture_has_no_sky(sdk: AsyncOpenAI) -> None:
    with Image.open(BytesIO(file_of(await draw(sdk, background="transparent")))) as picture:
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)


async def test_the_sketcher_bills_by_the_piece_and_counts_nothing(sdk: AsyncOpenAI) -> None:
    assert (await draw(sdk, model="sketcher")).usage is None


async def test_faults_are_real(sdk: AsyncOpenAI) -> None:
    with Image.open(BytesIO(file_of(await draw(sdk, "picture=wrong_size")))) as picture:
        assert picture.size == (1008, 1024)
    with pytest.raises(UnidentifiedImageError):
        Image.open(BytesIO(file_of(await draw(sdk, "picture=corrupt"))))
    with (
        Image.open(BytesIO(file_of(await draw(sdk, "picture=cut_short")))) as picture,
        pytest.raises(OSError, match="truncated"),
    ):
        picture.load()
    assert b"trainedAlgorithmicMedia" in file_of(await draw(sdk, "picture=marked"))
    assert b"trainedAlgorithmicMedia" not in file_of(await draw(sdk))


async def test_the_days_report_tells_what_was_drawn(sdk: AsyncOpenAI, url: str) -> None:
    made = await draw(sdk, quality="low", n=2)
    today = datetime.combine(clock.now().date(), time(), UTC)
    start_s = int(today.timestamp())
    asked: dict[str, int | str] = {
        "start_time": start_s,
        "end_time": start_s + 86_400,
        "group_by[]": "model",
    }
    async with httpx2.AsyncClient(base_url=url, headers={"Authorization": "Bearer any"}) as http:
        reply = await http.get("/v1/organization/usage/completions", params=asked)

    [row] = reply.json()["data"][0]["results"]
    assert made.usage
    assert (row["model"], row["input_tokens"]) == ("painter", made.usage.input_tokens)
    assert row["output_image_tokens"] == row["output_tokens"] == made.usage.output_tokens == 500


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": "writer"}, "model"),
        ({"n": 11}, "n"),
        ({"size": "10x10"}, "size"),
        ({"background": "transparent", "output_format": "jpeg"}, "background"),
        ({"prompt": " "}, "prompt"),
        ({"extra_body": {"colour": 1}}, "colour"),
    ],
)
async def test_what_openai_refuses_is_refused(
    sdk: AsyncOpenAI, change: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        await draw(sdk, **change)

    assert isinstance(refused.value.body, dict)
    assert refused.value.body["param"] == param


async def test_an_unsafe_prompt_is_refused_as_openai_does(sdk: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await draw(sdk, "refuse")

    assert refused.value.code == "moderation_blocked"


def test_the_fields_that_are_known_are_those_of_the_description() -> None:
    assert known("openai_images") == openai_schema.request_fields("CreateImageRequest")
    assert known("openai_image_edits") == openai_schema.request_fields("CreateImageEditRequest")


def photo(colour: str = "red", size: tuple[int, int] = (512, 512)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def mask_of_left_half(size: tuple[int, int] = (512, 512)) -> bytes:
    out = BytesIO()
    mask = Image.new("RGBA", size, "white")
    mask.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    mask.save(out, "PNG")
    return out.getvalue()


async def edit(sdk: AsyncOpenAI, switches: str = "", **more: Any) -> Any:
    asked: dict[str, Any] = {"model": "painter", "prompt": f"Hills\nsandbox: {switches}"}
    return await sdk.images.edit(**(asked | {"size": "512x512", "image": photo()} | more))


async def test_an_edit_paints_only_where_the_mask_is_transparent(sdk: AsyncOpenAI) -> None:
    made = await edit(sdk, mask=mask_of_left_half())

    with Image.open(BytesIO(file_of(made))) as picture:
        kept = picture.convert("RGB").crop((256, 0, 512, 512))
        painted = picture.convert("RGB").crop((0, 0, 256, 512))
    assert kept.getcolors() == [(256 * 512, (255, 0, 0))]
    assert (255, 0, 0) not in {colour for _count, colour in painted.getcolors(512 * 512) or ()}
    body = made.model_dump(exclude_none=True) | {"size": "1024x1024"}
    openai_schema.check(body, "ImagesResponse")
    assert made.usage
    assert made.usage.input_tokens_details.image_tokens == 350


async def test_an_edit_works_from_each_picture_that_is_given(sdk: AsyncOpenAI) -> None:
    one, other, two = [
        file_of(await edit(sdk, image=image))
        for image in (photo("red"), photo("blue"), [photo("red"), photo("blue")])
    ]

    assert len({one, other, two}) == 3


async def test_a_seed_and_a_style_change_the_picture(sdk: AsyncOpenAI) -> None:
    plain = {"size": "512x512"}
    made = [
        file_of(await draw(sdk, **plain, **more))
        for more in (
            {},
            {"style": "vivid"},
            {"extra_body": {"seed": 1}},
            {"extra_body": {"seed": 2}},
            {"extra_body": {"seed": 2}},
        )
    ]

    assert made[3] == made[4]
    assert len(set(made)) == 4


@pytest.mark.parametrize("is_edit", [False, True])
async def test_a_stream_shows_the_picture_on_its_way(sdk: AsyncOpenAI, is_edit: bool) -> None:
    asked: dict[str, Any] = {"stream": True, "partial_images": 2}
    steps = (
        await edit(sdk, "pace_ms=0", **asked)
        if is_edit
        else await sdk.images.generate(
            model="painter", prompt="Hills\nsandbox: pace_ms=0", size="512x512", **asked
        )
    )
    events = [event async for event in steps]

    name = "image_edit" if is_edit else "image_generation"
    assert [event.type for event in events] == [
        *[f"{name}.partial_image"] * 2,
        f"{name}.completed",
    ]
    assert [event.partial_image_index for event in events[:2]] == [0, 1]
    sizes = set()
    for event in events:
        with Image.open(BytesIO(b64decode(event.b64_json))) as picture:
            sizes.add(picture.size)
    assert sizes == {(512, 512)}
    assert events[-1].usage.output_tokens == 250 + 2 * 2
    schema = "ImageEdit" if is_edit else "ImageGen"
    for event, kind in zip(events, ("Partial", "Partial", "Completed"), strict=True):
        body = event.model_dump(exclude_none=True) | {"size": "1024x1024"}
        ending = "ImageEvent" if kind == "Partial" else "Event"
        openai_schema.check(body, f"{schema}{kind}{ending}")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"image": b"no picture"}, "image"),
        ({"mask": mask_of_left_half((256, 256))}, "mask"),
        ({"mask": b"no picture"}, "mask"),
        ({"n": 2, "stream": True}, "n"),
        ({"extra_body": {"colour": "red"}}, "colour"),
    ],
)
async def test_an_edit_that_openai_refuses_is_refused(
    sdk: AsyncOpenAI, change: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        await edit(sdk, **change)

    assert isinstance(refused.value.body, dict)
    assert refused.value.body["param"] == param


async def test_a_form_beyond_its_bound_is_refused_while_it_is_read(
    sdk: AsyncOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_routes, "FORM_BYTES_MAX", 1_000)

    with pytest.raises(openai.APIStatusError) as refused:
        await edit(sdk, image=b"x" * 5_000)

    assert refused.value.status_code == 413
