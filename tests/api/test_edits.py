"""`POST /v1/images/edits`: a form with pictures, the same price and the same refusals."""

from base64 import b64decode
from collections.abc import AsyncGenerator
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI
from PIL import Image

from bluegpt.api import picture_parameters
from bluegpt.core.threads import in_thread
from bluegpt.providers.queries import catalogue
from bluegpt.providers.services import pictures as provider
from bluegpt.providers.types.models import DrawingSkills, Model
from bluegpt.providers.types.pictures import PictureFormat, PictureRequest
from bluegpt.studio.flows import creations
from bluegpt.studio.models import Asset, Call, Creation
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import PictureWish
from tests.api.conftest import Holder, calls
from tests.api.test_pictures import books_are_clean, refused, spent
from tests.providers import openai_schema

ADDRESS = "/v1/images/edits"
PAINTER = "sandbox/painter"
SKILLS = DrawingSkills(references_max=2, has_masks=True, backgrounds=("opaque",))
FIELDS = {"model": PAINTER, "prompt": "A red house", "quality": "low", "size": "1024x1024"}


def picture(*, size: tuple[int, int] = (64, 48), alpha: int = 255) -> bytes:
    out = BytesIO()
    Image.new("RGBA", size, (200, 0, 0, alpha)).save(out, "PNG")
    return out.getvalue()


PNG = ("photo.png", picture(), "image/png")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[PictureRequest]:
    """What the painter was asked; it works from two pictures and draws by the sandbox."""
    requests: list[PictureRequest] = []
    found, draw = catalogue.model, provider.draw

    async def drawing(request: PictureRequest, **more: Any) -> AsyncGenerator[object]:
        requests.append(request)
        async for step in draw(replace(request, references=(), mask=b""), **more):
            yield step

    def skilled(key: str) -> Model:
        return replace(found(key), drawing=SKILLS)

    monkeypatch.setattr(catalogue, "model", skilled)
    monkeypatch.setattr(provider, "draw", drawing)
    return requests


@pytest.mark.both_databases
async def test_the_sdk_has_a_part_of_a_picture_changed(
    sdk: AsyncOpenAI, holder: Holder, seen: list[PictureRequest]
) -> None:
    made = await sdk.images.edit(
        model=PAINTER,
        prompt="A red house",
        image=[PNG, ("other.png", picture(size=(32, 32)), "image/png")],
        mask=("mask.png", picture(alpha=0), "image/png"),
        quality="low",
        size="1024x1024",
        output_format="webp",
    )

    assert made.data
    with Image.open(BytesIO(b64decode(made.data[0].b64_json or ""))) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (1024, 1024))
    [request] = seen
    assert [part.width_px for part in request.references] == [64, 32]
    with Image.open(BytesIO(request.mask)) as mask:
        assert mask.size == (64, 48)
    call = await Call.objects.aget()
    assert await spent(holder) == call.charged_microcredits > 0
    assert not await Creation.objects.aexists()
    assert not await Asset.objects.aexists()
    assert await books_are_clean()


async def test_the_reply_is_what_openai_describes(
    http: httpx2.AsyncClient, seen: list[PictureRequest]
) -> None:
    response = await http.post(ADDRESS, data=FIELDS | {"n": "2"}, files={"image": PNG})

    openai_schema.check(response.json(), "ImagesResponse")
    assert len(response.json()["data"]) == 2
    assert seen[0].number == 2


@pytest.mark.parametrize(
    ("fields", "files", "code", "param"),
    [
        ({}, {}, "invalid_parameter", "image"),
        ({"n": "nine"}, {"image": PNG}, "invalid_parameter", "n"),
        ({"stream": "yes"}, {"image": PNG}, "invalid_parameter", "stream"),
        ({"input_fidelity": "high"}, {"image": PNG}, "unsupported_parameter", "input_fidelity"),
        ({"colour": "red"}, {"image": PNG}, "unsupported_parameter", "colour"),
        ({}, {"image": PNG, "sound": PNG}, "unsupported_parameter", "sound"),
        ({"background": "transparent"}, {"image": PNG}, "setting_not_offered", "background"),
        ({}, {"image": ("a.png", b"no picture", "image/png")}, "unreadable_attachment", None),
        (
            {},
            {"image": PNG, "mask": ("m.png", picture(size=(8, 8), alpha=0), "image/png")},
            *("unusable_mask", "mask"),
        ),
        ({}, {"image": PNG, "mask": PNG}, "unusable_mask", "mask"),
    ],
)
async def test_what_cannot_be_edited_is_refused_and_nothing_begins(
    http: httpx2.AsyncClient,
    seen: list[PictureRequest],
    fields: dict[str, str],
    files: Any,
    code: str,
    param: str | None,
) -> None:
    sent = {"files": files} if files else {"files": {"": ("", b"")}}
    response = await http.post(ADDRESS, data=FIELDS | fields, **sent)

    refused(response, 400, code, param)
    assert await calls() == 0


async def test_more_pictures_than_the_model_looks_at_are_refused(
    http: httpx2.AsyncClient, seen: list[PictureRequest]
) -> None:
    files = [("image[]", PNG)] * 3
    refused(await http.post(ADDRESS, data=FIELDS, files=files), 400, "setting_not_offered", "image")
    assert (seen, await calls()) == ([], 0)


async def test_a_body_that_is_no_form_is_refused(http: httpx2.AsyncClient) -> None:
    refused(await http.post(ADDRESS, json=FIELDS), 400, "invalid_parameter", "image")
    broken = {"content-type": "multipart/form-data; boundary="}
    refused(
        await http.post(ADDRESS, content=b"--x", headers=broken), 400, "unreadable_request", None
    )
    assert await calls() == 0


@pytest.mark.both_databases
async def test_a_repeat_with_a_key_is_one_call_unless_a_file_differs(
    http: httpx2.AsyncClient, seen: list[PictureRequest]
) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await http.post(ADDRESS, data=FIELDS, files={"image": PNG}, headers=headers)
    again = await http.post(ADDRESS, data=FIELDS, files={"image": PNG}, headers=headers)
    other_file = ("photo.png", picture(size=(32, 32)), "image/png")
    other = await http.post(ADDRESS, data=FIELDS, files={"image": other_file}, headers=headers)

    assert first.text == again.text
    assert again.headers["idempotency-replayed"] == "true"
    refused(other, 409, "idempotency_conflict")
    assert len(seen) == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
async def test_the_page_and_a_key_pay_the_same(
    http: httpx2.AsyncClient, holder: Holder, seen: list[PictureRequest]
) -> None:
    await http.post(ADDRESS, data=FIELDS, files={"image": PNG})
    upload = Upload(name="photo.png", data=picture())
    asset = await creations.give(person_id=holder.person_id, upload=upload)
    asked = await creations.draw(
        PictureWish(
            person_id=holder.person_id,
            model_key=PAINTER,
            text="A red house",
            number=1,
            size="1024x1024",
            quality="low",
            background="auto",
            format=PictureFormat.PNG,
            input_ids=(asset.id,),
        )
    )
    async for _event in creations.follow(person_id=holder.person_id, call_id=asked.call_id):
        pass

    rows = [row async for row in Call.objects.order_by("created_at")]
    assert rows[0].charged_microcredits == rows[1].charged_microcredits > 0
    assert rows[0].ceiling_microcredits == rows[1].ceiling_microcredits
    assert await in_thread(holder.held) == 0


def test_every_field_that_openai_describes_has_a_fate() -> None:
    known = picture_parameters.HONOURED | picture_parameters.WITHOUT_BEARING
    known |= set(picture_parameters.NEUTRAL) | picture_parameters.EDIT_FILES

    assert openai_schema.request_fields("CreateImageEditRequest") <= known | {"input_fidelity"}
