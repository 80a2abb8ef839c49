"""What a wish may ask for, what it works from, what it is told to cost, and who may watch."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import InsufficientCredits
from bluegpt.providers.errors import RequestRejected
from bluegpt.providers.queries import catalogue, drawing
from bluegpt.providers.services import pictures as provider_pictures
from bluegpt.providers.types.models import DrawingSkills, Model
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureFormat, PictureRequest
from bluegpt.providers.types.usage import Usage, UsageSource
from bluegpt.studio.errors import (
    AttachmentTooLarge,
    EmptyMessage,
    SettingNotOffered,
    UnknownAsset,
    UnreadableAttachment,
    UnusableMask,
)
from bluegpt.studio.flows import creations, live
from bluegpt.studio.models import Asset, Call, Creation
from bluegpt.studio.queries.wishes import variation_of, wish_of
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import MakingEvent, PictureWish
from tests.studio.wishing import SKETCHER, bytes_of, drawn, spent, stored_files, wishing

__all__ = ["wishing"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

SKILLS = DrawingSkills(
    number_max=4,
    backgrounds=("opaque",),
    styles=("vivid",),
    references_max=2,
    has_masks=True,
    has_seeds=True,
    partials_max=2,
)
Wishing = Callable[..., PictureWish]


def picture(colour: str = "red", *, size: tuple[int, int] = (64, 48), form: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def mask_of(size: tuple[int, int], *, alpha: int = 0) -> bytes:
    out = BytesIO()
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, alpha), (0, 0, 8, 8))
    mask.save(out, "PNG")
    return out.getvalue()


class Studio:
    """A provider that is asked by hand: partial pictures when told to, one colour per picture."""

    def __init__(self) -> None:
        self.requests: list[PictureRequest] = []
        self.partials: asyncio.Queue[PartialPicture | None] = asyncio.Queue()
        self.files: tuple[bytes, ...] = (picture("green", size=(1024, 1024)),)
        self.error: Exception | None = None

    async def draw(
        self, request: PictureRequest, *, clearance: object
    ) -> AsyncGenerator[PartialPicture | Drawn]:
        self.requests.append(request)
        while request.partials and (partial := await self.partials.get()):
            yield partial
        if self.error is not None:
            raise self.error
        usage = Usage(
            input_tokens=20,
            output_tokens=100,
            image_output_tokens=100,
            source=UsageSource.FINAL,
        )
        yield Drawn(files=self.files, usage=usage)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Studio:
    """The painter, with everything that any model can be told, in the test's own hands."""
    studio = Studio()
    found = catalogue.model

    def skilled(key: str) -> Model:
        return replace(found(key), drawing=SKILLS)

    monkeypatch.setattr(catalogue, "model", skilled)
    monkeypatch.setattr(provider_pictures, "draw", studio.draw)
    return studio


@pytest.fixture
def wish(wishing: Wishing, provider: Studio) -> Wishing:
    """Wishes to the skilled painter that ask for no partial pictures unless a test sends some."""
    provider.partials.put_nowait(None)

    def make(**more: object) -> PictureWish:
        return wishing(**{"format": PictureFormat.PNG} | more)

    return make


async def given(person_id: UUID, **what: Any) -> UUID:
    upload = Upload(name="holiday.png", data=picture(**what))
    return (await creations.give(person_id=person_id, upload=upload)).id


@pytest.mark.both_databases
async def test_a_picture_that_is_given_is_made_anew_and_sealed(
    somebody: UUID, studio: None
) -> None:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where we were"
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    view = await creations.give(
        person_id=somebody, upload=Upload(name="holiday.jpg", data=out.getvalue())
    )

    assert (view.name, view.origin, view.creation_id) == ("holiday.jpg", "given", None)
    assert (view.width_px, view.height_px, view.has_thumbnail) == (64, 48, True)
    assert b"where we were" not in await bytes_of(somebody, view.id, "file")
    assert b"holiday" not in bytes((await Asset.objects.aget()).name_sealed)
    assert await spent(somebody) == 0


async def test_what_is_no_picture_or_too_large_is_not_taken(
    somebody: UUID, studio: None, settings: Any
) -> None:
    before = stored_files()
    for data in (b"", b"%PDF-1.7", picture()[:40]):
        with pytest.raises(UnreadableAttachment):
            await creations.give(person_id=somebody, upload=Upload(name="x.png", data=data))
    too_large = bytes(settings.BLUEGPT.chat.attachment_bytes_max + 1)
    with pytest.raises(AttachmentTooLarge):
        await creations.give(person_id=somebody, upload=Upload(name="x.png", data=too_large))

    assert not await Asset.objects.aexists()
    assert stored_files() == before


async def test_a_wish_works_from_pictures_and_changes_what_the_mask_leaves_open(
    wish: Wishing, provider: Studio, somebody: UUID
) -> None:
    first, second = await given(somebody), await given(somebody, colour="blue", form="JPEG")

    call = await drawn(wish(input_ids=(first, second), mask=mask_of((64, 48)), seed=7))

    assert call.state == "complete"
    [request] = provider.requests
    assert [(part.width_px, part.height_px) for part in request.references] == [(64, 48)] * 2
    assert request.seed == 7
    with Image.open(BytesIO(request.mask)) as mask:
        alpha = mask.getchannel("A")
        assert (mask.size, alpha.getpixel((0, 0)), alpha.getpixel((20, 20))) == ((64, 48), 0, 255)
    creation = await Creation.objects.aget()
    assert creation.input_ids == [str(first), str(second)]
    assert creation.settings["has_mask"] is True
    again = await in_thread(wish_of, person_id=somebody, creation_id=creation.id)
    assert (again.input_ids, again.mask, again.seed) == ((first, second), b"", 7)
    assert (again.text, again.model_key) == ("A red house", call.model_key)


async def test_a_mask_that_does_not_fit_is_refused_before_anything_is_held(
    wish: Wishing, somebody: UUID
) -> None:
    asset_id = await given(somebody)
    for mask in (mask_of((48, 64)), mask_of((64, 48), alpha=255), b"no picture", picture()):
        with pytest.raises(UnusableMask):
            await creations.draw(wish(input_ids=(asset_id,), mask=mask))
    with pytest.raises(UnusableMask):
        await creations.draw(wish(mask=mask_of((64, 48))))

    assert not await Call.objects.aexists()


async def test_nobody_works_from_a_picture_of_somebody_else(
    wish: Wishing, somebody: UUID, provider: Studio
) -> None:
    asset_id = await given(somebody)
    await Asset.objects.filter(id=asset_id).aupdate(person_id=await _stranger())

    for act in (creations.draw, creations.quote):
        with pytest.raises(UnknownAsset):
            await act(wish(input_ids=(asset_id,)))


async def _stranger() -> UUID:
    return (await Person.objects.acreate(email="stranger@example.org")).id


@pytest.mark.parametrize(
    "more",
    [
        {"number": 5},
        {"background": "transparent"},
        {"style": "natural"},
    ],
)
async def test_what_a_model_cannot_be_told_is_refused_by_name(
    wish: Wishing, more: dict[str, object]
) -> None:
    for act in (creations.draw, creations.quote):
        with pytest.raises(SettingNotOffered):
            await act(wish(**more))

    assert not await Call.objects.aexists()


async def test_seeds_masks_and_pictures_are_for_models_that_have_them(
    wishing: Wishing, somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = catalogue.model
    monkeypatch.setattr(
        catalogue, "model", lambda key: replace(found(key), drawing=DrawingSkills())
    )
    asset_id = await given(somebody)
    for more in ({"seed": 1}, {"input_ids": (asset_id,)}):
        with pytest.raises(SettingNotOffered):
            await creations.draw(wishing(**more))


@pytest.mark.both_databases
async def test_the_quote_is_what_is_held_and_needs_no_words(
    wish: Wishing, wishing: Wishing, somebody: UUID
) -> None:
    asset_id = await given(somebody)
    told = await creations.quote(wish(number=2, input_ids=(asset_id,)))
    alone = await creations.quote(wish(number=2))
    silent = await creations.quote(wish(text="", number=2))
    asked = await creations.draw(wish(number=2, input_ids=(asset_id,)))

    assert told.amount_microcredits == asked.ceiling_microcredits > alone.amount_microcredits
    assert 0 < silent.amount_microcredits <= alone.amount_microcredits
    assert told.each_microcredits * 2 - told.amount_microcredits in (0, 1)
    by_the_piece = await creations.quote(wishing(model_key=SKETCHER, quality="auto", number=4))
    assert by_the_piece.each_microcredits * 4 == by_the_piece.amount_microcredits
    with pytest.raises(EmptyMessage):
        await creations.draw(wish(text=" "))
    await live.finished(person_id=somebody, call_id=asked.call_id)


async def test_a_quote_beyond_the_balance_is_told_and_the_wish_refused(
    wish: Wishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    dear = replace(SKILLS, number_max=8)
    found = catalogue.model
    monkeypatch.setattr(catalogue, "model", lambda key: replace(found(key), drawing=dear))
    monkeypatch.setattr(drawing, "drawn_bound", lambda *_a, **_m: 10_000_000)

    told = await creations.quote(wish(number=8))
    with pytest.raises(InsufficientCredits) as refused:
        await creations.draw(wish(number=8))

    assert refused.value.needed_microcredits == told.amount_microcredits
    assert not await Call.objects.aexists()


async def test_followers_see_the_newest_unfinished_picture_and_then_the_end(
    wishing: Wishing, provider: Studio, somebody: UUID
) -> None:
    def partial(colour: str) -> PartialPicture:
        return PartialPicture(place=0, data=picture(colour))

    asked = await creations.draw(wishing(format=PictureFormat.PNG, quality="high"))
    seen: list[MakingEvent] = []

    async def watch() -> None:
        async for event in creations.follow(person_id=somebody, call_id=asked.call_id):
            seen.append(event)

    early = asyncio.create_task(watch())
    provider.partials.put_nowait(partial("red"))
    while not seen:
        await asyncio.sleep(0.005)
    provider.partials.put_nowait(PartialPicture(place=0, data=b"not a picture"))
    provider.partials.put_nowait(partial("blue"))
    while len(seen) < 2:
        await asyncio.sleep(0.005)
    late = creations.follow(person_id=somebody, call_id=asked.call_id)
    [shown] = (await anext(late)).partials
    provider.partials.put_nowait(None)
    last = await anext(late)
    await early

    with Image.open(BytesIO(shown.data)) as small:
        red, _green, blue = small.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert (small.format, blue > 200, red < 50) == ("WEBP", True, True)
    assert last.creation is not None
    assert last.creation.call is not None
    assert last.creation.call.state == "complete"
    assert len(last.creation.assets) == 1
    assert [len(event.partials) for event in seen] == [1, 1, 0]
    assert provider.requests[0].partials == 2


async def test_a_stop_ends_the_work_and_costs_nothing(
    wishing: Wishing, provider: Studio, somebody: UUID
) -> None:
    asked = await creations.draw(wishing(format=PictureFormat.PNG, quality="high"))
    while not provider.requests:
        await asyncio.sleep(0.005)
    await live.stop(person_id=somebody, call_id=asked.call_id)

    assert (await Call.objects.aget()).state == "stopped"
    assert await spent(somebody) == 0
    assert not await Asset.objects.aexists()


@pytest.mark.parametrize(
    "files",
    [
        (),
        (picture(size=(64, 64)),),
        (picture(size=(1024, 1024), form="JPEG"),),
        (picture(size=(1024, 1024))[:200],),
        (picture(size=(1024, 1024)),) * 2,
    ],
    ids=["none", "another size", "another format", "cut short", "too many"],
)
async def test_what_was_not_asked_for_is_not_kept_and_not_paid(
    wish: Wishing, provider: Studio, somebody: UUID, files: tuple[bytes, ...]
) -> None:
    provider.files = files
    call = await drawn(wish())

    assert (call.state, call.error_code) == ("failed", "malformed_reply")
    assert await spent(somebody) == 0
    assert not await Asset.objects.aexists()


async def test_a_refused_prompt_is_shown_as_such(
    wish: Wishing, provider: Studio, somebody: UUID
) -> None:
    provider.error = RequestRejected()
    call = await drawn(wish())

    assert (call.state, call.error_code) == ("failed", "provider_rejected")
    assert call.error_sentence
    assert await spent(somebody) == 0


@pytest.mark.both_databases
async def test_the_same_form_sent_twice_asks_once(wish: Wishing, provider: Studio) -> None:
    key = new_id()
    both = await asyncio.gather(*(creations.draw(wish(request_key=key)) for _twice in range(2)))

    assert both[0].call_id == both[1].call_id == key
    assert await Creation.objects.acount() == 1
    await live.finished(person_id=wish().person_id, call_id=key)
    assert len(provider.requests) == 1


async def test_a_variation_is_a_wish_that_works_from_the_picture(
    wish: Wishing, somebody: UUID, provider: Studio
) -> None:
    await drawn(wish())
    made = await Asset.objects.aget()
    varied = await in_thread(
        variation_of, person_id=somebody, asset_id=made.id, model_key="sandbox/painter"
    )
    provider.partials.put_nowait(None)
    call = await drawn(replace(varied, size="1024x1024"))

    assert call.state == "complete"
    assert len(provider.requests[1].references) == 1
