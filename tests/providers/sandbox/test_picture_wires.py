"""Our adapters of pictures and the sandbox, over HTTP: every wire, every fault."""

from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import openai
import pytest
from google import genai
from google.genai import types as google_types
from openai import AsyncOpenAI
from PIL import Image
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.openai_images import OpenAIImages
from bluegpt.providers.errors import PromptRefused
from bluegpt.providers.types.models import DrawingSkills, Route, Wire
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import UsageSource
from tests.providers.harness import hurry
from tests.providers.making import clearance
from tests.providers.painters import GooglePainter, OpenAIPainter, Painter, XaiPainter
from tests.providers.picture_contract import PictureContract
from tests.providers.sandbox.test_images import mask_of_left_half, photo

# Google's SDK subclasses a session of aiohttp, which aiohttp discourages.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession")

PAINTERS: list[Painter] = [OpenAIPainter(), GooglePainter(), XaiPainter()]
BASES = {Wire.OPENAI_IMAGES: "/v1", Wire.GOOGLE_IMAGES: "", Wire.XAI_IMAGES: "/xai/v1"}
SMALL = {Wire.OPENAI_IMAGES: "512x512", Wire.GOOGLE_IMAGES: "512x512"}
GIVEN = ImagePart(media_type="image/png", data=photo(), width_px=512, height_px=512)


@pytest.fixture(params=PAINTERS, ids=lambda painter: painter.wire)
def painter(request: pytest.FixtureRequest) -> Painter:
    found: Painter = request.param
    return found


@pytest.fixture(autouse=True)
async def clients() -> AsyncIterator[None]:
    yield
    await close_clients()


def wish(painter: Painter, switches: str = "", **more: Any) -> PictureRequest:
    contract = PictureContract()
    contract.painter = painter
    asked = contract.request()
    skills = DrawingSkills(has_seeds=True, styles=("vivid",), aside_tokens_max=100)
    return replace(
        asked,
        model=replace(asked.model, wire_name="painter", drawing=skills),
        prompt=f"Hills\nsandbox: pace_ms=0 {switches}",
        size=SMALL.get(painter.wire, "1024x1024"),
        input_tokens=800,
        output_tokens=1_000,
        **more,
    )


async def steps_of(
    url: str, painter: Painter, asked: PictureRequest
) -> list[PartialPicture | Drawn]:
    route = Route(wire=painter.wire, base_url=url + BASES[painter.wire], api_key="any")
    adapter = type(painter).adapter(route)
    steps = adapter.draw(asked, clearance=clearance(painter.provider))
    return [step async for step in steps]


async def drawn_at(url: str, painter: Painter, switches: str = "", **more: Any) -> Drawn:
    last = (await steps_of(url, painter, wish(painter, switches, **more)))[-1]
    assert isinstance(last, Drawn)
    return last


def size_of(file: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(file)) as picture:
        picture.load()
        return picture.size


async def test_a_picture_is_real_and_paid_for(url: str, painter: Painter) -> None:
    drawn = await drawn_at(url, painter)

    small = SMALL.get(painter.wire)
    assert size_of(drawn.files[0]) == ((512, 512) if small else (1024, 1024))
    assert drawn.usage.source is UsageSource.FINAL
    assert bool(drawn.usage.pictures) is (painter.wire is Wire.XAI_IMAGES)


async def test_what_is_given_is_in_the_picture(url: str, painter: Painter) -> None:
    plain, given = [
        await drawn_at(url, painter, references=given, seed=1) for given in ((), (GIVEN,))
    ]

    assert plain.files != given.files
    assert painter.wire is Wire.XAI_IMAGES or given.usage.image_input_tokens == 350


async def test_a_compatible_endpoint_draws_and_edits(url: str) -> None:
    painter = PAINTERS[0]
    route = Route(wire=painter.wire, base_url=f"{url}/v1", api_key="any", is_portable=True)
    files: list[bytes] = []
    for references in ((), (GIVEN,)):
        asked = wish(painter, references=references)
        steps = OpenAIImages(route).draw(asked, clearance=clearance())
        [drawn] = [step async for step in steps]
        assert isinstance(drawn, Drawn)
        files += drawn.files

    assert [size_of(file) for file in files] == [(512, 512)] * 2
    assert files[0] != files[1]


async def test_several_are_different(url: str, painter: Painter) -> None:
    assert len(set((await drawn_at(url, painter, number=2)).files)) == 2


@pytest.mark.parametrize("is_edit", [False, True])
async def test_openais_wire_shows_a_picture_on_its_way(url: str, is_edit: bool) -> None:
    painter = PAINTERS[0]
    more: dict[str, Any] = (
        {"references": (GIVEN,), "mask": mask_of_left_half()} if is_edit else {"number": 2}
    )

    steps = await steps_of(url, painter, wish(painter, partials=3, **more))

    partials = [step for step in steps if isinstance(step, PartialPicture)]
    assert len(partials) == (3 if is_edit else 6)
    assert all(size_of(partial.data) == (512, 512) for partial in partials)
    assert isinstance(steps[-1], Drawn)
    assert steps[-1].usage.image_output_tokens == (68 if is_edit else 136)


@pytest.mark.parametrize(
    ("switches", "code"),
    [
        ("refuse", "prompt_refused"),
        ("error=401", "provider_misconfigured"),
        ("error=429", "provider_busy"),
        ("error=500", "provider_down"),
        ("cut_after=0", "stream_cut"),
        ("stall_after=0", "stream_cut"),
        ("malformed_after=0", "malformed_reply"),
    ],
)
async def test_every_fault_has_its_name(
    url: str, painter: Painter, settings: Settings, switches: str, code: str
) -> None:
    if "stall" in switches:
        hurry(settings, first_byte_s=1)

    with pytest.raises(BlueError) as failed:
        await drawn_at(url, painter, switches)

    assert failed.value.code == code


async def test_too_few_pictures_are_none(url: str, painter: Painter) -> None:
    with pytest.raises(BlueError) as failed:
        await drawn_at(url, painter, "picture=fewer")

    nothing = {Wire.OPENAI_IMAGES: "malformed_reply"}
    assert failed.value.code == nothing.get(painter.wire, "no_picture")


async def test_what_a_safety_system_keeps_back_is_billed_as_it_says(
    url: str, painter: Painter
) -> None:
    with pytest.raises(PromptRefused) as refused:
        await drawn_at(url, painter, "refuse=filter")

    usage = refused.value.usage
    match painter.wire:
        case Wire.OPENAI_IMAGES:
            assert usage is None
        case Wire.GOOGLE_IMAGES:
            assert usage
            assert (usage.input_tokens > 0, usage.output_tokens) == (True, 0)
        case _:
            assert usage
            assert usage.pictures == 1


@pytest.mark.parametrize(
    ("switches", "source"),
    [
        ("usage=missing", UsageSource.MISSING),
        ("usage=zero", UsageSource.MISSING),
        ("usage=negative", UsageSource.DOUBTFUL),
        ("usage=absurd", UsageSource.DOUBTFUL),
        ("usage=contradictory", UsageSource.DOUBTFUL),
    ],
)
@pytest.mark.parametrize("one", PAINTERS[:2], ids=lambda painter: painter.wire)
async def test_a_count_that_is_wrong_is_noticed(
    url: str, one: Painter, switches: str, source: UsageSource
) -> None:
    drawn = await drawn_at(url, one, switches)

    assert drawn.usage.source is source
    assert drawn.usage.image_output_tokens == 1_000


async def test_openais_sdk_draws_at_xais_address(url: str) -> None:
    async with AsyncOpenAI(base_url=f"{url}/xai/v1", api_key="any", max_retries=0) as sdk:
        made = await sdk.images.generate(
            model="sketcher",
            prompt="Hills",
            response_format="b64_json",
            extra_body={"aspect_ratio": "16:9"},
        )
        with pytest.raises(openai.BadRequestError) as refused:
            await sdk.images.generate(model="sketcher", prompt="Hills", size="1024x1024")

    assert made.data
    assert size_of(b64decode(made.data[0].b64_json or "")) == (1376, 768)
    assert "size" in str(refused.value.body)


async def test_googles_sdk_draws_and_edits(url: str) -> None:
    options = google_types.HttpOptions(base_url=url)
    config = google_types.GenerateContentConfig(
        response_modalities=["IMAGE"],
        image_config=google_types.ImageConfig(aspect_ratio="16:9"),
    )
    given = google_types.Part.from_bytes(data=photo(), mime_type="image/png")

    sdk: Any
    async with genai.Client(api_key="any", http_options=options).aio as sdk:
        drawn = await sdk.models.generate_content(model="painter", contents="Hills", config=config)
        edited = await sdk.models.generate_content(
            model="painter", contents=["Hills", given], config=config
        )
        refused = await sdk.models.generate_content(
            model="painter", contents="Hills\nsandbox: refuse=filter", config=config
        )

    files = [reply.candidates[0].content.parts[0].inline_data.data for reply in (drawn, edited)]
    assert [size_of(file) for file in files] == [(1376, 768)] * 2
    assert files[0] != files[1]
    assert edited.usage_metadata.prompt_tokens_details[1].token_count == 350
    assert refused.candidates[0].finish_reason is google_types.FinishReason.IMAGE_SAFETY
    assert refused.candidates[0].content is None
