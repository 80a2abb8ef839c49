"""A picture made as large as a film."""

from io import BytesIO

import pytest
from PIL import Image

from bluegpt.providers.adapters import fitting
from bluegpt.providers.adapters.fitting import fitted
from bluegpt.providers.errors import RequestRejected
from bluegpt.providers.types.turns import ImagePart


def picture(width: int, height: int, *, kind: str = "PNG") -> ImagePart:
    file = BytesIO()
    with Image.new("RGB", (width, height), "#00a000") as drawn:
        drawn.paste("#d00000", (width // 4, 0, 3 * width // 4, height))
        drawn.save(file, kind)
    media_type = f"image/{kind.lower()}"
    return ImagePart(media_type=media_type, data=file.getvalue(), width_px=width, height_px=height)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_the_middle_is_cut_out(kind: str) -> None:
    cut = await fitted(picture(400, 100, kind=kind), size="64x36")

    with Image.open(BytesIO(cut.data)) as opened:
        assert (opened.format, opened.size) == ("PNG", (64, 36))
        colour = opened.getpixel((1, 18))
    assert (cut.media_type, cut.width_px, cut.height_px) == ("image/png", 64, 36)
    assert isinstance(colour, tuple)
    assert colour[0] > colour[1], "the sides, which are green, are gone"


async def test_what_fits_stays_as_it_is() -> None:
    given = picture(64, 36)

    assert await fitted(given, size="64x36") is given


async def test_what_is_too_large_or_no_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "PIXELS_MAX", 1_000)
    broken = ImagePart(media_type="image/png", data=b"no picture", width_px=1, height_px=1)

    for given in (picture(100, 100), broken):
        with pytest.raises(RequestRejected):
            await fitted(given, size="64x36")
