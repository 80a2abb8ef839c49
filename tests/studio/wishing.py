"""Wishes for pictures, and what tests ask of those that came of them."""

from collections.abc import Callable
from uuid import UUID

import pytest

from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import verification
from bluegpt.credits.queries.balances import balance
from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.flows import assets, creations, live
from bluegpt.studio.types.calls import CallView
from bluegpt.studio.types.media import PictureWish
from bluegpt.vault.services import files as vault_files
from tests.studio.conftest import GRANTED_MICROCREDITS

PAINTER, SKETCHER = "sandbox/painter", "sandbox/sketcher"


@pytest.fixture
def wishing(somebody: UUID, studio: None) -> Callable[..., PictureWish]:
    """A wish of somebody, to the sandbox's painter unless told otherwise."""

    def wish(text: str = "A red house", *, switches: str = "", **more: object) -> PictureWish:
        told = {
            "person_id": somebody,
            "model_key": PAINTER,
            "text": f"{text}\nsandbox: {switches}" if switches else text,
            "number": 1,
            "size": "1024x1024",
            "quality": "low",
            "background": "auto",
            "format": PictureFormat.JPEG,
        }
        return PictureWish(**told | more)  # type: ignore[arg-type]

    return wish


async def drawn(wish: PictureWish) -> CallView:
    """The record of the call once it has ended."""
    asked = await creations.draw(wish)
    call = await live.finished(person_id=wish.person_id, call_id=asked.call_id)
    made = live.house.find(asked.call_id)
    if made is not None and made.task is not None:
        await made.task
    return call


async def bytes_of(person_id: UUID, asset_id: UUID, part: assets.Part) -> bytes:
    view, reader = await assets.read(person_id=person_id, asset_id=asset_id, part=part)
    data = b"".join([chunk async for chunk in reader(0, view.size_bytes)])
    assert len(data) == view.size_bytes
    return data


async def spent(person_id: UUID) -> int:
    left = await in_thread(balance, person_id)
    assert left.held_microcredits == 0
    findings = await in_thread(lambda: list(verification.verify()))
    assert not [finding for finding in findings if finding.is_broken]
    return GRANTED_MICROCREDITS - left.available_microcredits


def stored_files() -> list[str]:
    return list(vault_files.every_key())
