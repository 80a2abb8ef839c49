"""Pictures that are kept: drawn, sealed, settled, and shown to nobody but their owner."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from PIL import Image

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import verification
from bluegpt.studio.errors import UnknownAsset
from bluegpt.studio.flows import assets, creations, drawing, live
from bluegpt.studio.jobs import settle_interrupted
from bluegpt.studio.models import Asset, Call, Creation, MadeFile, Message
from bluegpt.studio.queries.opened import open_text
from bluegpt.studio.services import creations as creation_services
from bluegpt.studio.types.calls import CallState, CallView
from bluegpt.studio.types.media import PictureWish
from tests.studio.wishing import bytes_of, drawn, spent, stored_files, wishing

__all__ = ["wishing"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.mark.both_databases
async def test_pictures_are_kept_sealed_with_their_wish(
    wishing: Callable[..., PictureWish], somebody: UUID
) -> None:
    before = set(stored_files())
    call = await drawn(wishing(number=2))

    creation = await Creation.objects.aget()
    rows = [row async for row in Asset.objects.order_by("place")]
    assert (call.state, creation.call_id, len(rows)) == ("complete", call.id, 2)
    assert await spent(somebody) == call.charged_microcredits > 0
    assert creation.settings["number"] == 2
    assert b"red house" not in bytes(creation.prompt_sealed)
    prompt = await in_thread(
        open_text,
        creation.prompt_sealed,
        person_id=somebody,
        place="creation.prompt",
        row_id=creation.id,
    )
    assert prompt == "A red house"
    for place, row in enumerate(rows):
        assert (row.place, row.media_type, row.width_px) == (place, "image/jpeg", 1024)
        file = await bytes_of(somebody, row.id, "file")
        assert len(file) == row.size_bytes
        with Image.open(BytesIO(file)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (1024, 1024))
        assert b"trainedAlgorithmicMedia" in file
        assert await MadeFile.objects.filter(digest=sha256(file).hexdigest()).aexists()
        with Image.open(BytesIO(await bytes_of(somebody, row.id, "thumbnail"))) as small:
            assert (small.format, small.size) == ("WEBP", (512, 512))
    assert len(set(stored_files()) - before) == 4
    assert not await Message.objects.aexists()
    assert not (await Call.objects.aget()).is_temporary


async def test_nobody_else_reads_them(wishing: Callable[..., PictureWish], somebody: UUID) -> None:
    await drawn(wishing())
    row = await Asset.objects.aget()

    for asked in ({"person_id": new_id()}, {"part": "poster"}, {"asset_id": new_id()}):
        told = {"person_id": somebody, "asset_id": row.id, "part": "file"} | asked
        with pytest.raises(UnknownAsset):
            await assets.read(**told)  # type: ignore[arg-type]


@pytest.mark.both_databases
async def test_what_cannot_be_stored_costs_nothing_and_leaves_nothing(
    wishing: Callable[..., PictureWish], somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = assets.put
    count = 0

    async def full(*args: object, **more: object) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError("no space left")
        await put(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(assets, "put", full)
    before = set(stored_files())
    call = await drawn(wishing(number=2))

    assert (call.state, call.error_code) == ("failed", "internal")
    assert await spent(somebody) == 0
    assert not await Asset.objects.aexists()
    assert set(stored_files()) == before


@pytest.mark.both_databases
async def test_a_dead_process_leaves_no_file_and_no_charge(
    wishing: Callable[..., PictureWish], somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(stored_files())

    async def dies(*_args: object, **_more: object) -> None:
        raise RuntimeError("as if the process had ended here")

    monkeypatch.setattr(drawing, "end", dies)
    asked = await creations.draw(wishing())
    made = live.house.find(asked.call_id)
    assert made is not None
    assert made.task is not None
    with pytest.raises(RuntimeError):
        await made.task
    live.house.leave(made)
    assert len(set(stored_files()) - before) == 2

    await Call.objects.aupdate(lease_until="2026-01-01T00:00:00Z")
    await sync_to_async(settle_interrupted)()

    assert (await Call.objects.aget()).state == "interrupted"
    assert await spent(somebody) == 0
    assert not await Asset.objects.aexists()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("switches", "code"),
    [
        ("error=500", "provider_down"),
        ("error=429", "provider_busy"),
        ("refuse", "prompt_refused"),
        ("picture=wrong_size", "malformed_reply"),
        ("picture=corrupt", "malformed_reply"),
        ("picture=fewer", "stream_cut"),  # the last of the stream never comes
        ("malformed_after=0", "malformed_reply"),
        ("cut_after=0", "stream_cut"),
    ],
)
async def test_what_fails_is_shown_and_neither_kept_nor_paid(
    wishing: Callable[..., PictureWish], somebody: UUID, switches: str, code: str
) -> None:
    before = set(stored_files())
    call = await drawn(wishing(switches=switches, size="512x512", number=2))

    assert (call.state, call.error_code) == ("failed", code)
    assert call.error_sentence
    assert await Creation.objects.acount() == 1
    assert not await Asset.objects.aexists()
    assert await spent(somebody) == 0
    assert set(stored_files()) == before


@pytest.mark.both_databases
@pytest.mark.parametrize("usage", ["missing", "zero", "negative", "absurd", "contradictory"])
async def test_pictures_with_a_doubtful_count_are_kept_and_not_charged_yet(
    wishing: Callable[..., PictureWish], somebody: UUID, usage: str
) -> None:
    call = await drawn(wishing(switches=f"usage={usage}", size="512x512"))

    assert (call.state, call.cost_is_in_doubt) == ("complete", True)
    assert call.charged_microcredits == 0
    assert await Asset.objects.acount() == 1
    findings = await in_thread(lambda: list(verification.verify()))
    assert not [finding for finding in findings if finding.is_broken]


async def test_unfinished_pictures_of_the_wire_reach_whoever_follows(
    wishing: Callable[..., PictureWish], somebody: UUID
) -> None:
    asked = await creations.draw(wishing(quality="high"))
    events = creations.follow(person_id=somebody, call_id=asked.call_id)
    heard = [event async for event in events]

    assert heard[-1].creation is not None
    assert len(heard[-1].creation.assets) == 1
    for event in heard[:-1]:
        for partial in event.partials:
            with Image.open(BytesIO(partial.data)) as small:
                assert (small.format, max(small.size) <= 512) == ("WEBP", True)
    assert len(heard) > 1
    assert await spent(somebody) <= asked.ceiling_microcredits


@pytest.mark.both_databases
async def test_a_stop_that_comes_while_it_is_settled_cuts_nothing_off(
    wishing: Callable[..., PictureWish], somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, end = asyncio.get_running_loop(), creation_services.end
    stops: list[asyncio.Task[None] | None] = []

    def end_while_stopped(**what: Any) -> CallView:
        made = live.house.find(what["call_id"])
        assert made is not None
        stopping = asyncio.run_coroutine_threadsafe(_stop(made, stops), loop)
        stopping.result()
        return end(**what)

    monkeypatch.setattr(creation_services, "end", end_while_stopped)
    call = await drawn(wishing(size="512x512"))

    assert stops != [None]
    assert call.state == "complete"
    assert await Asset.objects.acount() == 1
    assert await spent(somebody) == call.charged_microcredits > 0


async def _stop(made: live.LiveAnswer, stops: list[asyncio.Task[None] | None]) -> None:
    stops.append(live.interrupt(made, CallState.STOPPED))
