"""Pictures from providers: looked at within bounds, and never written anew."""

import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from bluegpt.providers.types.pictures import AUTO, PictureFormat

BYTES_MAX = 40_000_000
PIXELS_MAX = 20_000_000
_NAMES = {PictureFormat.PNG: "PNG", PictureFormat.JPEG: "JPEG", PictureFormat.WEBP: "WEBP"}


class NotThatPicture(Exception):
    """Broken, in another format or size than was asked for, or beyond the bounds."""


def size_of_whole(data: bytes, *, format: PictureFormat, size: str) -> str:
    """The size of a picture, "1024x1536", once every pixel of it was read.

    Raises NotThatPicture; its words say why and hold nothing of the picture.
    """
    if len(data) > BYTES_MAX:
        raise NotThatPicture("more bytes than any picture has")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(_NAMES.values())) as opened:
                if opened.format != _NAMES[format]:
                    raise NotThatPicture("another format than was asked for")
                found = f"{opened.width}x{opened.height}"
                if size not in (AUTO, found):
                    raise NotThatPicture("another size than was asked for")
                if opened.width * opened.height > PIXELS_MAX:
                    raise NotThatPicture("more pixels than any picture has")
                opened.load()
                return found
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,  # Pillow's word for a broken PNG
        ValueError,
    ) as wrong:
        raise NotThatPicture(f"not a whole picture ({type(wrong).__name__})") from None
