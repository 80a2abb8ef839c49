"""Pictures from providers: looked at within bounds, and never written anew."""

from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.adapters.decoding import NotAPicture, opened

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
        with opened(data, formats=tuple(_NAMES.values()), pixels_max=PIXELS_MAX) as picture:
            if picture.format != _NAMES[format]:
                raise NotThatPicture("another format than was asked for")
            found = f"{picture.width}x{picture.height}"
            if size not in (AUTO, found):
                raise NotThatPicture("another size than was asked for")
            picture.load()
            return found
    except NotAPicture as wrong:
        raise NotThatPicture(str(wrong)) from None
