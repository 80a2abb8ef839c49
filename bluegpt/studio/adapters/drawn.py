"""Pictures from providers: looked at within bounds, and never written anew."""

from dataclasses import dataclass

from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.adapters.decoding import NotAPicture, opened

BYTES_MAX = 40_000_000
PIXELS_MAX = 20_000_000
_FORMATS = {"PNG": PictureFormat.PNG, "JPEG": PictureFormat.JPEG, "WEBP": PictureFormat.WEBP}


class NotThatPicture(Exception):
    """Broken, in another format or size than was asked for, or beyond the bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePicture:
    """What a picture is by its content; `size` as "1024x1536"."""

    format: PictureFormat
    size: str


def read_whole(data: bytes, *, format: PictureFormat | None, size: str) -> WholePicture:
    """What a picture is, once every pixel of it was read. Format None and size AUTO ask nothing.

    Raises NotThatPicture; its words say why and hold nothing of the picture.
    """
    if len(data) > BYTES_MAX:
        raise NotThatPicture("more bytes than any picture has")
    try:
        with opened(data, formats=tuple(_FORMATS), pixels_max=PIXELS_MAX) as picture:
            found_format = _FORMATS[str(picture.format)]
            if format not in (None, found_format):
                raise NotThatPicture("another format than was asked for")
            found = f"{picture.width}x{picture.height}"
            if size not in (AUTO, found):
                raise NotThatPicture("another size than was asked for")
            picture.load()
            return WholePicture(format=found_format, size=found)
    except NotAPicture as wrong:
        raise NotThatPicture(str(wrong)) from None
