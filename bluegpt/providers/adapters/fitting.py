"""A picture made as large as a film: where a wire takes no other."""

import asyncio
from io import BytesIO

from PIL import Image, ImageOps

from bluegpt.providers.errors import RequestRejected
from bluegpt.providers.types.turns import ImagePart

PIXELS_MAX = 40_000_000


async def fitted(picture: ImagePart, *, size: str) -> ImagePart:
    """The middle of the picture in that size, "1280x720", as PNG; itself when it has it already.

    Raises RequestRejected for what cannot be decoded.
    """
    width, height = map(int, size.split("x"))
    if (picture.width_px, picture.height_px) == (width, height):
        return picture
    data = await asyncio.to_thread(_fitted, picture.data, (width, height))
    return ImagePart(media_type="image/png", data=data, width_px=width, height_px=height)


def _fitted(data: bytes, size: tuple[int, int]) -> bytes:
    out = BytesIO()
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as given:
            if given.width * given.height > PIXELS_MAX:
                raise _unusable("a picture beyond all bounds")
            ImageOps.fit(given.convert("RGB"), size).save(out, "PNG", compress_level=3)
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as wrong:
        raise _unusable(f"the picture cannot be decoded: {type(wrong).__name__}") from None
    return out.getvalue()


def _unusable(why: str) -> RequestRejected:
    error = RequestRejected()
    error.add_note(why)
    return error
