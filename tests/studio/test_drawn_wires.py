"""Pictures of models that choose format and size themselves, and refusals that are billed."""

from collections.abc import Callable
from uuid import UUID

import pytest

from bluegpt.studio.models import Asset, Call
from bluegpt.studio.types.media import PictureWish
from tests.studio.wishing import drawn, spent, wishing

__all__ = ["wishing"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.mark.parametrize(
    ("model_key", "size", "kept"),
    [
        ("sandbox/muralist", "512x512", ("image/png", 512, 512)),
        ("sandbox/cartoonist", "1344x768", ("image/jpeg", 1376, 768)),
    ],
)
async def test_what_the_model_chooses_is_kept_as_it_is(
    wishing: Callable[..., PictureWish],
    somebody: UUID,
    model_key: str,
    size: str,
    kept: tuple[str, int, int],
) -> None:
    wish = wishing(model_key=model_key, size=size, quality="standard", number=2)

    call = await drawn(wish)

    assert call.state == "complete", call
    rows = [row async for row in Asset.objects.all()]
    assert [(row.media_type, row.width_px, row.height_px) for row in rows] == [kept] * 2
    assert await spent(somebody) == call.charged_microcredits > 0


@pytest.mark.parametrize(
    ("model_key", "switch", "code", "is_billed"),
    [
        ("sandbox/painter", "refuse", "prompt_refused", False),
        ("sandbox/muralist", "refuse=filter", "prompt_refused", True),
        ("sandbox/muralist", "picture=fewer", "no_picture", True),
        ("sandbox/cartoonist", "refuse", "prompt_refused", False),
        ("sandbox/cartoonist", "refuse=filter", "prompt_refused", True),
    ],
)
async def test_a_refusal_is_charged_as_the_provider_charges_it(
    wishing: Callable[..., PictureWish],
    somebody: UUID,
    model_key: str,
    switch: str,
    code: str,
    is_billed: bool,
) -> None:
    quality = "low" if "painter" in model_key else "standard"
    call = await drawn(wishing(model_key=model_key, switches=switch, quality=quality))

    assert (call.state, call.error_code) == ("failed", code)
    assert (call.charged_microcredits > 0) is is_billed
    assert await spent(somebody) == call.charged_microcredits
    assert not await Asset.objects.aexists()
    row = await Call.objects.aget()
    assert (row.usage_source == "final") is is_billed
